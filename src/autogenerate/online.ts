// Operations in two halves: what may happen while the release before still runs, and what waits until it is gone.
// In: completed operations, the schema before them, a dialect. Out: both halves, and what has no safe form. Must not know files.

import type { Dialect } from '../dialect/dialect.ts';
import { compareSchemas } from '../diff/compare.ts';
import { applyAll, completeAndApply, describe } from '../operations/apply.ts';
import type { Operation, OperationOf, WalkPace } from '../operations/operation.ts';
import { closeDraft, openDraft } from '../schema/draft.ts';
import { mentions } from '../schema/identifiers-in-sql.ts';
import type { Column, Schema, Table, TableRef } from '../schema/schema.ts';
import { findTable, refOf } from '../schema/schema.ts';

/** What is done before the deployment, and after it. */
export interface Halves {
  readonly expand: readonly Operation[];
  readonly contract: readonly Operation[];
  /** What comes behind the second half undone: values that only the release to come has written. */
  readonly back: readonly Operation[];
  /** What the release before does not survive, in words. */
  readonly notOnline: readonly string[];
}

type Half = Pick<Halves, 'expand' | 'contract'> & { readonly back?: readonly Operation[] };

const pace: WalkPace = { batch: 1000, pauseMs: 10, rowsPerSecond: null, maxLagMs: 10_000 };

function backfill(
  table: TableRef,
  column: string,
  { sql, dialect }: { sql: string; dialect: Dialect },
): Operation {
  const where = `${dialect.quote(column)} IS NULL`;
  return { kind: 'backfill', table, change: { set: [{ column, sql }], where }, pace, inverse: 'nothing' };
}

const alter = (
  table: TableRef,
  column: string,
  changes: OperationOf<'alterColumn'>['changes'],
): Operation => ({ kind: 'alterColumn', table, column, changes, was: null, using: null });

/** True if parts of the table besides the column itself speak of it: a second column would need them, too. */
function isUsed(table: Table, name: string): boolean {
  const lists = [
    table.primaryKey?.columns ?? [],
    ...table.uniques.map(({ columns }) => columns),
    ...table.foreignKeys.map(({ columns }) => columns),
    ...table.indexes.flatMap(({ parts, include }) => [parts.flatMap(({ column }) => column ?? []), include]),
  ];
  const texts = [
    ...table.checks.map(({ sql }) => sql),
    ...table.indexes.flatMap(({ parts, where }) => [...parts.flatMap(({ sql }) => sql ?? []), where ?? '']),
    ...table.columns.flatMap(({ generated }) => generated?.sql ?? []),
  ];
  return lists.some((columns) => columns.includes(name)) || texts.some((sql) => mentions(sql, name));
}

/** The column by its new name: two columns, each written where the other is. */
function renameInHalves(
  { table: ref, from, to }: OperationOf<'renameColumn'>,
  column: Column,
  dialect: Dialect,
): Half | null {
  if (dialect.dualWrite === null) return null;
  const kept = {
    table: ref,
    from,
    to,
    forward: null,
    back: null,
    name: `dual_${ref.name}_${to}`.slice(0, 48),
  };
  const made = dialect.dualWrite(kept);
  const gone = made.toReversed().flatMap((one): readonly Operation[] => {
    if (one.kind === 'createTrigger')
      return [{ kind: 'dropTrigger', table: ref, trigger: one.trigger.name, was: one.trigger }];
    if (one.kind !== 'createRoutine') return [];
    const { namespace, name, kind, signature } = one.routine;
    return [{ kind: 'dropRoutine', routine: { namespace, name, kind, signature }, was: one.routine }];
  });
  const { nullable, default: value } = column;
  const settled = { ...(nullable ? {} : { nullable }), ...(value === null ? {} : { default: value }) };
  const added: Column = { ...column, name: to, nullable: true, default: null };
  return {
    expand: [
      // The release to come does not give it.
      ...(nullable ? [] : [alter(ref, from, { nullable: true })]),
      { kind: 'addColumn', table: ref, column: added },
      ...made,
      backfill(ref, to, { sql: dialect.quote(from), dialect }),
    ],
    contract: [
      ...gone,
      ...(Object.keys(settled).length === 0 ? [] : [alter(ref, to, settled)]),
      {
        kind: 'dropColumn',
        table: ref,
        column: from,
        was: null,
        lost: { uniques: [], foreignKeys: [], checks: [], indexes: [] },
      },
    ],
    back: [backfill(ref, from, { sql: dialect.quote(to), dialect })],
  };
}

function literalOf({ default: value }: Pick<Column, 'default'>, dialect: Dialect): string | null {
  if (value?.kind !== 'literal') return null;
  return typeof value.value === 'string' ? dialect.literal(value.value) : String(value.value);
}

/** Every row has a value before none may be without; what the release before leaves out meanwhile is filled again. */
function notNullInHalves(
  { table, column: name, changes }: OperationOf<'alterColumn'>,
  column: Column,
  dialect: Dialect,
): Half {
  const { nullable: _, ...others } = changes;
  const value = literalOf(
    { default: changes.default === undefined ? column.default : changes.default },
    dialect,
  );
  const filled = value === null ? [] : [backfill(table, name, { sql: value, dialect })];
  return {
    expand: [...(Object.keys(others).length === 0 ? [] : [alter(table, name, others)]), ...filled],
    contract: [...filled, alter(table, name, { nullable: false })],
  };
}

const isPlain = (column: Column): boolean => column.identity === null && column.generated === null;

/** The column of a table that is there before, which the operation is about. */
function columnOf(operation: Operation, before: Schema): { table: Table; column: Column } | null {
  if (
    operation.kind !== 'renameColumn' &&
    operation.kind !== 'alterColumn' &&
    operation.kind !== 'dropColumn'
  )
    return null;
  const name = operation.kind === 'renameColumn' ? operation.from : operation.column;
  const table = findTable(before, operation.table);
  const column = table?.columns.find((one) => one.name === name);
  return table && column ? { table, column } : null;
}

/** One operation in two halves; `null`: it is as it was. */
function halved(operation: Operation, { before, dialect }: OnlineMeans): Half | null {
  if (operation.kind === 'dropTable')
    return findTable(before, operation.table) ? { expand: [], contract: [operation] } : null;
  const found = columnOf(operation, before);
  if (found === null) return null;
  const { table, column } = found;
  switch (operation.kind) {
    case 'dropColumn':
      return { expand: [], contract: [operation] };
    case 'renameColumn':
      return isPlain(column) && !isUsed(table, column.name)
        ? renameInHalves(operation, column, dialect)
        : null;
    case 'alterColumn': {
      const { nullable, type } = operation.changes;
      const narrows = nullable === false && column.nullable && type === undefined;
      return narrows ? notNullInHalves(operation, column, dialect) : null;
    }
    default:
      return null;
  }
}

const breaking: ReadonlySet<Operation['kind']> = new Set(['renameColumn', 'renameTable', 'alterColumn']);

/** What stays in the first half, and takes from the release before what it uses. */
function isBreaking(operation: Operation, before: Schema): boolean {
  if (!breaking.has(operation.kind)) return false;
  if (operation.kind === 'renameTable') return findTable(before, operation.from) !== undefined;
  if (operation.kind === 'alterColumn' && operation.changes.type === undefined) return false;
  return 'table' in operation && findTable(before, refOf(operation.table)) !== undefined;
}

/** True if both halves end where the operations do. */
function endsAlike(
  operations: readonly Operation[],
  halves: Half,
  { before, dialect }: OnlineMeans,
): boolean {
  const [plain, halfwise] = [openDraft(before), openDraft(before)];
  applyAll(plain, operations);
  completeAndApply([...halves.expand, ...halves.contract], halfwise);
  const [a, b] = [plain, halfwise].map((draft) => dialect.normalize(closeDraft(draft)));
  return a !== undefined && b !== undefined && compareSchemas(a, b).every(({ kind }) => kind === 'unsure');
}

export interface OnlineMeans {
  readonly before: Schema;
  readonly dialect: Dialect;
}

/** The operations in two halves; all of them in the first where they cannot be parted. */
export function inHalves(operations: readonly Operation[], means: OnlineMeans): Halves {
  const { before } = means;
  const parted = operations.map((operation) => ({ operation, half: halved(operation, means) }));
  const halves: Half = {
    expand: parted.flatMap(({ operation, half }) => half?.expand ?? [operation]),
    contract: parted.flatMap(({ half }) => half?.contract ?? []),
  };
  const isWhole = endsAlike(operations, halves, means);
  const told = isWhole ? parted.flatMap(({ operation, half }) => (half ? [] : [operation])) : operations;
  const notOnline = told
    .filter((operation) => isBreaking(operation, before))
    .map((operation) => `${describe(operation)}: the release before does not survive it`);
  const back = parted.flatMap(({ half }) => half?.back ?? []);
  return isWhole ? { ...halves, back, notOnline } : { expand: operations, contract: [], back: [], notOnline };
}
