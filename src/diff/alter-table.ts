import type { ColumnChanges, Operation } from '../operations/operation.ts';
import type { Column, Table, TableRef } from '../schema/schema.ts';
import { refOf } from '../schema/schema.ts';
import type { AlteredColumn } from './columns.ts';
import { alteration, computedLast } from './columns.ts';
import { changesByMoment } from './key-columns.ts';
import type { Sides } from './pair.ts';
import { adding, dropping, validating } from './part-operations.ts';
import type { Stage, Staging } from './stages.ts';
import type { TablePlan } from './table-plan.ts';

type Add = (stage: Stage, operation: Operation) => void;

/** The part before renames that became this one: they stand at the same place. */
export function originOf<T>(
  parts: { readonly origin: readonly T[]; readonly actual: readonly T[] },
  actual: T,
): T {
  return parts.origin[parts.actual.indexOf(actual)] ?? actual;
}

function dropParts(plan: TablePlan, add: Add): void {
  const { origin, actual } = plan.sides;
  const ref = refOf(origin);
  for (const one of plan.checks.dropped) {
    add('dropParts', dropping.check(ref, originOf({ origin: origin.checks, actual: actual.checks }, one)));
  }
  for (const one of plan.indexes.dropped) {
    add('dropParts', dropping.index(ref, originOf({ origin: origin.indexes, actual: actual.indexes }, one)));
  }
  for (const one of plan.uniques.dropped) {
    add('dropParts', dropping.unique(ref, originOf({ origin: origin.uniques, actual: actual.uniques }, one)));
  }
  stopCounting(plan, add);
  if (plan.dropsKeyFirst && origin.primaryKey) add('dropParts', dropping.primaryKey(ref, origin.primaryKey));
  // What is computed holds no data of its own, and servers refuse many changes of what it is computed from.
  for (const one of plan.columns.dropped.filter((column) => column.generated !== null)) {
    const { name } = originOf({ origin: origin.columns, actual: actual.columns }, one);
    add('dropParts', dropColumn(ref, name));
  }
}

const dropColumn = (table: TableRef, column: string): Operation => ({
  kind: 'dropColumn',
  table,
  column,
  was: null,
  lost: { uniques: [], foreignKeys: [], checks: [], indexes: [] },
});

function addParts(plan: TablePlan, add: Add): void {
  const ref = refOf(plan.sides.wanted);
  const stageOf = (part: object): Stage => (plan.late.has(part) ? 'dropColumns' : 'alterTables');
  for (const one of plan.uniques.added) add(stageOf(one), adding.unique(ref, one));
  for (const one of plan.checks.added) add(stageOf(one), adding.check(ref, one));
  for (const one of plan.indexes.added) add(stageOf(one), adding.index(ref, one));
  for (const { actual } of plan.checks.validated) add('alterTables', validating(ref, actual));
}

/** Columns that count by themselves and no longer do when all is done, of a key that goes. */
function released({ sides: { actual, wanted }, primaryKey }: TablePlan): readonly Column[] {
  const keyed = new Set(primaryKey.dropped.flatMap((key) => key.columns));
  const isKept = ({ name }: Column) =>
    wanted.columns.some((column) => column.name === name && column.identity !== null);
  return actual.columns.filter(
    (column) => column.identity !== null && keyed.has(column.name) && !isKept(column),
  );
}

/** Servers with automatic columns that must be keys (MySQL) let a key go only when its column has stopped counting. */
function stopCounting(plan: TablePlan, add: Add): void {
  if (!plan.dropsKeyFirst) return;
  const { origin, actual } = plan.sides;
  for (const one of released(plan)) {
    const column = originOf({ origin: origin.columns, actual: actual.columns }, one);
    add('dropParts', alteration(refOf(origin), { wanted: column, actual: column }, { identity: null }));
  }
}

/** Servers with one automatic column per table must lose the old one first, and its key after it. */
function dropOldIdentity(plan: TablePlan, add: Add): readonly AlteredColumn[] {
  const { sides, columns } = plan;
  const gains =
    columns.added.some((one) => one.identity !== null) ||
    columns.altered.some(({ changes }) => (changes.identity ?? null) !== null);
  const ref = refOf(sides.wanted);
  const free = plan.dropsKeyFirst ? [] : released(plan);
  for (const column of columns.dropped.filter((one) => one.identity !== null)) {
    if (gains || free.includes(column))
      add('alterTables', alteration(ref, { wanted: column, actual: column }, { identity: null }));
  }
  return gains ? columns.altered.filter(({ changes }) => changes.identity === null) : [];
}

function changeKey({ sides, primaryKey, dropsKeyFirst }: TablePlan, add: Add): void {
  const ref = refOf(sides.wanted);
  // One right after the other, so that an automatic column is never seen without a key.
  if (!dropsKeyFirst) for (const key of primaryKey.dropped) add('alterTables', dropping.primaryKey(ref, key));
  for (const key of primaryKey.added) add('alterTables', adding.primaryKey(ref, key));
}

/** New columns by when they come: what is computed waits until the others are as it needs them, but for keys. */
function addedColumns({ sides, columns }: TablePlan) {
  const computed = columns.added.filter((column) => column.generated !== null);
  const isKeyed = (column: Column) => sides.wanted.primaryKey?.columns.includes(column.name) === true;
  return {
    stored: columns.added.filter((column) => column.generated === null),
    early: computed.filter(isKeyed),
    late: computed.filter((column) => !isKeyed(column)),
  };
}

function changeColumns(plan: TablePlan, add: Add): void {
  const { sides, columns } = plan;
  const ref = refOf(sides.wanted);
  const moments = changesByMoment(plan);
  const stopped = new Set(plan.dropsKeyFirst ? released(plan).map(({ name }) => name) : []);
  const withoutStopped = (one: Sides<Column>, changes: ColumnChanges): ColumnChanges => {
    if (changes.identity !== null || !stopped.has(one.wanted.name)) return changes;
    const { identity: _, ...rest } = changes;
    return rest;
  };
  const alter = (one: Sides<Column>, moment: 'before' | 'after') => {
    const changes = withoutStopped(one, moments.get(one.wanted.name)?.[moment] ?? {});
    if (Object.keys(changes).length > 0) add('alterTables', alteration(ref, one, changes));
  };
  const first = dropOldIdentity(plan, add);
  for (const one of first) alter(one, 'before');
  const { stored, early, late } = addedColumns(plan);
  const addAll = (list: readonly Column[]) => {
    for (const column of list) add('alterTables', { kind: 'addColumn', table: ref, column });
  };
  addAll(stored);
  for (const one of columns.altered) if (!first.includes(one)) alter(one, 'before');
  addAll(early);
  changeKey(plan, add);
  const altered = new Map(columns.altered.map((one) => [one.wanted.name, one]));
  const after = computedLast(sides.wanted.columns).map(
    (column) => altered.get(column.name) ?? { wanted: column, actual: column },
  );
  // What was computed lets go of those that come to be computed themselves.
  for (const one of after) if (one.actual.generated !== null) alter(one, 'after');
  for (const one of after) if (one.actual.generated === null) alter(one, 'after');
  addAll(late);
  for (const one of columns.dropped) {
    if (one.generated === null) add('dropColumns', dropColumn(ref, one.name));
  }
}

function changeComment(
  { actual, wanted }: { readonly actual: Table; readonly wanted: Table },
  add: Add,
): void {
  if (actual.comment === wanted.comment) return;
  const { comment: from } = actual;
  add('alterTables', { kind: 'setTableComment', table: refOf(wanted), from, to: wanted.comment });
}

/** The operations of a table that stays, but for its foreign keys. Those of one table stand together. */
export function alterTable(plan: TablePlan, staging: Staging): void {
  const add: Add = (stage, operation) => staging.add(stage, operation);
  dropParts(plan, add);
  changeComment(plan.sides, add);
  changeColumns(plan, add);
  addParts(plan, add);
  for (const part of [plan.uniques, plan.checks, plan.indexes, plan.primaryKey]) {
    for (const sides of part.unsure) plan.judge.note(sides);
  }
}
