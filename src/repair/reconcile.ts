// Findings become operations: what brings the server to what history says.
// In: live and expected schema, their differences. Out: operations, those that would destroy data kept apart.
// Must not ask a database.

import type { Difference } from '../diff/compare.ts';
import { diff } from '../diff/diff.ts';
import type { Operation } from '../operations/operation.ts';
import type { SchemaDraft } from '../schema/draft.ts';
import { closeDraft, openDraft } from '../schema/draft.ts';
import type { PartMap } from '../schema/part-map.ts';
import type { Part } from '../schema/parts.ts';
import type { Schema, Table } from '../schema/schema.ts';
import { refKey } from '../schema/schema.ts';

/** What is destroyed only where it is named: the word for `--allow`. */
export type Allowance = 'drop-column' | 'drop-table' | 'drop-sequence' | 'drop-enum';

const needed: Readonly<Partial<Record<Operation['kind'], Allowance>>> = {
  dropColumn: 'drop-column',
  dropTable: 'drop-table',
  dropSequence: 'drop-sequence',
  dropEnum: 'drop-enum',
};

export interface Reconciliation {
  readonly operations: readonly Operation[];
  /** What is not done without an allowance. */
  readonly withheld: readonly { readonly operation: Operation; readonly allowance: Allowance }[];
  /** What no operation can change. */
  readonly inexpressible: readonly { readonly object: string; readonly reason: string }[];
}

export interface ReconcileInput {
  readonly live: Schema;
  readonly expected: Schema;
  /** Settled: what is left differs. */
  readonly differences: readonly Difference[];
  /** The revision that named a part, by key; what none named is left alone. */
  readonly named: ReadonlyMap<string, string>;
  readonly allow: ReadonlySet<string>;
}

const isNamed = (part: Part, named: ReadonlyMap<string, string>): boolean =>
  named.has(part.key) || named.has(`${part.slot}\u0001~`);

/** Which list of a table a part of that kind stands in. */
const lists = {
  column: 'columns',
  unique: 'uniques',
  'foreign-key': 'foreignKeys',
  check: 'checks',
  index: 'indexes',
} as const;

function withPart(table: Table, part: Part): Table {
  if (part.kind === 'comment')
    return { ...table, comment: (part.form as { readonly comment: string }).comment };
  if (part.kind === 'primary-key')
    return { ...table, primaryKey: part.form as NonNullable<Table['primaryKey']> };
  const list = lists[part.kind as keyof typeof lists];
  return list === undefined ? table : { ...table, [list]: [...table[list], part.form] };
}

/** Takes a part of the live schema into the target: it is nobody's business but the user's. */
function keep(target: SchemaDraft, part: Part, live: SchemaDraft): void {
  const key = refKey(part.owner);
  const table = target.tables.get(key);
  if (part.kind === 'namespace') target.namespaces.add(part.owner.name);
  else if (part.kind === 'table') copyWhole(target, live, key);
  else if (part.kind in lists || part.kind === 'comment' || part.kind === 'primary-key') {
    if (table) target.tables.set(key, withPart(table, part));
  } else copyObject(target, live, part);
}

function copyWhole(target: SchemaDraft, live: SchemaDraft, key: string): void {
  const table = live.tables.get(key);
  if (table) target.tables.set(key, table);
}

const objects = {
  enum: 'enums',
  sequence: 'sequences',
  view: 'views',
  routine: 'routines',
  trigger: 'triggers',
} as const;

function copyObject(target: SchemaDraft, live: SchemaDraft, part: Part): void {
  const kind = objects[part.kind as keyof typeof objects];
  for (const [key, object] of live[kind]) {
    if (object === part.form) (target[kind] as PartMap<unknown>).set(key, object);
  }
}

/** What the server should be: what history says, and besides what history never named. */
export function repairTarget({ live, expected, differences, named }: Omit<ReconcileInput, 'allow'>): Schema {
  const target = openDraft(expected);
  const actual = openDraft(live);
  const extras = differences.flatMap(({ kind, actual: part }) =>
    kind === 'extra' && part && !isNamed(part, named) ? [part] : [],
  );
  // Whole tables first: their parts are then there already.
  const tables = new Set(extras.filter(({ kind }) => kind === 'table').map(({ owner }) => refKey(owner)));
  for (const part of extras) {
    if (part.kind === 'table' || !tables.has(refKey(part.owner)) || part.kind === 'trigger')
      keep(target, part, actual);
  }
  return { ...closeDraft(target), unsupported: live.unsupported };
}

/** The operations that bring the server to what history says, and those that wait for an allowance. */
export function reconcile(input: ReconcileInput): Reconciliation {
  const changed = new Set(
    input.differences.filter(({ kind }) => kind === 'changed').map(({ wanted }) => wanted?.key),
  );
  const { operations, inexpressible } = diff(input.live, repairTarget(input), {
    settle: ({ wanted }) => (changed.has(wanted.key) ? 'different' : 'equal'),
  });
  const allowanceOf = (operation: Operation): Allowance | null => {
    const allowance = needed[operation.kind];
    return allowance === undefined || input.allow.has(allowance) ? null : allowance;
  };
  return {
    operations: operations.filter((operation) => allowanceOf(operation) === null),
    withheld: operations.flatMap((operation) => {
      const allowance = allowanceOf(operation);
      return allowance === null ? [] : [{ operation, allowance }];
    }),
    inexpressible,
  };
}
