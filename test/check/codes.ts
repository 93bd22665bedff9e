// Every code a check may use. In: the source of the findings. Out: codes, and the page that explains each.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { FindingCode } from '../../src/check/finding.ts';

const source = readFileSync(join(import.meta.dirname, '../../src/check/finding.ts'), 'utf8');
const quotedIn = (declaration: RegExp): readonly string[] =>
  [...(declaration.exec(source)?.[1] ?? '').matchAll(/'([^']+)'/g)].map(([, text]) => text ?? '');

export const objectKinds = quotedIn(/export type ObjectKind =([\s\S]*?);/);
const families = ['drift', 'model'].flatMap((area) =>
  ['missing', 'extra', 'changed'].map((side) => ({ area, side })),
);

/** A namespace is a name: it has no other form. */
const impossible: ReadonlySet<string> = new Set(['drift/changed-namespace', 'model/changed-namespace']);

export const codes: readonly FindingCode[] = [
  ...quotedIn(/export type FindingCode =([\s\S]*?);/),
  ...families.flatMap(({ area, side }) => objectKinds.map((kind) => `${area}/${side}-${kind}`)),
].filter((code): code is FindingCode => !impossible.has(code));

/** `docs/findings/` has one page for each code, and one for each family of drift and models. */
export function pageOf(code: FindingCode): string {
  const family = families.find(({ area, side }) => code.startsWith(`${area}/${side}-`));
  return family ? `${family.area}-${family.side}.md` : `${code.replace('/', '-')}.md`;
}
