// Another type for a column in use: how its values are converted, both ways, and how two columns change places.
// In: columns. Out: Conversion, one ALTER TABLE. Must not know revisions.
//
// The triggers go on while the columns change places, since no two statements are one here. So an expression that makes the
// new value of the old one also makes the old one of the new: whatever fits in both types is itself, the rest is NULL.

import type { Conversion, Exchange, Retyping } from '../../dialect/retyping.ts';
import type { Operation } from '../../operations/operation.ts';
import type { Column, ColumnType, TableRef } from '../../schema/schema.ts';
import { refOf } from '../../schema/schema.ts';
import { columnSql } from './column-sql.ts';
import { literal, quote, quoteRef } from './quote.ts';
import type { MysqlTraits } from './traits.ts';
import { isLong, normalizeType } from './types.ts';

/** What values a type can hold. */
type Room =
  | { readonly kind: 'integer'; readonly low: bigint; readonly high: bigint }
  | { readonly kind: 'decimal'; readonly whole: number; readonly scale: number }
  | { readonly kind: 'text'; readonly chars: number | null }
  | { readonly kind: 'enum'; readonly values: readonly string[] }
  | { readonly kind: 'time'; readonly sort: string; readonly precision: number }
  | { readonly kind: 'date' };

const bits: Readonly<Record<string, bigint>> = {
  boolean: 8n,
  tinyint: 8n,
  smallint: 16n,
  mediumint: 24n,
  integer: 32n,
  int: 32n,
  bigint: 64n,
};

function integerRoom(word: string, unsigned: boolean): Room | null {
  const width = bits[word];
  if (width === undefined) return null;
  const half = 2n ** (width - 1n);
  return unsigned
    ? { kind: 'integer', low: 0n, high: 2n * half - 1n }
    : { kind: 'integer', low: -half, high: half - 1n };
}

function nativeRoom(sql: string): Room | null {
  const [, word = '', unsigned] = /^(\w+)( unsigned)?$/.exec(sql) ?? [];
  if (/^(?:medium|long)text$/.test(word)) return { kind: 'text', chars: null };
  return integerRoom(word, unsigned !== undefined);
}

function roomOf(given: ColumnType, traits: MysqlTraits): Room | null {
  const type = normalizeType(given, traits);
  switch (type.kind) {
    case 'native':
      return typeof type.sql === 'string' ? nativeRoom(type.sql) : null;
    case 'numeric':
      return { kind: 'decimal', whole: (type.precision ?? 10) - (type.scale ?? 0), scale: type.scale ?? 0 };
    case 'varchar':
      return { kind: 'text', chars: type.length };
    case 'text':
      // 65535 bytes, of up to four for a character.
      return { kind: 'text', chars: 16_383 };
    case 'enum':
      return { kind: 'enum', values: type.values };
    case 'timestamp':
      return { kind: 'time', sort: type.zone ? 'timestamp' : 'datetime', precision: type.precision ?? 0 };
    case 'date':
      return { kind: 'date' };
    default:
      return integerRoom(type.kind, false);
  }
}

type Forward = ((value: string) => string) | null;
type Numeric = Extract<Room, { readonly kind: 'integer' | 'decimal' }>;

const where = (condition: string, value: string): string => `CASE WHEN ${condition} THEN ${value} END`;
const isNumeric = (room: Room): room is Numeric => room.kind === 'integer' || room.kind === 'decimal';

function bounds(room: Numeric): readonly [bigint, bigint] {
  if (room.kind === 'integer') return [room.low, room.high];
  const edge = 10n ** BigInt(room.whole);
  return [-edge, edge];
}

const scaleOf = (room: Numeric): number => (room.kind === 'integer' ? 0 : room.scale);

/** A condition on a number: it is a value of both types. A decimal ends short of its edge. */
function fitsBoth(value: string, a: Numeric, b: Numeric): string {
  const [[low, high], [floor, roof]] = [bounds(a), bounds(b)];
  const range = `${value} BETWEEN ${low > floor ? low : floor} AND ${high < roof ? high : roof}`;
  const scale = Math.min(scaleOf(a), scaleOf(b));
  const edges = [a, b]
    .filter((one) => one.kind === 'decimal')
    .map((one) => `ABS(${value}) < ${bounds(one)[1]}`);
  return [range, ...edges, `${value} = TRUNCATE(${value}, ${scale})`].join(' AND ');
}

/** Text and number: what is read as a number, and written as the text again. */
function textNumber(text: Extract<Room, { readonly kind: 'text' }>, number: Numeric): Forward {
  const scale = scaleOf(number);
  const whole = number.kind === 'integer' ? 20 : Math.max(1, number.whole);
  const pattern = `^[-+]?[0-9]{1,${whole}}${scale === 0 ? '' : `([.][0-9]{0,${scale}})?`}$`;
  const short = text.chars === null ? '' : ` AND CHAR_LENGTH(VALUE) <= ${text.chars}`;
  return (value) => {
    const cast = `CAST(${value} AS DECIMAL(${Math.min(65, whole + scale + 1)},${scale}))`;
    const isWritten = `${value} REGEXP ${literal(pattern)}${short.replace('VALUE', value)}`;
    return where(isWritten, where(fitsBoth(cast, number, number), cast));
  };
}

function texts(a: number | null, b: number | null): Forward {
  const shorter = a === null ? b : b === null ? a : Math.min(a, b);
  return (value) => (shorter === null ? value : where(`CHAR_LENGTH(${value}) <= ${shorter}`, value));
}

function times(a: Room, b: Room): Forward {
  if (a.kind === 'time' && b.kind === 'time')
    return a.sort === b.sort && b.precision >= a.precision ? (value) => value : null;
  const [from, to] = [a, b].map((room) => (room.kind === 'time' ? room.sort : room.kind));
  const isDay = (from === 'date' && to === 'datetime') || (from === 'datetime' && to === 'date');
  return isDay ? (value) => where(`${value} = DATE(${value})`, value) : null;
}

function forwardOf(a: Room, b: Room): Forward {
  if (isNumeric(a) && isNumeric(b)) return (value) => where(fitsBoth(value, a, b), value);
  if (a.kind === 'text' && b.kind === 'text') return texts(a.chars, b.chars);
  if (a.kind === 'text' && isNumeric(b)) return textNumber(a, b);
  if (isNumeric(a) && b.kind === 'text') return textNumber(b, a);
  const [enumerated, other] = a.kind === 'enum' ? [a, b] : [b, a];
  if (enumerated.kind === 'enum' && other.kind === 'text')
    return (value) =>
      where(`${value} IN (${enumerated.values.map(literal).join(', ')})`, `CONCAT(${value}, '')`);
  return times(a, b);
}

/** True if each value of the one is one of the other, as far as it is easily told. */
function holds(a: Room, b: Room): boolean {
  if (a.kind === 'integer' && b.kind === 'integer') return b.low <= a.low && b.high >= a.high;
  if (a.kind === 'decimal' && b.kind === 'decimal') return b.whole >= a.whole && b.scale >= a.scale;
  if (a.kind === 'text' && b.kind === 'text')
    return b.chars === null || (a.chars !== null && b.chars >= a.chars);
  return a.kind === 'time' && b.kind === 'time';
}

function conversion(from: Column, to: Column, traits: MysqlTraits): Conversion | null {
  const [a, b] = [roomOf(from.type, traits), roomOf(to.type, traits)];
  const forward = a && b && forwardOf(a, b);
  if (!forward) return null;
  const same = from.collation === to.collation;
  // The triggers compare both columns, which two collations forbid.
  if (!same && !isNumeric(a) && !isNumeric(b)) return null;
  const [isText, becomesText] = [a.kind === 'text', b.kind === 'text'];
  return {
    forward,
    back: null,
    fitsAlways: holds(a, b),
    staysUnique: same && (!isText || becomesText),
    isAlike: same && ((isText && becomesText) || (isNumeric(a) && isNumeric(b))),
  };
}

/** Room for more characters, where the length of a value is kept in as many bytes as before (of four to a character). */
function isInPlace({ type: from, collation }: Column, { type: to, ...wanted }: Column): boolean {
  if (from.kind !== 'varchar' || to.kind !== 'varchar' || collation !== wanted.collation) return false;
  const [before, after] = [from.length ?? 0, to.length ?? 0];
  return after >= before && before > 0 && (after <= 63 || before >= 256);
}

/** One ALTER TABLE: both columns and their indexes change names at once. It is done in place, while everybody writes. */
function exchange({ table, twin, wanted, indexes }: Exchange, traits: MysqlTraits): readonly Operation[] {
  const ref = refOf(table);
  const old = table.columns.find(({ name }) => name === wanted.name);
  if (!old) return [];
  const put: Column = { ...old, name: twin, nullable: true, default: null };
  const clauses = [
    `CHANGE ${quote(wanted.name)} ${columnSql(put, table, traits)}`,
    `CHANGE ${quote(twin)} ${columnSql(wanted, table, traits)}`,
    ...indexes.flatMap((one) => [
      `RENAME INDEX ${quote(one.name)} TO ${quote(one.twin)}`,
      `RENAME INDEX ${quote(one.twin)} TO ${quote(one.name)}`,
    ]),
  ];
  const sql = `ALTER TABLE ${quoteRef(ref)}\n  ${clauses.join(',\n  ')},\n  ALGORITHM=INPLACE, LOCK=NONE`;
  const becomes = (column: string, { name: _, ...changes }: Column): Operation => ({
    kind: 'alterColumn',
    table: ref,
    column,
    changes,
    was: null,
    using: null,
  });
  const effect = [becomes(twin, put), becomes(wanted.name, wanted)];
  return [{ kind: 'execute', sql, inverse: null, effect, transaction: true }];
}

/** The twin came last, and changes names without changing its place. */
function isExchanged({ namespace, name }: TableRef, column: string, twin: string): string {
  const place = namespace === null ? 'DATABASE()' : literal(namespace);
  const at = (one: string) =>
    `(SELECT ORDINAL_POSITION FROM information_schema.COLUMNS WHERE TABLE_SCHEMA = ${place} AND TABLE_NAME = ${literal(name)} AND COLUMN_NAME = ${literal(one)})`;
  return `COALESCE(${at(column)} > ${at(twin)}, FALSE)`;
}

/** Of MySQL or MariaDB. */
export function retypingFor(traits: MysqlTraits): Retyping {
  return {
    isInPlace,
    conversion: (from, to) => conversion(from, to, traits),
    builds: { foreignKeys: false, checks: false, expressions: false },
    proves: false,
    concurrently: false,
    unindexable: ({ type }, prefix) => isLong(normalizeType(type, traits)) && prefix === null,
    renameIndex: (table, from, to) =>
      `ALTER TABLE ${quoteRef(table)} RENAME INDEX ${quote(from)} TO ${quote(to)}`,
    adoptIndex: null,
    renameConstraint: (table, from, to) =>
      `ALTER TABLE ${quoteRef(table)} RENAME INDEX ${quote(from)} TO ${quote(to)}`,
    exchange: (request) => exchange(request, traits),
    isExchanged,
    // Out of range if it counts one: a statement has no other way to fail on a condition.
    failIf: (query) => `SELECT 18446744073709551615 + (SELECT COUNT(*) FROM (${query} LIMIT 1) AS misfits)`,
  };
}
