// SQL of Drizzle as text, and values as defaults.
// In: `sql` templates, values of columns. Out: SQL, ColumnDefault. Must not know tables.

import type { AnyColumn, SQL } from 'drizzle-orm';
import type { Dialect } from '../../dialect/dialect.ts';
import type { ColumnDefault } from '../../schema/schema.ts';
import { kindsOf } from './entities.ts';

/** Writes what models hold. */
export interface Pen {
  /** The name of a column in the database. */
  nameOf(column: AnyColumn): string;
  /** The name of a key, which Drizzle makes of columns' names. */
  keyName(name: string, columns: readonly AnyColumn[]): string;
  /** An expression of one table: its columns by their bare names. */
  expression(sql: unknown): string;
  /** A query: columns as it names them. */
  query(sql: SQL): string;
  /** What a column's default says; `null`: none, or one that the application computes. */
  defaultOf(column: AnyColumn): ColumnDefault | null;
  /** The names as the server keeps them. */
  fit(name: string): string;
}

/** What a pen needs of the user's copy of the library. */
export interface Ink {
  readonly casing: { getColumnCasing(column: AnyColumn): string };
  readonly dialect: Dialect;
  /** Bytes as the server's SQL. */
  bytes(hex: string): string;
}

export const isSql = (value: unknown): value is SQL => kindsOf(value).includes('SQL');

const hexOf = (value: Uint8Array): string => Buffer.from(value).toString('hex');

/** A value within SQL. */
function inlined(value: unknown, { dialect, bytes }: Ink): string {
  if (value === null || value === undefined) return 'NULL';
  if (['number', 'bigint', 'boolean'].includes(typeof value)) return String(value);
  if (typeof value === 'string') return dialect.literal(value);
  if (value instanceof Date) return dialect.literal(value.toISOString());
  if (value instanceof Uint8Array) return bytes(hexOf(value));
  if (kindsOf(value).length === 0) return dialect.literal(JSON.stringify(value));
  throw new TypeError(`${kindsOf(value)[0]} has no value before the query runs`);
}

function written(sql: SQL, ink: Ink, invokeSource: 'indexes' | undefined): string {
  const { dialect, casing } = ink;
  return sql.toQuery({
    // The library types the whole of its cache and calls this one method.
    casing: casing as Parameters<SQL['toQuery']>[0]['casing'],
    escapeName: dialect.quote,
    escapeString: dialect.literal,
    escapeParam: (_, value) => inlined(value, ink),
    invokeSource,
  }).sql;
}

function dateText(value: Date, column: AnyColumn): string {
  const text = value.toISOString();
  return column.getSQLType() === 'date' ? text.slice(0, 10) : text.slice(0, -1).replace('T', ' ');
}

const isoDate = /^\d{4}-\d\d-\d\dT00:00:00\.000Z$/;

/** A value as the column's own mapping gives it to a driver, as a default. */
function literalOf(value: unknown, column: AnyColumn, ink: Ink): ColumnDefault | null {
  if (value === null || value === undefined) return null;
  if (isSql(value)) return { kind: 'expression', sql: written(value, ink, 'indexes') };
  if (typeof value === 'bigint') return { kind: 'literal', value: value.toString() };
  if (typeof value === 'number' && !Number.isFinite(value)) return { kind: 'literal', value: String(value) };
  if (typeof value === 'number' || typeof value === 'boolean') return { kind: 'literal', value };
  if (value instanceof Date) return { kind: 'literal', value: dateText(value, column) };
  if (value instanceof Uint8Array) return { kind: 'expression', sql: ink.bytes(hexOf(value)) };
  if (typeof value !== 'string') return { kind: 'literal', value: JSON.stringify(value) };
  const isDay = column.getSQLType() === 'date' && isoDate.test(value);
  return { kind: 'literal', value: isDay ? value.slice(0, 10) : value };
}

/** An expression is a template, a function that gives one, or a value. */
function expression(given: unknown, ink: Ink): string {
  const value = typeof given === 'function' && kindsOf(given).length === 0 ? given() : given;
  if (isSql(value)) return written(value, ink, 'indexes').trim();
  return typeof value === 'string' ? value.trim() : inlined(value, ink);
}

const encoder = new TextEncoder();

/** The beginning of a name that fits into so many bytes, as a server cuts it that does so in silence. */
function clip(name: string, bytes: number): string {
  const characters = [...name];
  while (encoder.encode(characters.join('')).length > bytes) characters.pop();
  return characters.join('');
}

/** A pen for one dialect. */
export function penOf(ink: Ink): Pen {
  const { length, unit } = ink.dialect.traits.maxIdentifier;
  const nameOf = (column: AnyColumn): string => ink.casing.getColumnCasing(column);
  return {
    nameOf,
    keyName: (name, columns) =>
      columns.reduce((text, column) => text.replace(column.name, () => nameOf(column)), name),
    expression: (sql) => expression(sql, ink),
    query: (sql) => written(sql, ink, undefined).trim().replace(/;$/, ''),
    defaultOf: (column) => {
      const { default: value } = column;
      if (value === undefined || value === null) return null;
      return literalOf(isSql(value) ? value : column.mapToDriverValue(value), column, ink);
    },
    fit: (name) => (unit === 'bytes' ? clip(name, length) : name),
  };
}
