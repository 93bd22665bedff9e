import type { ForeignKey, Table } from '../schema/schema.ts';
import { refKey, refOf } from '../schema/schema.ts';
import type { StepsAside } from './foreign-keys.ts';
import { needsFirst } from './order.ts';
import { adding, dropping } from './part-operations.ts';
import type { Staging } from './stages.ts';

const byRef = (tables: readonly Table[]): ReadonlyMap<string, Table> =>
  new Map(tables.map((table) => [refKey(table), table]));

const parentsOf = (table: Table): readonly string[] =>
  table.foreignKeys.map((key) => refKey(key.references.table));

/** Creates tables, parents first; a foreign key to a table that is not ready yet is added when all are there. */
export function createTables(
  tables: readonly Table[],
  isReady: (key: ForeignKey) => boolean,
  staging: Staging,
): void {
  const known = byRef(tables);
  const waiting = new Set(known.keys());
  const order = needsFirst(tables, (table) => parentsOf(table).flatMap((parent) => known.get(parent) ?? []));
  for (const table of order) {
    waiting.delete(refKey(table));
    const fits = (key: ForeignKey) => {
      const parent = refKey(key.references.table);
      return known.has(parent) ? !waiting.has(parent) : isReady(key);
    };
    staging.add('createTables', {
      kind: 'createTable',
      table: { ...table, foreignKeys: table.foreignKeys.filter(fits) },
    });
    const later = table.foreignKeys.filter((key) => !fits(key));
    staging.add('addForeignKeys', ...later.map((key) => adding.foreignKey(refOf(table), key)));
  }
}

/** A table that goes: before renames, and after them. Lists of both stand in the same order. */
export interface DroppedTable {
  readonly origin: Table;
  readonly actual: Table;
}

/** Children before their parents. */
function childrenFirst(tables: readonly DroppedTable[]): readonly DroppedTable[] {
  const known = new Map(tables.map((one) => [refKey(one.actual), one]));
  return needsFirst(tables, ({ actual }) =>
    parentsOf(actual).flatMap((parent) => known.get(parent) ?? []),
  ).toReversed();
}

export interface DropContext {
  readonly stepsAside: StepsAside;
  /** Names that parts are to be given elsewhere. */
  readonly names: ReadonlySet<string>;
}

const clashesWith =
  (names: ReadonlySet<string>) =>
  ({ name }: { readonly name: string | null }): boolean =>
    name !== null && names.has(name);

/** Names of parts must be free before another table gives them to parts of its own. */
function freeNames({ origin }: DroppedTable, names: ReadonlySet<string>, staging: Staging): void {
  const ref = refOf(origin);
  const clashes = clashesWith(names);
  staging.add('dropParts', ...origin.checks.filter(clashes).map((one) => dropping.check(ref, one)));
  staging.add('dropParts', ...origin.indexes.filter(clashes).map((one) => dropping.index(ref, one)));
  staging.add('dropParts', ...origin.uniques.filter(clashes).map((one) => dropping.unique(ref, one)));
  const key = origin.primaryKey;
  if (key && clashes(key)) staging.add('dropParts', dropping.primaryKey(ref, key));
}

/** True if a key of the table goes before the table does. */
function losesKeyEarly({ actual }: DroppedTable, names: ReadonlySet<string>): boolean {
  const unique = actual.indexes.filter((index) => index.unique);
  const keys = [...actual.uniques, ...unique, ...(actual.primaryKey ? [actual.primaryKey] : [])];
  return keys.some(clashesWith(names));
}

/** Drops tables, children first; foreign keys in a circle, and those in the way of other changes, before them. */
export function dropTables(tables: readonly DroppedTable[], context: DropContext, staging: Staging): void {
  const order = childrenFirst(tables);
  const place = new Map(order.map((one, at) => [refKey(one.actual), at]));
  const keyless = new Set(
    order.filter((one) => losesKeyEarly(one, context.names)).map((one) => refKey(one.actual)),
  );
  const goesFirst = ({ actual }: DroppedTable, key: ForeignKey, at: number): boolean => {
    const parent = refKey(key.references.table);
    const isCircular = (place.get(parent) ?? at) < at;
    return (
      isCircular || keyless.has(parent) || clashesWith(context.names)(key) || context.stepsAside(actual, key)
    );
  };
  order.forEach((one, at) => {
    const { origin, actual } = one;
    actual.foreignKeys.forEach((key, i) => {
      if (!goesFirst(one, key, at)) return;
      staging.add('dropForeignKeys', dropping.foreignKey(refOf(origin), origin.foreignKeys[i] ?? key));
    });
    freeNames(one, context.names, staging);
    staging.add('dropTables', { kind: 'dropTable', table: refOf(actual), was: null, triggers: [] });
  });
}

/** The names of all parts of a table. */
export function partNames(table: Table): readonly string[] {
  const { uniques, checks, indexes, foreignKeys, primaryKey } = table;
  const parts = [...uniques, ...checks, ...indexes, ...foreignKeys, ...(primaryKey ? [primaryKey] : [])];
  return parts.flatMap((part) => part.name ?? []);
}
