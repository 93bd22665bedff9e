// Operations that read better as one: a new column with the parts that are its own.
// In: operations, the position of an `addColumn`. Out: positions. Must not know how operations are written.

import type { Operation, OperationKind, OperationOf } from '../operations/operation.ts';
import type { SchemaDraft } from '../schema/draft.ts';
import type { ForeignKey } from '../schema/schema.ts';
import { refKey, sameRef } from '../schema/schema.ts';
import { columnOfCheck, columnOfForeignKey, columnOfIndex, columnOfUnique } from './fold-parts.ts';

/** What a part may be carried over: it adds, and takes nothing away that the part could need. */
const additions: ReadonlySet<OperationKind> = new Set<OperationKind>([
  'addColumn',
  'alterColumn',
  'setColumnComment',
  'setTableComment',
  'addPrimaryKey',
  'addUnique',
  'createIndex',
  'addCheck',
  'addForeignKey',
]);

/** In the order in which the builder records the parts of a column. */
const slots = ['addUnique', 'createIndex', 'addCheck', 'addForeignKey', 'addPrimaryKey'] as const;
type Slot = (typeof slots)[number];

type Part = OperationOf<Slot>;

function isPart(operation: Operation): operation is Part {
  return slots.some((slot) => slot === operation.kind);
}

/** The column whose part the operation adds; `null`: it is not about one column, or has more to say than a column can. */
function columnOf(part: Part, columns: () => readonly string[]): string | null {
  switch (part.kind) {
    case 'addUnique':
      return columnOfUnique(part.unique);
    case 'createIndex':
      return part.concurrently ? null : columnOfIndex(part.index);
    case 'addCheck':
      return columnOfCheck(part.check, columns());
    case 'addForeignKey':
      return columnOfForeignKey(part.foreignKey);
    case 'addPrimaryKey':
      return part.primaryKey.columns.length === 1 ? (part.primaryKey.columns[0] ?? null) : null;
  }
}

/** True if the operation is about another table or column. */
function isElsewhere(operation: Operation, { table, column }: OperationOf<'addColumn'>): boolean {
  if (operation.kind !== 'alterColumn' && operation.kind !== 'setColumnComment') return true;
  return operation.column !== column.name || !sameRef(operation.table, table);
}

/** True if the operation may have to do with the columns that the key refers to, or with what makes them unique. */
function makesReady(operation: Operation, { references }: ForeignKey): boolean {
  if (!('table' in operation) || !sameRef(operation.table, references.table)) return false;
  switch (operation.kind) {
    case 'addColumn':
      return references.columns.includes(operation.column.name);
    case 'alterColumn':
      return references.columns.includes(operation.column);
    case 'createIndex':
      return operation.index.unique;
    case 'addPrimaryKey':
    case 'addUnique':
      return true;
    default:
      return false;
  }
}

/** A foreign key stays behind what it rests on. */
function mayPass(part: Part, passed: readonly Operation[]): boolean {
  return part.kind !== 'addForeignKey' || !passed.some((one) => makesReady(one, part.foreignKey));
}

function columnNames(operations: readonly Operation[], added: OperationOf<'addColumn'>, draft: SchemaDraft) {
  const known = draft.tables.get(refKey(added.table))?.columns ?? [];
  const more = operations.flatMap((one) =>
    one.kind === 'addColumn' && sameRef(one.table, added.table) ? [one.column.name] : [],
  );
  return [...new Set([...known.map((column) => column.name), ...more])];
}

/** Parts farther away than this stay where they are, so that long lists are read once. */
const farthest = 500;

export interface Surroundings {
  readonly operations: readonly Operation[];
  /** The schema before the operation. */
  readonly draft: SchemaDraft;
  /** Positions that stand elsewhere already. */
  readonly taken: ReadonlySet<number>;
}

/** The positions of the operations that add the column's own parts, in the builder's order. */
export function gatherParts(
  at: number,
  added: OperationOf<'addColumn'>,
  around: Surroundings,
): readonly number[] {
  const { operations, draft, taken } = around;
  const columns = () => columnNames(operations, added, draft);
  const found = new Map<Slot, number>();
  const passed: Operation[] = [];
  for (let i = at + 1; i < operations.length && passed.length < farthest; i++) {
    const one = operations[i];
    if (!one || taken.has(i)) continue;
    if (!additions.has(one.kind) || !isElsewhere(one, added)) break;
    const isOwn =
      isPart(one) && sameRef(one.table, added.table) && columnOf(one, columns) === added.column.name;
    if (isOwn && !found.has(one.kind) && mayPass(one, passed)) found.set(one.kind, i);
    else passed.push(one);
  }
  // A key comes before what may rest on it, and the builder records it last: so it goes alone.
  const own = found.has('addPrimaryKey') ? (['addPrimaryKey'] as const) : slots;
  return own.flatMap((slot) => found.get(slot) ?? []);
}
