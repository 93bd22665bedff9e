// What it means for present rows that a column's type changes.
// In: two types. Out: whether the table is rewritten, whether values may not fit, the cast that the server wants.
// Must not know tables or statements.

import { canonicalJson } from '../../kernel/hash.ts';
import type { ColumnType } from '../../schema/schema.ts';
import { isCastKnown } from './casts.ts';
import { parseType } from './parse-type.ts';
import { nativeSql, typeSql } from './types.ts';

/** The effect of a conversion. */
export interface Conversion {
  readonly rewrites: boolean;
  /** A present value may not fit: the statement fails, or the value loses something. */
  readonly narrows: boolean;
  /** An expression with `?` for the column, where the server does not convert by itself. */
  readonly cast: string | null;
}

function folded(type: ColumnType): ColumnType {
  return type.kind === 'native' ? parseType(nativeSql(type)) : type;
}

/** The same type, however it is spelled. The values of an enum are a matter of the enum. */
export function sameType(a: ColumnType, b: ColumnType): boolean {
  const left = folded(a);
  const right = folded(b);
  if (left.kind === 'enum' && right.kind === 'enum') {
    return left.name === right.name && left.namespace === right.namespace;
  }
  return canonicalJson(left) === canonicalJson(right);
}

type Family = 'text' | 'number' | 'temporal' | 'enum' | 'other';

const families: Readonly<Record<ColumnType['kind'], Family>> = {
  smallint: 'number',
  integer: 'number',
  bigint: 'number',
  numeric: 'number',
  real: 'number',
  double: 'number',
  text: 'text',
  varchar: 'text',
  char: 'text',
  timestamp: 'temporal',
  date: 'temporal',
  time: 'other',
  boolean: 'other',
  json: 'other',
  uuid: 'other',
  binary: 'other',
  native: 'other',
  enum: 'enum',
};

/** True where the server has no cast of its own: a value is read as the other type from its text, or refused. */
export function goesThroughText(from: ColumnType, to: ColumnType): boolean {
  return !isCastKnown(from, to);
}

/** Texts take every type by assignment, which checks the length; a written cast would cut in silence. */
function castOf(from: ColumnType, to: ColumnType): string | null {
  const family = families[to.kind];
  if (family === 'text') return null;
  if (family === 'enum') return `?::text::${typeSql(to)}`;
  if (family !== 'other' && family === families[from.kind]) return null;
  return goesThroughText(from, to) ? `?::text::${typeSql(to)}` : `?::${typeSql(to)}`;
}

const noLimit = Number.POSITIVE_INFINITY;
const orNoLimit = (length: number | null): number => length ?? noLimit;

/** How many characters fit. `null` where that is not the question. */
function capacity(type: ColumnType): number | null {
  if (type.kind === 'text') return noLimit;
  return type.kind === 'varchar' || type.kind === 'char' ? orNoLimit(type.length) : null;
}

const integerWidth: Readonly<Partial<Record<ColumnType['kind'], number>>> = {
  smallint: 2,
  integer: 4,
  bigint: 8,
};

function widensNumeric(from: ColumnType, to: ColumnType): boolean {
  if (from.kind !== 'numeric' || to.kind !== 'numeric') return false;
  if (to.precision === null) return true;
  return from.precision !== null && to.precision >= from.precision && to.scale === from.scale;
}

function widensTime(from: ColumnType, to: ColumnType): boolean {
  if ((from.kind !== 'timestamp' && from.kind !== 'time') || from.kind !== to.kind) return false;
  return from.zone === to.zone && (to.precision ?? 6) >= (from.precision ?? 6);
}

/** The values stay as they lie on disk (both are texts of at least that length, say). */
function keepsBytes(from: ColumnType, to: ColumnType): boolean {
  const before = capacity(from);
  const after = capacity(to);
  if (before !== null && after !== null) return from.kind !== 'char' && to.kind !== 'char' && after >= before;
  const zones = from.kind === 'timestamp' && to.kind === 'timestamp' && from.zone !== to.zone;
  return zones || widensNumeric(from, to) || widensTime(from, to);
}

function fitsAlways(from: ColumnType, to: ColumnType): boolean {
  const before = capacity(from);
  const after = capacity(to);
  if (before !== null && after !== null) return after >= before;
  if (after === noLimit || widensNumeric(from, to) || widensTime(from, to)) return true;
  const left = integerWidth[from.kind];
  const right = integerWidth[to.kind];
  if (left !== undefined && right !== undefined) return right >= left;
  return left !== undefined && to.kind === 'numeric' && to.precision === null;
}

/** What the server does when it converts the one into the other. */
export function conversionOf(from: ColumnType, to: ColumnType): Conversion {
  const before = folded(from);
  const after = folded(to);
  if (sameType(before, after)) return { rewrites: false, narrows: false, cast: null };
  return {
    rewrites: !keepsBytes(before, after),
    narrows: !fitsAlways(before, after),
    cast: castOf(before, after),
  };
}
