// Random operations against a schema: each is legal there.

import type { Operation, OperationKind, OperationOf } from '../../src/operations/operation.ts';
import { mentions } from '../../src/schema/identifiers-in-sql.ts';
import type { Column, Schema, Table, TableRef } from '../../src/schema/schema.ts';
import { refKey, refOf } from '../../src/schema/schema.ts';

/** A schema to take parts from, and one to put them into. */
export interface Pools {
  readonly schema: Schema;
  /** Gives what is created; of the same names as `schema`, where they overlap. */
  readonly other: Schema;
}

const nothingLost = { uniques: [], foreignKeys: [], checks: [], indexes: [] } as const;

/** Both ways of naming a part: as its author would. */
function targets(name: string | null, columns: readonly string[]) {
  return name === null ? { columns } : { name };
}

const uses = (table: Table, column: string): boolean =>
  [...table.checks.map((one) => one.sql), ...table.columns.map((one) => one.generated?.sql ?? '')].some(
    (sql) => mentions(sql, column),
  );

function dropsIn(table: Table): readonly Operation[] {
  const ref = refOf(table);
  return [
    ...table.indexes.map(
      (one): Operation => ({
        kind: 'dropIndex',
        table: ref,
        target: targets(
          one.name,
          one.parts.map((part) => part.column ?? part.sql ?? ''),
        ),
        was: null,
        concurrently: false,
      }),
    ),
    ...table.uniques.map(
      (one): Operation => ({
        kind: 'dropUnique',
        table: ref,
        target: targets(one.name, one.columns),
        was: null,
      }),
    ),
    ...table.foreignKeys.map(
      (one): Operation => ({
        kind: 'dropForeignKey',
        table: ref,
        target: targets(one.name, one.columns),
        was: null,
      }),
    ),
    ...table.checks.map(
      (one): Operation => ({
        kind: 'dropCheck',
        table: ref,
        target: one.name === null ? { sql: one.sql } : { name: one.name },
        was: null,
      }),
    ),
    ...validations(table),
    ...(table.primaryKey ? [{ kind: 'dropPrimaryKey', table: ref, was: null } as const] : []),
    ...table.columns.map(
      (one): Operation => ({
        kind: 'dropColumn',
        table: ref,
        column: one.name,
        was: null,
        lost: nothingLost,
      }),
    ),
  ];
}

/** Those of constraints that present rows are not checked against. */
function validations(table: Table): readonly Operation[] {
  const of = (target: OperationOf<'validateConstraint'>['target']): Operation => ({
    kind: 'validateConstraint',
    table: refOf(table),
    target,
    was: null,
  });
  const checks = table.checks.filter(({ valid }) => !valid);
  const keys = table.foreignKeys.filter(({ valid }) => !valid);
  return [
    ...checks.map(({ name, sql }) => of(name === null ? { sql } : { name })),
    ...keys.map(({ name, columns }) => of(targets(name, columns))),
  ];
}

function columnChanges(ref: TableRef, before: Column, after: Column): readonly Operation[] {
  const { name: column, ...changes } = after;
  return [
    { kind: 'alterColumn', table: ref, column, changes, was: null, using: null },
    {
      kind: 'alterColumn',
      table: ref,
      column,
      changes: { nullable: !before.nullable },
      was: null,
      using: null,
    },
    { kind: 'setColumnComment', table: ref, column, from: null, to: after.comment },
  ];
}

/**
 * A name is only free if no text says it: renaming back by words could not tell the two apart. Nor can words tell a column
 * from a table of its name.
 */
function renames(table: Table, { schema }: Pools): readonly Operation[] {
  const ref = refOf(table);
  const isFree = (name: string) => !table.columns.some((one) => one.name === name) && !uses(table, name);
  const tables = new Set(schema.tables.map((one) => one.name));
  const columns = table.columns.map((one) => one.name).filter((name) => !tables.has(name));
  return ['moved', 'a "new" name']
    .filter(isFree)
    .flatMap((to) => columns.map((from): Operation => ({ kind: 'renameColumn', table: ref, from, to })));
}

/** Parts of the table's other form that this one lacks. */
function additions(table: Table, other: Table): readonly Operation[] {
  const ref = refOf(table);
  const known = new Set(table.columns.map((one) => one.name));
  const fits = (columns: readonly string[]) => columns.every((name) => known.has(name));
  const lacks = <T extends object>(list: readonly T[], part: T) =>
    !list.some((one) => JSON.stringify({ ...one, name: null }) === JSON.stringify({ ...part, name: null }));
  return [
    ...other.columns
      .filter((one) => !known.has(one.name))
      .map((column): Operation => ({ kind: 'addColumn', table: ref, column })),
    ...(table.uniques.length > 0
      ? []
      : other.uniques
          .filter((one) => fits(one.columns))
          .map((unique): Operation => ({ kind: 'addUnique', table: ref, unique }))),
    ...(table.checks.length > 0
      ? []
      : other.checks.map((check): Operation => ({ kind: 'addCheck', table: ref, check }))),
    ...(table.indexes.length > 0
      ? []
      : other.indexes
          .filter((one) => lacks(table.indexes, one))
          .map((index): Operation => ({ kind: 'createIndex', table: ref, index, concurrently: false }))),
    ...(table.foreignKeys.length > 0
      ? []
      : other.foreignKeys.map(
          (foreignKey): Operation => ({ kind: 'addForeignKey', table: ref, foreignKey }),
        )),
    ...(table.primaryKey === null && other.primaryKey && fits(other.primaryKey.columns)
      ? [{ kind: 'addPrimaryKey', table: ref, primaryKey: other.primaryKey, nullable: [] } as const]
      : []),
  ];
}

function onTable(table: Table, pools: Pools): readonly Operation[] {
  const { schema, other } = pools;
  const ref = refOf(table);
  const form = other.tables.find((one) => refKey(one) === refKey(table)) ?? table;
  const columns = new Map(form.columns.map((one) => [one.name, one]));
  const free: TableRef = { namespace: table.namespace, name: 'moved "away"' };
  const isSaid = schema.tables.some((one) => one.columns.some((column) => column.name === table.name));
  return [
    { kind: 'dropTable', table: ref, was: null, triggers: [] },
    { kind: 'setTableComment', table: ref, from: null, to: form.comment },
    ...(isSaid ? [] : [{ kind: 'renameTable', from: ref, to: free } as const]),
    ...dropsIn(table),
    ...additions(table, form),
    ...renames(table, pools),
    ...table.columns.flatMap((column) => columnChanges(ref, column, columns.get(column.name) ?? column)),
  ];
}

function onObjects({ schema, other }: Pools): readonly Operation[] {
  const missing = <T>(mine: readonly T[], theirs: readonly T[], key: (one: T) => string) => {
    const known = new Set(mine.map(key));
    return theirs.filter((one) => !known.has(key(one)));
  };
  const triggerKey = (one: Schema['triggers'][number]) => JSON.stringify([one.table, one.name]);
  const routineKey = (one: Schema['routines'][number]) =>
    JSON.stringify([one.kind, refKey(one), one.signature]);
  return [
    ...schema.enums.flatMap((one): readonly Operation[] => [
      { kind: 'dropEnum', enum: refOf(one), was: null },
      {
        kind: 'addEnumValue',
        enum: refOf(one),
        value: 'a new one',
        before: one.values[0] ?? null,
        after: null,
      },
    ]),
    ...schema.sequences.map((one): Operation => ({ kind: 'dropSequence', sequence: refOf(one), was: null })),
    ...schema.views.map((one): Operation => ({ kind: 'dropView', view: refOf(one), was: null })),
    ...schema.routines.map((one): Operation => ({ kind: 'dropRoutine', routine: one, was: null })),
    ...schema.triggers.map(
      (one): Operation => ({ kind: 'dropTrigger', table: one.table, trigger: one.name, was: null }),
    ),
    ...schema.namespaces.map((namespace): Operation => ({ kind: 'dropNamespace', namespace })),
    ...missing(schema.enums, other.enums, refKey).map(
      (one): Operation => ({ kind: 'createEnum', enum: one }),
    ),
    ...missing(schema.sequences, other.sequences, refKey).map(
      (sequence): Operation => ({ kind: 'createSequence', sequence }),
    ),
    ...missing(schema.views, other.views, refKey).map((view): Operation => ({ kind: 'createView', view })),
    ...missing(schema.routines, other.routines, routineKey).map(
      (routine): Operation => ({ kind: 'createRoutine', routine }),
    ),
    ...missing(schema.triggers, other.triggers, triggerKey).map(
      (trigger): Operation => ({ kind: 'createTrigger', trigger }),
    ),
    ...missing(schema.namespaces, other.namespaces, (one) => one).map(
      (namespace): Operation => ({ kind: 'createNamespace', namespace }),
    ),
    ...missing(schema.tables, other.tables, refKey).map(
      (table): Operation => ({ kind: 'createTable', table }),
    ),
  ];
}

const row = { id: 1, name: "it's", at: { hex: '00ff' } } as const;

/** Operations that move data: they leave the schema alone. */
function onRows({ schema }: Pools): readonly Operation[] {
  const table = schema.tables[0] ? refOf(schema.tables[0]) : { namespace: null, name: 'nowhere' };
  const reference = { list: 'upgrade', index: 0, description: 'fill\nin', repeatable: false } as const;
  const change = { set: [{ column: 'y', sql: "'it''s'" }], where: null };
  const pace = { batch: 10, pauseMs: 0, rowsPerSecond: null, maxLagMs: null };
  return [
    { kind: 'insertRows', table, rows: [row], key: null },
    { kind: 'deleteRows', table, rows: [row, row], key: ['id'] },
    { kind: 'backfill', table, change, pace, inverse: null },
    {
      kind: 'backfill',
      table,
      change,
      pace: { ...pace, rowsPerSecond: 9 },
      inverse: { ...change, where: 'y = 2' },
    },
    { kind: 'assert', sql: 'SELECT 1', message: "it's so" },
    { kind: 'run', run: { ...reference, inverse: null }, effect: [] },
    { kind: 'run', run: { ...reference, inverse: 3 }, effect: [] },
    { kind: 'execute', sql: 'UPDATE x SET y = 1', inverse: null, effect: [], transaction: true },
    {
      kind: 'execute',
      sql: 'UPDATE x SET y = 1',
      inverse: ['UPDATE x SET y = 0'],
      effect: [],
      transaction: true,
    },
  ];
}

/** Every operation that is legal against the schema, as its author would write it: incomplete. */
export function operationsAgainst(pools: Pools): readonly Operation[] {
  return [
    ...pools.schema.tables.flatMap((table) => onTable(table, pools)),
    ...onObjects(pools),
    ...onRows(pools),
  ];
}

/** One of each kind that is legal against the schema; `pick` decides which. */
export function oneOfEachKind(pools: Pools, pick: number): readonly Operation[] {
  const byKind = new Map<OperationKind, Operation[]>();
  for (const one of operationsAgainst(pools)) {
    const list = byKind.get(one.kind);
    if (list) list.push(one);
    else byKind.set(one.kind, [one]);
  }
  return [...byKind.values()].flatMap((list) => list[pick % list.length] ?? []);
}
