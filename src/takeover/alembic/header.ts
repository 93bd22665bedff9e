// The head of a version file: who it is, and what it builds on.
// In: Python. Out: VersionHeader, or why it is none. Must not know what it does.

import type { Module } from '../python/tree.ts';
import { lineAt } from '../python/tree.ts';
import type { Scope, Value } from './value.ts';

/** What a version file says of itself. Ids as they are written. */
export interface VersionHeader {
  readonly revision: string;
  readonly revises: readonly string[];
  readonly labels: readonly string[];
  readonly dependsOn: readonly string[];
  readonly message: string;
  /** ISO 8601, UTC. */
  readonly createdAt: string | null;
  /** The line of `down_revision`. */
  readonly line: number;
}

/** One text, several, or none; `null`: something else. */
function textsOf(value: Value | undefined): readonly string[] | null {
  if (value === undefined || (value.kind === 'constant' && value.value === null)) return [];
  if (value.kind === 'constant') return typeof value.value === 'string' ? [value.value] : null;
  if (value.kind !== 'sequence') return null;
  const texts = value.items.map((one) =>
    one.kind === 'constant' && typeof one.value === 'string' ? one.value : null,
  );
  return texts.every((one) => one !== null) ? texts : null;
}

function docOf(module: Module): string {
  const [first] = module.statements;
  const isText = first?.kind === 'expression' && first.value.kind === 'constant';
  return isText && typeof first.value.value === 'string' ? first.value.value : '';
}

function dateOf(doc: string): string | null {
  const [, date, time, zone] =
    /^\s*Create Date:\s*(\d{4}-\d\d-\d\d)[ T](\d\d:\d\d(?::\d\d)?)(?:\.\d+)?\s*(Z|[+-]\d\d:?\d\d)?/im.exec(
      doc,
    ) ?? [];
  if (date === undefined || time === undefined) return null;
  const instant = new Date(`${date}T${time}${zone ?? 'Z'}`);
  return Number.isNaN(instant.getTime()) ? null : `${instant.toISOString().slice(0, 19)}Z`;
}

const messageOf = (doc: string): string => {
  const [first = ''] = doc.trim().split(/\n\s*\n|\n(?=\s*(?:Revision ID|Revises|Create Date):)/i);
  return /^(Revision ID|Revises|Create Date):/i.test(first) ? '' : first.replaceAll(/\s+/g, ' ').trim();
};

/** The head of a version file; a text says why the file is none; `null`: it has nothing to do with versions. */
export function readVersionHeader(module: Module, scope: Scope): VersionHeader | string | null {
  if (!scope.names.has('revision') && !scope.names.has('down_revision')) return null;
  const [revision] = textsOf(scope.names.get('revision')) ?? [];
  if (revision === undefined || revision === '') return 'its revision is not a constant';
  const parts = ['down_revision', 'branch_labels', 'depends_on'].map((name) =>
    textsOf(scope.names.get(name)),
  );
  const [revises, labels, dependsOn] = parts;
  if (!revises || !labels || !dependsOn)
    return 'its down_revision, branch_labels or depends_on is not a constant';
  const assignment = module.statements.find(
    (one) =>
      one.kind === 'assign' &&
      one.targets.some((target) => target.kind === 'name' && target.name === 'down_revision'),
  );
  const doc = docOf(module);
  return {
    revision,
    revises,
    labels,
    dependsOn,
    message: messageOf(doc),
    createdAt: dateOf(doc),
    line: assignment ? lineAt(module.text, assignment.from) : 1,
  };
}
