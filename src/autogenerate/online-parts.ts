// Indexes, keys and checks of a column, made anew for the column that is to take its place.
// In: a table, two columns, what a family can build beside. Out: operations for both halves, or what stands in the way.
// Must not know files, triggers or values.

import type { AdoptedUnique, Conversion, Retyping } from '../dialect/retyping.ts';
import { targetOf } from '../operations/match.ts';
import type { Operation } from '../operations/operation.ts';
import { mentions, renameIn } from '../schema/identifiers-in-sql.ts';
import type { Check, Column, ForeignKey, Index, Table, TableRef, Unique } from '../schema/schema.ts';
import { plainPart, refOf } from '../schema/schema.ts';

/** What becomes of the parts. */
export interface Carried {
  /** In the first half, behind the backfill. */
  readonly build: readonly Operation[];
  /** In the second, once the old column is gone: they get the names of the old ones. */
  readonly settle: readonly Operation[];
  /** The second half undone: their names of the first, and the old ones made again. */
  readonly unsettle: readonly Operation[];
  readonly rebuild: readonly Operation[];
  /** Pairs of indexes that may change places with their columns. */
  readonly indexes: readonly { readonly name: string; readonly twin: string }[];
  /** Parts that cannot be made beside, in words. */
  readonly hindrances: readonly string[];
}

export interface Carriage {
  /** As it is, and the same with every part named. */
  readonly table: Table;
  readonly named: Table;
  readonly from: string;
  /** The column that takes its place, and its name in the end. */
  readonly twin: Column;
  readonly final: string;
  readonly conversion: Conversion;
  readonly retyping: Retyping;
  /** A name that is free, made of this one. */
  readonly freeName: (name: string) => string;
}

const nothing: Carried = { build: [], settle: [], unsettle: [], rebuild: [], indexes: [], hindrances: [] };

const hindered = (text: string): Carried => ({ ...nothing, hindrances: [text] });

function together(all: readonly Carried[]): Carried {
  return {
    build: all.flatMap(({ build }) => build),
    settle: all.flatMap(({ settle }) => settle),
    unsettle: all.flatMap(({ unsettle }) => unsettle),
    rebuild: all.flatMap(({ rebuild }) => rebuild),
    indexes: all.flatMap(({ indexes }) => indexes),
    hindrances: all.flatMap(({ hindrances }) => hindrances),
  };
}

const spoken = (sql: string, effect: readonly Operation[]): Operation => ({
  kind: 'execute',
  sql,
  inverse: null,
  effect,
  transaction: true,
});

const inList = (list: readonly string[], from: string, to: string): readonly string[] =>
  list.map((name) => (name === from ? to : name));

function inIndex(index: Index, from: string, to: string): Index {
  return {
    ...index,
    parts: index.parts.map((part) => ({
      ...part,
      column: part.column === from ? to : part.column,
      sql: part.sql === null ? null : renameIn(part.sql, from, to),
    })),
    include: inList(index.include, from, to),
    where: index.where === null ? null : renameIn(index.where, from, to),
  };
}

const speaksOf = (index: Index, name: string): boolean =>
  index.include.includes(name) ||
  [index.where, ...index.parts.map(({ sql }) => sql)].some((sql) => sql !== null && mentions(sql, name)) ||
  index.parts.some(({ column }) => column === name);

/** An expression, a condition, a method or a length belongs to a type. */
function isTyped({ parts, where, method }: Index, from: string): boolean {
  const own = parts.filter(({ column, sql }) => column === from || sql !== null);
  const isOdd =
    own.some(({ sql, operatorClass, length }) => sql ?? operatorClass ?? length ?? null) || where !== null;
  return isOdd || method !== null;
}

function hindranceOf(index: Index, { table, from, twin, conversion, retyping }: Carriage): string | null {
  const called = `index ${index.name ?? ''}`;
  if (retyping.concurrently && table.options['partitionBy'] !== undefined)
    return `${called}: of a partitioned table, which has none built while everybody writes`;
  if (index.unique && !conversion.staysUnique)
    return `unique ${called}: different values may become one of the new type`;
  if (!conversion.isAlike && isTyped(index, from)) return `${called}, which is made for the old type`;
  const computes = index.where !== null || index.parts.some(({ sql }) => sql !== null);
  if (computes && !retyping.builds.expressions)
    return `${called}, which computes: the server builds it while nobody writes`;
  const own = index.parts.find(({ column }) => column === from);
  if (own && index.method === null && retyping.unindexable(twin, own.length))
    return `${called}: the new type needs a prefix length in it`;
  return null;
}

const createIndex = (table: TableRef, index: Index, { concurrently }: Retyping): Operation => ({
  kind: 'createIndex',
  table,
  index,
  concurrently,
});
const dropIndex = (table: TableRef, index: Index): Operation => ({
  kind: 'dropIndex',
  table,
  target: targetOf(
    index,
    index.parts.flatMap(({ column }) => column ?? []),
  ),
  was: null,
  concurrently: false,
});

function carryIndex(index: Index, name: string, carriage: Carriage): Carried {
  const { from, twin, final, retyping, freeName } = carriage;
  const hindrance = hindranceOf({ ...index, name }, carriage);
  if (hindrance !== null) return hindered(hindrance);
  const ref = refOf(carriage.table);
  const beside: Index = { ...inIndex(index, from, twin.name), name: freeName(name) };
  const settled: Index = { ...inIndex(index, from, final), name: index.name };
  const renamed = (before: string, after: string) => retyping.renameIndex(ref, before, after);
  const twinName = beside.name ?? '';
  return {
    ...nothing,
    build: [createIndex(ref, beside, retyping)],
    settle: [
      spoken(renamed(twinName, name), [
        dropIndex(ref, { ...beside, ...inIndex(beside, twin.name, final) }),
        { ...createIndex(ref, settled, retyping), concurrently: false } as Operation,
      ]),
    ],
    unsettle: [
      spoken(renamed(name, twinName), [
        dropIndex(ref, settled),
        { ...createIndex(ref, beside, retyping), concurrently: false } as Operation,
      ]),
    ],
    rebuild: [createIndex(ref, index, retyping)],
    indexes: [{ name, twin: twinName }],
  };
}

const asIndex = (unique: Unique): Index => ({
  name: unique.name,
  parts: unique.columns.map((column) => ({ ...plainPart, column })),
  unique: true,
  where: null,
  method: null,
  include: [],
  nullsNotDistinct: unique.nullsNotDistinct,
  valid: true,
});

const dropUnique = (table: TableRef, unique: Unique): Operation => ({
  kind: 'dropUnique',
  table,
  target: targetOf(unique, unique.columns),
  was: null,
});

function carryUnique(unique: Unique, name: string, carriage: Carriage): Carried {
  const { from, twin, final, retyping, freeName } = carriage;
  const hindrance = hindranceOf({ ...asIndex(unique), name }, carriage);
  if (hindrance !== null) return hindered(hindrance);
  const ref = refOf(carriage.table);
  const beside: Unique = {
    ...unique,
    name: freeName(name),
    columns: inList(unique.columns, from, twin.name),
  };
  const settled: Unique = { ...unique, columns: inList(unique.columns, from, final) };
  const inTheEnd: Unique = { ...beside, columns: settled.columns };
  const twinName = beside.name ?? '';
  const add = (one: Unique): Operation => ({ kind: 'addUnique', table: ref, unique: one });
  const common = { ...nothing, rebuild: [add(unique)], indexes: [{ name, twin: twinName }] };
  if (retyping.adoptIndex === null) {
    const rename = (a: string, b: string) => retyping.renameIndex(ref, a, b);
    return {
      ...common,
      build: [add(beside)],
      settle: [spoken(rename(twinName, name), [dropUnique(ref, inTheEnd), add(settled)])],
      unsettle: [spoken(rename(name, twinName), [dropUnique(ref, settled), add(beside)])],
    };
  }
  // The index is built beside, and becomes a constraint in the second half.
  const built = createIndex(ref, asIndex(beside), retyping);
  const constraint: AdoptedUnique = { name, deferrable: unique.deferrable };
  return {
    ...common,
    build: [built],
    settle: [
      spoken(retyping.adoptIndex(ref, twinName, constraint), [
        dropIndex(ref, asIndex(inTheEnd)),
        add(settled),
      ]),
    ],
    unsettle: [dropUnique(ref, settled), built],
  };
}

function keyHindrance(
  key: ForeignKey,
  name: string,
  { table, conversion, retyping }: Carriage,
): string | null {
  if (!retyping.builds.foreignKeys)
    return `foreign key ${name}, which the server adds by a copy of the table only`;
  if (!conversion.isAlike) return `foreign key ${name}, which is of the old type`;
  if (table.options['partitionBy'] !== undefined)
    return `foreign key ${name}: of a partitioned table, which has none that is proven later`;
  const quiet = new Set(['no-action', 'restrict']);
  return !quiet.has(key.onUpdate) || key.onDelete === 'set-default'
    ? `foreign key ${name}, which changes the column by itself`
    : null;
}

function carryKey(key: ForeignKey, name: string, carriage: Carriage): Carried {
  const { from, twin, final, retyping, freeName } = carriage;
  const hindrance = keyHindrance(key, name, carriage);
  if (hindrance !== null) return hindered(hindrance);
  const ref = refOf(carriage.table);
  const twinName = freeName(name);
  const beside: ForeignKey = {
    ...key,
    name: twinName,
    columns: inList(key.columns, from, twin.name),
    valid: false,
  };
  const settled: ForeignKey = { ...key, columns: inList(key.columns, from, final), valid: true };
  const add = (foreignKey: ForeignKey): Operation => ({ kind: 'addForeignKey', table: ref, foreignKey });
  const drop = (one: ForeignKey): Operation => ({
    kind: 'dropForeignKey',
    table: ref,
    target: targetOf(one, one.columns),
    was: null,
  });
  const validate = (one: string): Operation => ({
    kind: 'validateConstraint',
    table: ref,
    target: { name: one },
    was: null,
  });
  const rename = (a: string, b: string) => retyping.renameConstraint(ref, a, b);
  return {
    ...nothing,
    build: [add(beside), validate(twinName)],
    settle: [spoken(rename(twinName, name), [drop({ ...beside, columns: settled.columns }), add(settled)])],
    unsettle: [spoken(rename(name, twinName), [drop(settled), add({ ...beside, valid: true })])],
    rebuild: [add(key)],
  };
}

function carryCheck(check: Check, name: string, carriage: Carriage): Carried {
  const { from, twin, final, conversion, retyping, freeName } = carriage;
  if (!retyping.builds.checks)
    return hindered(`check ${name}, which the server adds by a copy of the table only`);
  if (!conversion.isAlike) return hindered(`check ${name}, which is made for the old type`);
  const ref = refOf(carriage.table);
  const twinName = freeName(name);
  const said = (to: string): string => renameIn(check.sql, from, to);
  const beside: Check = { name: twinName, sql: said(twin.name), valid: true };
  const settled: Check = { ...check, sql: said(final), valid: true };
  const add = (one: Check): Operation => ({ kind: 'addCheck', table: ref, check: one });
  const drop = (one: Check): Operation => ({
    kind: 'dropCheck',
    table: ref,
    target: one.name === null ? { sql: one.sql } : { name: one.name },
    was: null,
  });
  const validate: Operation = {
    kind: 'validateConstraint',
    table: ref,
    target: { name: twinName },
    was: null,
  };
  const rename = (a: string, b: string) => retyping.renameConstraint(ref, a, b);
  return {
    ...nothing,
    build: [add({ ...beside, valid: false }), validate],
    settle: [spoken(rename(twinName, name), [drop(beside), add(settled)])],
    unsettle: [spoken(rename(name, twinName), [drop(settled), add(beside)])],
    rebuild: [add(check)],
  };
}

/** All parts of the table that speak of the column. */
export function carryParts(carriage: Carriage): Carried {
  const { table, named, from } = carriage;
  const nameAt = (list: readonly { readonly name: string | null }[], i: number): string =>
    list[i]?.name ?? '';
  return together([
    ...table.indexes.flatMap((index, i) =>
      speaksOf(index, from) ? [carryIndex(index, nameAt(named.indexes, i), carriage)] : [],
    ),
    ...table.uniques.flatMap((unique, i) =>
      unique.columns.includes(from) ? [carryUnique(unique, nameAt(named.uniques, i), carriage)] : [],
    ),
    ...table.checks.flatMap((check, i) =>
      mentions(check.sql, from) ? [carryCheck(check, nameAt(named.checks, i), carriage)] : [],
    ),
    ...table.foreignKeys.flatMap((key, i) =>
      key.columns.includes(from) ? [carryKey(key, nameAt(named.foreignKeys, i), carriage)] : [],
    ),
  ]);
}
