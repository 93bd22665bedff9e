// Two schemas, part by part: what is missing, what differs, what is extra. Settled by structure alone.
// In: normalised schemas. Out: Difference[]. Must not know a dialect or a database.

import { canonicalJson } from '../kernel/hash.ts';
import type { Part, PartIndex } from '../schema/parts.ts';
import { findPart, indexParts, schemaParts } from '../schema/parts.ts';
import type { Schema } from '../schema/schema.ts';

/** `unsure`: equal but for the text of expressions, which only a server can settle. */
export type Equality = 'equal' | 'unsure' | 'different';

/** One difference: `wanted` only is missing, `actual` only is extra, both is changed. */
export interface Difference {
  readonly kind: 'missing' | 'changed' | 'unsure' | 'extra';
  readonly wanted: Part | null;
  readonly actual: Part | null;
}

type Json = Readonly<Record<string, unknown>>;

/** A form without its name, where either side is unnamed. */
function nameless(form: object): object {
  return { ...form, name: null };
}

/** A form with every SQL text replaced by the same mark; a native type is no expression. */
function textless(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(textless);
  if (typeof value !== 'object' || value === null) return value;
  const members = Object.entries(value as Json).map(([key, member]) => {
    const isText = (key === 'sql' || key === 'where' || key === 'onUpdate') && typeof member === 'string';
    return [key, isText && (value as Json)['kind'] !== 'native' ? '?' : textless(member)];
  });
  return Object.fromEntries(members);
}

/** How two forms of one part compare. The name counts only where both sides have one. */
export function compareParts(a: Part, b: Part): Equality {
  const named = a.name !== null && b.name !== null && !isUnnamedKey(a) && !isUnnamedKey(b);
  const [left, right] = named ? [a.form, b.form] : [nameless(a.form), nameless(b.form)];
  if (canonicalJson(left) === canonicalJson(right)) return 'equal';
  return canonicalJson(textless(left)) === canonicalJson(textless(right)) ? 'unsure' : 'different';
}

/** A primary key is found without its name; its name counts only if it has one. */
function isUnnamedKey(part: Part): boolean {
  return part.kind === 'primary-key' && (part.form as { readonly name: string | null }).name === null;
}

/** The differences between what should be and what is. */
export function compareIndexes(
  wanted: readonly Part[],
  actual: readonly Part[],
  actualIndex: PartIndex,
): readonly Difference[] {
  const matched = new Set<Part>();
  const differences: Difference[] = [];
  for (const one of wanted) {
    const found = findPart(actualIndex, one);
    if (!found) {
      differences.push({ kind: 'missing', wanted: one, actual: null });
      continue;
    }
    matched.add(found);
    const equality = compareParts(one, found);
    if (equality !== 'equal')
      differences.push({ kind: equality === 'unsure' ? 'unsure' : 'changed', wanted: one, actual: found });
  }
  for (const one of actual)
    if (!matched.has(one)) differences.push({ kind: 'extra', wanted: null, actual: one });
  return differences;
}

/** The differences between two normalised schemas. */
export function compareSchemas(wanted: Schema, actual: Schema): readonly Difference[] {
  const parts = schemaParts(actual);
  return compareIndexes(schemaParts(wanted), parts, indexParts(parts));
}
