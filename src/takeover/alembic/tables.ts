// `op.create_table(…)` → a table. In: values. Out: Table, and what it needs before it. Must not know how it is written.

import type { Enum, Identity, Index, Table, TableOptions } from '../../schema/schema.ts';
import { toIndex, toUnique } from '../../schema/table-builder.ts';
import type { ColumnMeans, FoundColumn, TablePart } from './columns.ts';
import { findColumn, findTablePart } from './columns.ts';
import { namedIndex } from './indexes.ts';
import { constraintName } from './name-parts.ts';
import type { Value } from './value.ts';
import { leafOf, textOrNull } from './value.ts';

export interface FoundTable {
  readonly table: Table;
  /** Enums that PostgreSQL makes with it. */
  readonly enums: readonly Enum[];
}

export interface TableMeans extends ColumnMeans {
  /** True where the revisions are for this kind of database alone. */
  readonly isOnly: boolean;
}

const integers: ReadonlySet<string> = new Set(['smallint', 'integer', 'bigint']);

/** What can count: MySQL's own integers, too. */
const isInteger = ({ column: { type } }: FoundColumn, { dialect }: TableMeans): boolean =>
  integers.has(type.kind) ||
  (dialect === 'mysql' && type.kind === 'native' && /^(tiny|small|medium|big)?int\b/.test(String(type.sql)));

const serials: Readonly<Record<string, string>> = {
  smallint: 'smallserial',
  integer: 'serial',
  bigint: 'bigserial',
};
const byDefault: Identity = { mode: 'by-default', start: null, increment: null };

/** A column whose numbers the server counts, as SQLAlchemy makes it there. */
function counted(found: FoundColumn, means: TableMeans): FoundColumn {
  const { column } = found;
  if (means.dialect !== 'postgres') {
    // SQLite counts in its INTEGER PRIMARY KEY only.
    const counts = means.dialect !== 'sqlite' || !means.isOnly || column.type.kind === 'integer';
    return counts ? { ...found, column: { ...column, nullable: false, identity: byDefault } } : found;
  }
  const type = { kind: 'native', sql: serials[column.type.kind] ?? 'serial' } as const;
  const identity = means.isOnly ? null : byDefault;
  return { ...found, column: { ...column, nullable: false, type, identity } };
}

/** The column of the key that counts by itself, if one does. */
function withCounter(
  columns: readonly FoundColumn[],
  parts: readonly TablePart[],
  means: TableMeans,
): readonly FoundColumn[] {
  const key = keyOf(columns, parts, means)?.columns ?? [];
  const references = new Set([
    ...parts.flatMap((part) => (part.kind === 'foreignKey' ? part.foreignKey.columns : [])),
    ...columns.flatMap(({ foreignKeys }) => foreignKeys.flatMap((one) => one.columns)),
  ]);
  const counts = (found: FoundColumn): boolean => {
    const { column, autoincrement } = found;
    if (!key.includes(column.name) || !isInteger(found, means)) return false;
    if (column.identity !== null || column.default !== null || autoincrement === false) return false;
    return autoincrement === true || (key.length === 1 && !references.has(column.name));
  };
  return columns.map((one) => (counts(one) ? counted(one, means) : one));
}

/** The key, said apart or at its columns. */
function keyOf(
  columns: readonly FoundColumn[],
  parts: readonly TablePart[],
  means: ColumnMeans,
): Table['primaryKey'] {
  const marked = columns.filter(({ isKey }) => isKey).map(({ column }) => column.name);
  const part = parts.find((one) => one.kind === 'primaryKey');
  const names = part && part.columns.length > 0 ? part.columns : marked;
  if (names.length === 0) return null;
  const usual = { ...means, part: { table: means.table.name, columns: names } };
  return { name: part ? part.name : constraintName(undefined, 'pk', usual), columns: names };
}

/** What `unique=True` and `index=True` at a column make. */
export function ownParts(
  { column, isUnique, isIndexed }: FoundColumn,
  means: ColumnMeans,
): { readonly uniques: Table['uniques']; readonly indexes: readonly Index[] } {
  const columns = [column.name];
  if (isIndexed) return { uniques: [], indexes: [namedIndex(toIndex(columns, { unique: isUnique }), means)] };
  const name = constraintName(undefined, 'uq', { ...means, part: { table: means.table.name, columns } });
  return { uniques: isUnique ? [{ ...toUnique(columns), name }] : [], indexes: [] };
}

const mysqlOptions: Readonly<Record<string, string>> = {
  mysql_engine: 'engine',
  mysql_charset: 'charset',
  mysql_default_charset: 'charset',
  mysql_collate: 'collation',
  mysql_row_format: 'rowFormat',
};

/** Those of SQLite, with the value that says them. */
const sqliteOptions: Readonly<Record<string, readonly [option: string, says: boolean]>> = {
  sqlite_autoincrement: ['autoincrement', true],
  sqlite_strict: ['strict', true],
  sqlite_with_rowid: ['withoutRowid', false],
};

function optionOf(key: string, value: Value): readonly [string, string | boolean] | null {
  if (value.kind !== 'constant' || value.value === null) return null;
  const [option, says] = sqliteOptions[key] ?? [];
  if (option !== undefined) return value.value === says ? [option, true] : null;
  const own = mysqlOptions[key];
  return own === undefined ? null : [own, String(value.value)];
}

/** Options of the database at hand. */
function optionsOf(named: ReadonlyMap<string, Value>, { dialect }: TableMeans): TableOptions {
  const entries = [...named].flatMap(([key, value]) => {
    const option = key.startsWith(`${dialect}_`) ? optionOf(key, value) : null;
    return option ? [option] : [];
  });
  return Object.fromEntries(entries);
}

const isColumn = (value: Value): boolean => leafOf(value) === 'Column';
const isNothing = (value: Value): boolean => value.kind === 'constant' && value.value === null;

/** The table that `create_table` makes. */
export function findNewTable(
  given: readonly Value[],
  named: ReadonlyMap<string, Value>,
  means: TableMeans,
): FoundTable {
  const own = given.filter((one) => !isNothing(one));
  const parts = own.filter((one) => !isColumn(one)).map((one) => findTablePart(one, means));
  const columns = withCounter(
    own.filter(isColumn).map((one) => findColumn(one, means)),
    parts,
    means,
  );
  const primaryKey = keyOf(columns, parts, means);
  const owned = columns.map((one) => ownParts(one, means));
  const of = <K extends TablePart['kind']>(kind: K) =>
    parts.filter((part): part is Extract<TablePart, { kind: K }> => part.kind === kind);
  return {
    table: {
      ...means.table,
      columns: columns.map(({ column }) =>
        primaryKey?.columns.includes(column.name) ? { ...column, nullable: false } : column,
      ),
      primaryKey,
      uniques: [...owned.flatMap(({ uniques }) => uniques), ...of('unique').map(({ unique }) => unique)],
      foreignKeys: [
        ...columns.flatMap(({ foreignKeys }) => foreignKeys),
        ...of('foreignKey').map(({ foreignKey }) => foreignKey),
      ],
      checks: [...columns.flatMap(({ checks }) => checks), ...of('check').map(({ check }) => check)],
      indexes: [...owned.flatMap(({ indexes }) => indexes), ...of('index').map(({ index }) => index)],
      comment: textOrNull(named.get('comment'), 'a comment'),
      options: optionsOf(named, means),
    },
    enums: columns.flatMap((one) =>
      one.enum?.isMadeWithTable
        ? [{ namespace: one.enum.namespace, name: one.enum.name, values: one.enum.values }]
        : [],
    ),
  };
}
