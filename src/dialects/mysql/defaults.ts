import { isUtf8 } from 'node:buffer';
import type { Column, ColumnDefault, ColumnType } from '../../schema/schema.ts';
import { foldExpression, literalOf } from './expressions.ts';
import { literal } from './quote.ts';
import { unquoteString } from './tokens.ts';
import type { MysqlTraits } from './traits.ts';
import { familyOf, isLong, valuesOf } from './types.ts';

const now = /^(now|current_timestamp|localtime|localtimestamp)(?:\((\d*)\))?$/;

/** The precision of a column of date and time; `null`: it has none. */
function precisionOf(type: ColumnType): number | null {
  return type.kind === 'timestamp' ? (type.precision ?? 0) : null;
}

/** The many words for now in one spelling; at a column of date and time with the precision that it must have. */
export function foldNow(sql: string, type: ColumnType): string | null {
  const match = now.exec(foldExpression(sql));
  if (!match) return null;
  const precision = precisionOf(type) ?? Number(match[2] ?? 0);
  return precision > 0 ? `CURRENT_TIMESTAMP(${precision})` : 'CURRENT_TIMESTAMP';
}

function decimalText(text: string, scale: number): string {
  const [number, sign = '', whole = '', fraction = ''] = /^([+-]?)0*(\d*)(?:\.(\d*))?$/.exec(text) ?? [];
  if (number === undefined || !/\d/.test(number)) return text;
  const digits = fraction.padEnd(scale, '0');
  // More digits than the scale would be rounded by the server; such text is left alone.
  if (digits.length > scale && /[1-9]/.test(digits.slice(scale))) return text;
  const kept = scale === 0 ? '' : `.${digits.slice(0, scale)}`;
  return `${sign === '-' ? '-' : ''}${whole === '' ? '0' : whole}${kept}`;
}

function scaleOf(type: ColumnType): number {
  if (type.kind === 'numeric') return type.scale ?? 0;
  const sql = type.kind === 'native' && typeof type.sql === 'string' ? type.sql : '';
  return Number(/,(\d+)\)/.exec(sql)?.[1] ?? 0);
}

function integerValue(text: string): string | number {
  if (!/^[+-]?\d+(\.0*)?$/.test(text.trim())) return /^[\d.]+e\d+$/i.test(text) ? Number(text) : text;
  const value = Number(text);
  return Number.isSafeInteger(value) ? value : BigInt(text.trim().replace(/\.0*$/, '')).toString();
}

function booleanValue(text: string): string | number | boolean {
  const value = integerValue(text);
  return value === 0 ? false : value === 1 ? true : value;
}

function temporalValue(text: string, type: ColumnType): string {
  const trimmed = text.trim().replace(/^(\d{4}-\d\d-\d\d)T/, '$1 ');
  if (type.kind === 'date') return trimmed.replace(/^(\d{4}-\d\d-\d\d) 00:00:00(\.0*)?$/, '$1');
  const precision = type.kind === 'time' || type.kind === 'timestamp' ? (type.precision ?? 0) : 0;
  let full = trimmed;
  if (type.kind === 'timestamp' && /^\d{4}-\d\d-\d\d$/.test(full)) full += ' 00:00:00';
  if (/(^|\s)\d\d:\d\d$/.test(full)) full += ':00';
  const [, base, fraction = ''] = /^(.*\d\d:\d\d:\d\d)(?:\.(\d+))?$/.exec(full) ?? [];
  if (base === undefined || /[1-9]/.test(fraction.slice(precision))) return full;
  return precision === 0 ? base : `${base}.${fraction.padEnd(precision, '0').slice(0, precision)}`;
}

function setValue(text: string, type: ColumnType): string {
  const members = type.kind === 'native' && typeof type.sql === 'string' ? valuesOf(type.sql, 'set') : null;
  if (members === null) return text;
  const chosen = text.split(',');
  return chosen.every((one) => members.includes(one))
    ? members.filter((one) => chosen.includes(one)).join(',')
    : text;
}

function textOfValue(value: string | number | boolean): string {
  return typeof value === 'boolean' ? (value ? '1' : '0') : String(value);
}

function normalizeLiteral(value: string | number | boolean, type: ColumnType): ColumnDefault {
  const text = textOfValue(value);
  switch (familyOf(type)) {
    case 'boolean':
      return { kind: 'literal', value: booleanValue(text) };
    case 'integer':
      return { kind: 'literal', value: integerValue(text) };
    case 'decimal':
      return { kind: 'literal', value: decimalText(text, scaleOf(type)) };
    case 'float':
      return { kind: 'literal', value: Number.isFinite(Number(text)) ? Number(text) : text };
    case 'temporal':
      return { kind: 'literal', value: temporalValue(text, type) };
    case 'bit':
      if (!/^\d+$/.test(text)) return { kind: 'literal', value: text };
      return { kind: 'expression', sql: `b'${BigInt(text).toString(2)}'` };
    default:
      return { kind: 'literal', value: setValue(text, type) };
  }
}

const bitLiteral = /^b'([01]*)'$/;
const hexLiteral = /^(?:0x([0-9a-f]*)|x'([0-9a-f]*)')$/;

/** The text that bytes are; `null`: they are not text. */
function utf8(hex: string): string | null {
  const bytes = Buffer.from(hex, 'hex');
  const text = bytes.toString('utf8');
  return Buffer.from(text, 'utf8').equals(bytes) ? text : null;
}

function literalOfSpecial(folded: string, type: ColumnType): ColumnDefault | null {
  const family = familyOf(type);
  const bits = bitLiteral.exec(folded)?.[1];
  if (bits !== undefined && family === 'bit') {
    return { kind: 'expression', sql: `b'${bits.replace(/^0+(?=.)/, '')}'` };
  }
  const hex = hexLiteral.exec(folded);
  const text = hex && family === 'binary' ? utf8(hex[1] ?? hex[2] ?? '') : null;
  return text === null ? null : { kind: 'literal', value: text };
}

function normalizeExpression(
  sql: string,
  type: ColumnType,
  columns: readonly string[],
): ColumnDefault | null {
  const folded = foldExpression(sql, columns);
  if (folded === 'null') return null;
  const moment = foldNow(sql, type);
  if (moment !== null) return { kind: 'expression', sql: moment };
  if (folded === 'true' || folded === 'false') return normalizeLiteral(folded === 'true', type);
  const value = literalOf(folded);
  if (value !== null) return normalizeLiteral(value, type);
  return literalOfSpecial(folded, type) ?? { kind: 'expression', sql: folded };
}

/** A default in the form that this server gives back. The column's type is normalised already. */
export function normalizeDefault(column: Column, columns: readonly string[]): ColumnDefault | null {
  if (column.default === null || column.generated !== null) return null;
  if (column.default.kind === 'literal') return normalizeLiteral(column.default.value, column.type);
  return normalizeExpression(column.default.sql, column.type, columns);
}

/** The value after DEFAULT. */
export function defaultSql(column: Column, traits: MysqlTraits): string {
  const value = column.default;
  if (value === null) return 'NULL';
  if (value.kind === 'expression') {
    const bare = /^CURRENT_TIMESTAMP(\(\d\))?$/.test(value.sql) || /^b'[01]*'$/.test(value.sql);
    return bare ? value.sql : `(${value.sql})`;
  }
  const text = literal(textOfValue(value.value));
  // MySQL takes no literal for what is kept outside the row, but an expression that is one.
  return isLong(column.type) && traits.flavor === 'mysql' ? `(${text})` : text;
}

/** MySQL's catalogue gives each byte of an expression's UTF-8 as a character. A text that is none was given rightly. */
function decoded(text: string): string {
  if (!/[\u0080-\u00ff]/.test(text) || /[^\0-\u00ff]/.test(text)) return text;
  const bytes = Buffer.from(text, 'latin1');
  return isUtf8(bytes) ? bytes.toString('utf8') : text;
}

/** MySQL's catalogue escapes an expression once more: `_utf8mb4\'x\'`. */
export function unescapeCatalogue(text: string): string {
  return decoded(text).replace(/\\([\s\S])/g, '$1');
}

/** The default that MySQL's catalogue tells; `extra` says whether it is an expression. */
export function readMysqlDefault(text: string | null, extra: string, type: ColumnType): ColumnDefault | null {
  if (text === null) return null;
  if (/DEFAULT_GENERATED/i.test(extra)) return { kind: 'expression', sql: unescapeCatalogue(text) };
  const family = familyOf(type);
  if (family === 'bit' || family === 'binary') return { kind: 'expression', sql: text };
  return { kind: 'literal', value: text };
}

/** The default that MariaDB's catalogue tells, as it would stand in SQL. */
export function readMariadbDefault(text: string | null): ColumnDefault | null {
  if (text === null || text === 'NULL') return null;
  if (/^'(?:[^'\\]|\\[\s\S]|'')*'$/.test(text)) return { kind: 'literal', value: unquoteString(text) };
  return { kind: 'expression', sql: text };
}
