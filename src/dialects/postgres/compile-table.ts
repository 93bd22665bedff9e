// Tables, their comments and their names in SQL.
// In: operations on whole tables. Out: pieces. Must not know segments.

import type { OperationOf } from '../../operations/operation.ts';
import type { Table, TableOptions, Unique } from '../../schema/schema.ts';
import { displayRef } from '../../schema/schema.ts';
import { columnComment, columnSql, tableComment } from './column-sql.ts';
import { checkSql, foreignKeySql, indexSql, primaryKeySql, uniqueSql } from './constraint-sql.ts';
import type { Context, Piece } from './pieces.ts';
import { ddl, hazard, onPresent } from './pieces.ts';
import { quoteIdentifier, quoteRef } from './quote.ts';
import { ownOptions } from './table-options.ts';

function storageParameters(options: TableOptions): string {
  const own = Object.entries(options).filter(([name]) => !ownOptions.has(name));
  if (own.length === 0) return '';
  return ` WITH (${own.map(([name, value]) => `${parameterName(name)} = ${parameterValue(value)}`).join(', ')})`;
}

function parameterName(name: string): string {
  return name.split('.').map(quoteIdentifier).join('.');
}

function parameterValue(value: string | number | boolean): string {
  return `'${String(value).replaceAll("'", "''")}'`;
}

/** CREATE TABLE would make one constraint of two over the same columns. */
function isMerged(unique: Unique, { primaryKey, uniques }: Table): boolean {
  const before = uniques.slice(0, uniques.indexOf(unique));
  const columns = JSON.stringify(unique.columns);
  return [primaryKey, ...before].some((one) => one !== null && JSON.stringify(one.columns) === columns);
}

function mergedApart(table: Table, context: Context): readonly Piece[] {
  const merged = table.uniques.filter((unique) => isMerged(unique, table));
  return merged.map((unique) => ddl(`ALTER TABLE ${quoteRef(table)} ADD ${uniqueSql(unique, context)}`));
}

function bodyOf(table: Table, context: Context): string {
  const lines = [
    ...table.columns.map((column) => columnSql(column, context)),
    ...(table.primaryKey === null ? [] : [primaryKeySql(table.primaryKey)]),
    ...table.uniques.filter((unique) => !isMerged(unique, table)).map((unique) => uniqueSql(unique, context)),
    ...table.checks.filter((check) => check.valid).map(checkSql),
    ...table.foreignKeys.filter((key) => key.valid).map(foreignKeySql),
  ];
  return lines.length === 0 ? '()' : `(\n  ${lines.join(',\n  ')}\n)`;
}

/** CREATE TABLE itself, without what follows it. `manner` is TEMPORARY for a table nobody else shall see. */
export function createTableSql(table: Table, context: Context, manner: 'TEMPORARY' | null = null): string {
  const kind = manner ?? (table.options['unlogged'] === true ? 'UNLOGGED' : null);
  const inherits = table.options['inherits'];
  const partitionBy = table.options['partitionBy'];
  const head = `CREATE ${kind === null ? '' : `${kind} `}TABLE ${quoteRef(table)} ${bodyOf(table, context)}`;
  const parents = inherits === undefined ? '' : ` INHERITS (${inherits})`;
  const partitions = partitionBy === undefined ? '' : ` PARTITION BY ${partitionBy}`;
  return `${head}${parents}${partitions}${storageParameters(table.options)}`;
}

/** Constraints that CREATE TABLE would take for valid. */
function unvalidated(table: Table): readonly Piece[] {
  const checks = table.checks.filter((check) => !check.valid).map(checkSql);
  const keys = table.foreignKeys.filter((key) => !key.valid).map(foreignKeySql);
  return [...checks, ...keys].map((sql) => ddl(`ALTER TABLE ${quoteRef(table)} ADD ${sql} NOT VALID`));
}

function rowSecurity(table: Table): readonly Piece[] {
  const enabled = table.options['rowSecurity'] === true ? ['ENABLE'] : [];
  const forced = table.options['forceRowSecurity'] === true ? ['FORCE'] : [];
  return [...enabled, ...forced].map((verb) =>
    ddl(`ALTER TABLE ${quoteRef(table)} ${verb} ROW LEVEL SECURITY`),
  );
}

export function createTable({ table }: OperationOf<'createTable'>, context: Context): readonly Piece[] {
  const parents = [...new Set(table.foreignKeys.map((key) => displayRef(key.references.table)))];
  const blocks = parents
    .filter((parent) => parent !== displayRef(table))
    .map((parent) => hazard('blocks-writes', `writes to ${parent} wait until the transaction ends`));
  const comments = table.columns.filter((column) => column.comment !== null);
  return [
    ddl(createTableSql(table, context), ...blocks),
    ...mergedApart(table, context),
    ...unvalidated(table),
    ...table.indexes.map((index) =>
      ddl(indexSql(table, index, { concurrently: false, major: context.major })),
    ),
    ...rowSecurity(table),
    ...(table.comment === null ? [] : [tableComment(table, table.comment)]),
    ...comments.map((column) => columnComment(table, column.name, column.comment)),
  ];
}

export function dropTable({ table }: OperationOf<'dropTable'>): readonly Piece[] {
  return [
    ddl(`DROP TABLE ${quoteRef(table)}`, hazard('data-loss', `the rows of ${displayRef(table)} are gone`)),
  ];
}

export function renameTable({ from, to }: OperationOf<'renameTable'>, context: Context): readonly Piece[] {
  const moved = { namespace: to.namespace, name: from.name };
  const blocks = onPresent(context, from, [
    hazard('blocks-reads', `code that says ${displayRef(from)} fails from now on`),
  ]);
  const move = `ALTER TABLE ${quoteRef(from)} SET SCHEMA ${quoteIdentifier(to.namespace ?? context.home)}`;
  const rename = `ALTER TABLE ${quoteRef(moved)} RENAME TO ${quoteIdentifier(to.name)}`;
  return [
    ...(from.namespace === to.namespace ? [] : [ddl(move, ...blocks)]),
    ...(from.name === to.name ? [] : [ddl(rename, ...blocks)]),
  ];
}

export function setTableComment({ table, to }: OperationOf<'setTableComment'>): readonly Piece[] {
  return [tableComment(table, to)];
}
