// Which present values a conversion of a column's type would refuse, and which it would change in silence.
// In: a column and its new type. Out: conditions in SQL. Must not know operations.

import type { Column, ColumnType } from '../../schema/schema.ts';
import { plainType } from './compile-serial.ts';
import { quoteIdentifier, quoteLiteral } from './quote.ts';
import { conversionOf, goesThroughText } from './type-change.ts';
import { typeSql } from './types.ts';

const ranges: Readonly<Partial<Record<ColumnType['kind'], readonly [low: string, high: string]>>> = {
  smallint: ['-32768', '32767'],
  integer: ['-2147483648', '2147483647'],
  bigint: ['-9223372036854775808', '9223372036854775807'],
};

const numbers = new Set<ColumnType['kind']>(['smallint', 'integer', 'bigint', 'numeric', 'real', 'double']);
const texts = new Set<ColumnType['kind']>(['text', 'varchar', 'char']);

function tooLong(column: string, to: ColumnType): string | null {
  if ((to.kind !== 'varchar' && to.kind !== 'char') || to.length === null) return null;
  return `length(rtrim(${column}::text, ' ')) > ${to.length}`;
}

function outOfRange(column: string, to: ColumnType): string | null {
  const range = ranges[to.kind];
  if (range !== undefined) return `round(${column}::numeric) NOT BETWEEN ${range[0]} AND ${range[1]}`;
  if (to.kind !== 'numeric' || to.precision === null) return null;
  const scale = to.scale ?? 0;
  return `abs(round(${column}::numeric, ${scale})) >= power(10::numeric, ${to.precision - scale})`;
}

/** PostgreSQL 16 can be asked whether a text would be taken for a value of a type. */
function unreadable(column: string, to: ColumnType, major: number): string | null {
  if (major < 16) return null;
  return `NOT pg_input_is_valid(${column}::text, ${quoteLiteral(typeSql(to))})`;
}

/** A condition that holds for values which the conversion refuses; `null`: none, or nobody can tell. */
export function brokenBy(column: Column, to: ColumnType, major: number): string | null {
  const from = plainType(column.type);
  const target = plainType(to);
  if (!conversionOf(from, target).narrows) return null;
  const name = quoteIdentifier(column.name);
  if (texts.has(target.kind)) return tooLong(name, target);
  if (numbers.has(from.kind) && numbers.has(target.kind)) return outOfRange(name, target);
  const isRead = texts.has(from.kind) || target.kind === 'enum' || goesThroughText(from, target);
  return isRead ? unreadable(name, target, major) : null;
}

function changedNumber(column: string, to: ColumnType): string | null {
  if (ranges[to.kind] !== undefined) return `round(${column}::numeric) <> ${column}::numeric`;
  if (to.kind !== 'numeric' || to.precision === null) return null;
  return `round(${column}::numeric, ${to.scale ?? 0}) <> ${column}::numeric`;
}

/** A condition that holds for values which the conversion rounds; `null`: it keeps them, or refuses them. */
export function lossBy(column: Column, to: ColumnType): string | null {
  const from = plainType(column.type);
  const target = plainType(to);
  if (!conversionOf(from, target).narrows) return null;
  const name = quoteIdentifier(column.name);
  if (numbers.has(from.kind) && numbers.has(target.kind)) return changedNumber(name, target);
  if (from.kind !== 'timestamp') return null;
  if (target.kind === 'date') return `${name}::date <> ${name}`;
  return target.kind === 'timestamp' ? `${name}::${typeSql(target)} <> ${name}` : null;
}
