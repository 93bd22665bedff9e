// Another type for a column in use: how its values are converted, both ways.
// In: two columns. Out: Conversion. Must not know tables, triggers or revisions.

import type { Conversion, Retyping } from '../../dialect/retyping.ts';
import type { Column, ColumnType } from '../../schema/schema.ts';
import { parseType } from './parse-type.ts';
import { quoteIdentifier, quoteLiteral, quoteRef } from './quote.ts';
import { conversionOf } from './type-change.ts';
import { nativeSql, typeSql } from './types.ts';

type Family = 'integer' | 'numeric' | 'double' | 'text' | 'timestamp' | 'date';

const families: Readonly<Partial<Record<ColumnType['kind'], Family>>> = {
  smallint: 'integer',
  integer: 'integer',
  bigint: 'integer',
  numeric: 'numeric',
  double: 'double',
  text: 'text',
  varchar: 'text',
  timestamp: 'timestamp',
  date: 'date',
};

const ranges: Readonly<Partial<Record<ColumnType['kind'], readonly [low: string, high: string]>>> = {
  smallint: ['-32768', '32767'],
  integer: ['-2147483648', '2147483647'],
  bigint: ['-9223372036854775808', '9223372036854775807'],
};

const numbers = new Set<Family | undefined>(['integer', 'numeric', 'double']);
const isNumber = (type: ColumnType): boolean => numbers.has(families[type.kind]);
const isText = (type: ColumnType): boolean => families[type.kind] === 'text';

const folded = (type: ColumnType): ColumnType => (type.kind === 'native' ? parseType(nativeSql(type)) : type);

type Forward = ((value: string) => string) | null;

/** The value as the type, where the condition holds. */
const where = (condition: string, value: string): string => `CASE WHEN ${condition} THEN ${value} END`;

function fitsNumber(value: string, to: ColumnType, isWhole: boolean): string {
  const range = ranges[to.kind];
  if (range)
    return `${value} BETWEEN ${range[0]} AND ${range[1]}${isWhole ? '' : ` AND ${value} = trunc(${value})`}`;
  if (to.kind !== 'numeric' || to.precision === null) return `${value}::double precision::numeric = ${value}`;
  const scale = to.scale ?? 0;
  return `abs(${value}) < 1e${to.precision - scale} AND ${value} = round(${value}, ${scale})`;
}

const fitsAlways = (from: ColumnType, to: ColumnType): boolean => !conversionOf(from, to).narrows;

/** Numbers by way of numeric, in which all of them can be compared; what is no number of it (NaN, infinity) does not fit. */
function toNumber(from: ColumnType, to: ColumnType): Forward {
  const sql = typeSql(to);
  if (fitsAlways(from, to)) return (value) => `(${value})::${sql}`;
  const isWhole = families[from.kind] === 'integer';
  const fits = (value: string) => where(fitsNumber(`(${value})::numeric`, to, isWhole), `(${value})::${sql}`);
  return from.kind === 'double' ? (value) => where(`${value} BETWEEN -1e300 AND 1e300`, fits(value)) : fits;
}

/** Digits that the type can hold, and no more than a number can be read from. */
function digits(to: ColumnType): string | null {
  if (ranges[to.kind]) return '^[-+]?[0-9]{1,30}$';
  if (to.kind !== 'numeric') return null;
  const scale = to.precision === null ? 100 : (to.scale ?? 0);
  const whole = to.precision === null ? 100 : Math.max(1, to.precision - scale);
  return `^[-+]?[0-9]{1,${whole}}${scale === 0 ? '' : `([.][0-9]{0,${scale}})?`}$`;
}

function fromText(to: ColumnType, major: number): Forward {
  const sql = typeSql(to);
  const pattern = digits(to);
  if (pattern !== null)
    return (value) =>
      where(
        `${value} ~ ${quoteLiteral(pattern)}`,
        where(fitsNumber(`(${value})::numeric`, to, false), `(${value})::numeric::${sql}`),
      );
  if (to.kind === 'enum')
    return (value) =>
      where(`${value} IN (${to.values.map(quoteLiteral).join(', ')})`, `(${value})::text::${sql}`);
  if (major < 16 || (to.kind !== 'uuid' && to.kind !== 'json')) return null;
  return (value) =>
    where(`pg_input_is_valid((${value})::text, ${quoteLiteral(sql)})`, `(${value})::text::${sql}`);
}

function toText(to: ColumnType): Forward {
  if (to.kind !== 'varchar' || to.length === null) return (value) => `(${value})::text`;
  return (value) => where(`char_length((${value})::text) <= ${to.length}`, `(${value})::text`);
}

/** A time without a zone is taken for one of UTC, as this tool's own sessions do. */
function toTime(from: ColumnType, to: ColumnType): Forward {
  const sql = typeSql(to);
  if (to.kind === 'date') {
    if (from.kind !== 'timestamp' || from.zone) return null;
    return (value) => where(`(${value})::date = ${value}`, `(${value})::date`);
  }
  if (to.kind !== 'timestamp') return null;
  if (from.kind === 'date')
    return (value) => (to.zone ? `(${value})::timestamp AT TIME ZONE 'UTC'` : `(${value})::${sql}`);
  if (from.kind !== 'timestamp' || (to.precision ?? 6) < (from.precision ?? 6)) return null;
  return (value) => (from.zone === to.zone ? `(${value})::${sql}` : `(${value}) AT TIME ZONE 'UTC'`);
}

const writable = new Set<ColumnType['kind']>(['uuid', 'json', 'enum', 'boolean', 'date']);

function forwardOf(from: ColumnType, to: ColumnType, major: number): Forward {
  if (isText(to)) return isText(from) || isNumber(from) || writable.has(from.kind) ? toText(to) : null;
  if (isText(from)) return fromText(to, major);
  if (isNumber(from) && isNumber(to)) return toNumber(from, to);
  if (from.kind === 'boolean' && ranges[to.kind]) return (value) => `(${value})::integer::${typeSql(to)}`;
  if (ranges[from.kind] && to.kind === 'boolean')
    return (value) => where(`${value} IN (0, 1)`, `(${value})::integer::boolean`);
  return toTime(from, to);
}

function isAlike(from: ColumnType, to: ColumnType): boolean {
  return (isText(from) && isText(to)) || (isNumber(from) && isNumber(to));
}

function conversion(from: Column, to: Column, major: number): Conversion | null {
  const [before, after] = [folded(from.type), folded(to.type)];
  const forward = forwardOf(before, after, major);
  if (forward === null) return null;
  const same = from.collation === to.collation;
  // The trigger compares both columns, which two collations forbid.
  if (!same && isText(before) && isText(after)) return null;
  const zones = before.kind === 'timestamp' && after.kind === 'timestamp' && before.zone !== after.zone;
  const toDate = after.kind === 'timestamp' && after.zone && before.kind === 'date';
  return {
    forward,
    back: zones
      ? (value) => `(${value}) AT TIME ZONE 'UTC'`
      : toDate
        ? (value) => `((${value}) AT TIME ZONE 'UTC')::date`
        : null,
    fitsAlways: zones || after.kind === 'text' || fitsAlways(before, after),
    staysUnique: same && (!isText(before) || isText(after)),
    isAlike: same && isAlike(before, after),
  };
}

/** Texts and numbers that only get more room: the server changes the catalogue, and no row. */
function isInPlace(from: Column, to: Column): boolean {
  const { rewrites, narrows } = conversionOf(from.type, to.type);
  return (
    !rewrites && !narrows && from.collation === to.collation && isAlike(folded(from.type), folded(to.type))
  );
}

const deferrables = {
  no: '',
  'initially-immediate': ' DEFERRABLE INITIALLY IMMEDIATE',
  'initially-deferred': ' DEFERRABLE INITIALLY DEFERRED',
} as const;

/** Of a server of that major version. */
export function retypingFor(major: number): Retyping {
  return {
    isInPlace,
    conversion: (from, to) => conversion(from, to, major),
    builds: { foreignKeys: true, checks: true, expressions: true },
    proves: true,
    concurrently: true,
    unindexable: () => false,
    renameIndex: ({ namespace }, from, to) =>
      `ALTER INDEX ${quoteRef({ namespace, name: from })} RENAME TO ${quoteIdentifier(to)}`,
    adoptIndex: (table, index, { name, deferrable }) =>
      `ALTER TABLE ${quoteRef(table)} ADD CONSTRAINT ${quoteIdentifier(name)} UNIQUE USING INDEX ${quoteIdentifier(index)}${deferrables[deferrable]}`,
    renameConstraint: (table, from, to) =>
      `ALTER TABLE ${quoteRef(table)} RENAME CONSTRAINT ${quoteIdentifier(from)} TO ${quoteIdentifier(to)}`,
    exchange: null,
    failIf: (query) =>
      `DO $$ BEGIN IF EXISTS (${query}) THEN RAISE EXCEPTION 'a value does not fit'; END IF; END $$`,
  };
}
