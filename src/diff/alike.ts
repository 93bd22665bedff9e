// Tables that surely do not differ, told without taking them apart.
// In: two normalised tables. Out: whether a comparison part by part could find nothing. Must not know more than that: where
// it is not sure, the parts are compared.

import { sameJson } from '../kernel/hash.ts';
import type { PrimaryKey, Schema, Table } from '../schema/schema.ts';
import { refKey } from '../schema/schema.ts';

interface Named {
  readonly name: string | null;
}

const nameless = (one: object): object => ({ ...one, name: null });

/** The name counts only where both have one. */
function sameForm(a: Named, b: Named): boolean {
  return a.name === null || b.name === null ? sameJson(nameless(a), nameless(b)) : sameJson(a, b);
}

function sameKeys(a: PrimaryKey | null, b: PrimaryKey | null): boolean {
  return a === null || b === null ? a === b : sameForm(a, b);
}

/** Each of the one list has its like in the other: by name, and what either side left unnamed by what it is. */
function sameLists<T extends Named>(a: readonly T[], b: readonly T[], placeOf: (one: T) => string): boolean {
  if (a.length !== b.length) return false;
  if (a.length === 0) return true;
  const named = new Map(b.map((one) => [one.name, one]));
  const free = new Set(b);
  const loose: T[] = [];
  for (const one of a) {
    const other = one.name === null ? undefined : named.get(one.name);
    if (other === undefined) loose.push(one);
    else if (!free.delete(other) || !sameForm(one, other)) return false;
  }
  return loose.length === 0 || sameUnnamed(loose, [...free], placeOf);
}

/** Two in one place could be paired either way, which is for others to settle. */
function sameUnnamed<T extends Named>(
  a: readonly T[],
  b: readonly T[],
  placeOf: (one: T) => string,
): boolean {
  const places = new Map(b.map((one) => [placeOf(one), one]));
  if (places.size < b.length || new Set(a.map(placeOf)).size < a.length) return false;
  return a.every((one) => {
    const other = places.get(placeOf(one));
    return other !== undefined && (one.name === null || other.name === null) && sameForm(one, other);
  });
}

const list = (names: readonly (string | null)[]): string => names.join('\u0002');

function isAlike(a: Table, b: Table): boolean {
  return (
    a === b ||
    (a.comment === b.comment &&
      sameKeys(a.primaryKey, b.primaryKey) &&
      sameLists(a.columns, b.columns, ({ name }) => name) &&
      sameLists(a.uniques, b.uniques, ({ columns }) => list(columns)) &&
      sameLists(a.foreignKeys, b.foreignKeys, ({ columns }) => list(columns)) &&
      sameLists(a.checks, b.checks, ({ sql }) => sql) &&
      sameLists(a.indexes, b.indexes, ({ parts }) => list(parts.map(({ column, sql }) => column ?? sql))) &&
      sameJson(a.options, b.options))
  );
}

/** Both without the tables that they have alike. */
export function withoutAlike(wanted: Schema, actual: Schema): readonly [wanted: Schema, actual: Schema] {
  const others = new Map(actual.tables.map((table) => [refKey(table), table]));
  const alike = new Set<Table>();
  for (const table of wanted.tables) {
    const other = others.get(refKey(table));
    if (other !== undefined && !alike.has(other) && isAlike(table, other)) alike.add(table).add(other);
  }
  if (alike.size === 0) return [wanted, actual];
  const left = (schema: Schema): Schema => ({
    ...schema,
    tables: schema.tables.filter((table) => !alike.has(table)),
  });
  return [left(wanted), left(actual)];
}
