import type { ColumnType, Table } from '../../schema/schema.ts';
import { literal, quote, quoteRef } from './quote.ts';
import { familyOf } from './types.ts';

/** As many rows as are named, and one more to tell that there are others. */
const limit = 6;

function keyPart(table: Table, column: string, alias: string): string {
  const type = table.columns.find((one) => one.name === column)?.type;
  const value = `${alias}.${quote(column)}`;
  const shown = type && familyOf(type) === 'binary' ? `HEX(${value})` : `CAST(${value} AS CHAR)`;
  return `CONCAT(${literal(`${column} = `)}, ${shown})`;
}

/** An expression that names a row by its key, and by nothing else. */
export function rowName(table: Table, alias: string): string {
  const key = table.primaryKey?.columns ?? [];
  if (key.length === 0) return "'a row without a primary key'";
  return `CONCAT_WS(', ', ${key.map((column) => keyPart(table, column, alias)).join(', ')})`;
}

/** Rows that meet a condition. */
export function rowsWhere(table: Table, condition: string | null): string {
  const where = condition === null ? '' : ` WHERE ${condition}`;
  return `SELECT ${rowName(table, 't')} AS row_name FROM ${quoteRef(table)} t${where} LIMIT ${limit}`;
}

/** The number of rows that meet a condition. */
export function countWhere(table: Table, condition: string): string {
  return `SELECT COUNT(*) AS lost FROM ${quoteRef(table)} WHERE ${condition}`;
}

/**
 * Rows that share values which are to be unique. Values are compared as the server compares them, in the collation of
 * their column; rows with a null are never equal.
 */
export function duplicateRows(table: Table, values: readonly string[]): string {
  const named = values.map((value, i) => `${value} AS surefoot_value_${i}`).join(', ');
  const present = values.map((value) => `${value} IS NOT NULL`).join(' AND ');
  const groups = `SELECT ${named} FROM ${quoteRef(table)} WHERE ${present} GROUP BY ${values.join(', ')} HAVING COUNT(*) > 1 LIMIT ${limit}`;
  const matches = values.map((value, i) => `${value} = d.surefoot_value_${i}`).join(' AND ');
  return `SELECT ${rowName(table, 't')} AS row_name FROM ${quoteRef(table)} t JOIN (${groups}) d ON ${matches} LIMIT ${limit}`;
}

/** Rows whose foreign key finds no parent. */
export function orphanRows(
  child: { readonly table: Table; readonly columns: readonly string[] },
  parent: { readonly table: Table; readonly columns: readonly string[] },
): string {
  const present = child.columns.map((column) => `t.${quote(column)} IS NOT NULL`).join(' AND ');
  const matches = child.columns.map(
    (column, i) => `p.${quote(parent.columns[i] ?? '')} = t.${quote(column)}`,
  );
  const found = `SELECT 1 FROM ${quoteRef(parent.table)} p WHERE ${matches.join(' AND ')}`;
  return `SELECT ${rowName(child.table, 't')} AS row_name FROM ${quoteRef(child.table)} t WHERE ${present} AND NOT EXISTS (${found}) LIMIT ${limit}`;
}

const ranges: Readonly<Record<string, readonly [string, string]>> = {
  smallint: ['-32768', '32767'],
  integer: ['-2147483648', '2147483647'],
  bigint: ['-9223372036854775808', '9223372036854775807'],
  boolean: ['-128', '127'],
};

const isNumeric = (type: ColumnType): boolean =>
  ['integer', 'decimal', 'float', 'boolean'].includes(familyOf(type));
const isText = (type: ColumnType): boolean => ['text', 'long'].includes(familyOf(type));

function lengthOf(type: ColumnType): number | null {
  return type.kind === 'varchar' || type.kind === 'char' ? type.length : null;
}

/** A condition for values of a column that do not fit a type; `null`: all fit, or only the server can tell. */
export function misfit(column: string, from: ColumnType, to: ColumnType): string | null {
  const value = quote(column);
  const length = lengthOf(to);
  if (length !== null && isText(from) && (lengthOf(from) ?? length + 1) > length) {
    return `CHAR_LENGTH(${value}) > ${length}`;
  }
  if (to.kind === 'binary' && to.length !== null && familyOf(from) === 'binary')
    return `LENGTH(${value}) > ${to.length}`;
  if (to.kind === 'enum' && isText(from)) return `${value} NOT IN (${to.values.map(literal).join(', ')})`;
  return isNumeric(from) ? numericMisfit(value, to) : null;
}

function numericMisfit(value: string, to: ColumnType): string | null {
  const range = ranges[to.kind];
  if (range) return `${value} NOT BETWEEN ${range[0]} AND ${range[1]}`;
  if (to.kind !== 'numeric') return null;
  const digits = (to.precision ?? 10) - (to.scale ?? 0);
  return `ABS(ROUND(${value}, ${to.scale ?? 0})) >= 1${'0'.repeat(digits)}`;
}

function fractionCut(value: string, from: ColumnType, to: ColumnType): string | null {
  if (to.kind === 'date' && from.kind === 'timestamp') return `TIME(${value}) <> 0`;
  if (to.kind !== 'timestamp' && to.kind !== 'time') return null;
  if (from.kind !== to.kind || (to.precision ?? 0) >= (from.precision ?? 0)) return null;
  return `MICROSECOND(${value}) % ${10 ** (6 - (to.precision ?? 0))} <> 0`;
}

/** A condition for values that the server would round or cut without a word; `null`: none. */
export function rounding(column: string, from: ColumnType, to: ColumnType): string | null {
  const value = quote(column);
  const family = familyOf(from);
  if (family !== 'decimal' && family !== 'float') return fractionCut(value, from, to);
  const scale = to.kind === 'numeric' ? (to.scale ?? 0) : ranges[to.kind] ? 0 : null;
  return scale === null ? null : `ROUND(${value}, ${scale}) <> ${value}`;
}
