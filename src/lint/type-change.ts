// What becomes of values when a column gets another type. In: two types. Out: a judgement. Must not know a database.

import { canonicalJson } from '../kernel/hash.ts';
import type { ColumnType } from '../schema/schema.ts';

/** `wider`: every value fits as it is. `other`: every value fits, as something else. `narrower`: some may not. */
export type TypeChange = 'same' | 'wider' | 'other' | 'narrower';

const integers = ['smallint', 'integer', 'bigint'];
const infinite = (length: number | null): number => length ?? Number.POSITIVE_INFINITY;

function ofNumbers(from: ColumnType, to: ColumnType): TypeChange | null {
  const [old, now] = [integers.indexOf(from.kind), integers.indexOf(to.kind)];
  if (old >= 0 && now >= 0) return now > old ? 'other' : 'narrower';
  if (from.kind === 'real' && to.kind === 'double') return 'wider';
  if (from.kind !== 'numeric' || to.kind !== 'numeric') return null;
  const whole = (type: typeof from) => infinite(type.precision) - (type.scale ?? 0);
  return whole(to) >= whole(from) && (to.precision === null || (to.scale ?? 0) >= (from.scale ?? 0))
    ? 'wider'
    : 'narrower';
}

const lengthOf = (type: ColumnType): number | null => {
  if (type.kind === 'text') return Number.POSITIVE_INFINITY;
  return type.kind === 'varchar' || type.kind === 'char' ? infinite(type.length) : null;
};

function ofTexts(from: ColumnType, to: ColumnType): TypeChange | null {
  const now = lengthOf(to);
  if (now === null) return null;
  const old = lengthOf(from);
  if (old !== null) return now >= old ? 'wider' : 'narrower';
  // Whatever can be written as text fits a text without an end.
  return now === Number.POSITIVE_INFINITY && from.kind !== 'binary' ? 'other' : 'narrower';
}

function ofSameKind(from: ColumnType, to: ColumnType): TypeChange | null {
  if (from.kind === 'binary' && to.kind === 'binary')
    return infinite(to.length) >= infinite(from.length) ? 'wider' : 'narrower';
  if (from.kind === 'enum' && to.kind === 'enum')
    return from.values.every((value) => to.values.includes(value)) ? 'wider' : 'narrower';
  const isTime = (type: ColumnType) => type.kind === 'time' || type.kind === 'timestamp';
  if (!isTime(from) || from.kind !== to.kind || !('zone' in from) || !('zone' in to)) return null;
  if (from.zone !== to.zone) return 'other';
  return infinite(to.precision) >= infinite(from.precision) ? 'wider' : 'narrower';
}

/** How a change of type treats values. A server's own type is one that nobody can tell anything of. */
export function typeChange(from: ColumnType, to: ColumnType): TypeChange {
  if (canonicalJson(from) === canonicalJson(to)) return 'same';
  if (from.kind === 'native' || to.kind === 'native') return 'other';
  return ofNumbers(from, to) ?? ofTexts(from, to) ?? ofSameKind(from, to) ?? 'narrower';
}
