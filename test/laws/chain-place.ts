// What a random change is drawn from: names, types, and what is there.
// In: a schema, dice. Out: what is free, and what others depend on. Must not know operations in detail.

import type { Operation } from '../../src/operations/operation.ts';
import type { ColumnBuilder } from '../../src/schema/column-builder.ts';
import { sql, t } from '../../src/schema/column-builder.ts';
import type { SchemaDraft } from '../../src/schema/draft.ts';
import { mentions } from '../../src/schema/identifiers-in-sql.ts';
import type { Column, DialectName, Table } from '../../src/schema/schema.ts';

export type Dice = (sides: number) => number;

/** What a change is drawn from. */
export interface Place {
  readonly dialect: DialectName;
  readonly draft: SchemaDraft;
  readonly dice: Dice;
}

/** Several operations that belong together; `null`: the dice asked for what is not there. */
export type Change = (table: Table, place: Place) => readonly Operation[] | null;

// Of few names, some that differ in case only, and some that are those of columns and of tables.
export const tableNames = ['user', 'post', 'a "b"', 'order', 'Post', 'size'];
export const columnNames = ['name', 'size', 'Größe', 'x y', 'select', 'Name', 'post'];
export const partNames = ['part one', 'PART', 'post_size'];

const types: readonly (() => ColumnBuilder)[] = [
  () => t.integer(),
  () => t.varchar(20),
  () => t.text(),
  () => t.numeric(8, 2),
  () => t.boolean(),
  () => t.integer().default(3),
  () => t.varchar(9).notNull().default("it's"),
  () => t.timestamp().default(sql('CURRENT_TIMESTAMP')),
];

export const pick = <T>(list: readonly T[], dice: Dice): T | undefined => list[dice(list.length || 1)];
export const folded = (name: string) => name.toLowerCase();
export const without = (names: readonly string[], taken: readonly string[]) => {
  const known = new Set(taken.map(folded));
  return names.filter((name) => !known.has(folded(name)));
};
export const quoted = (name: string, { dialect }: Pick<Place, 'dialect'>) =>
  dialect === 'mysql' ? `\`${name.replaceAll('`', '``')}\`` : `"${name.replaceAll('"', '""')}"`;
export const typeOf = (dice: Dice) => (pick(types, dice) ?? t.integer)();

export const tablesOf = ({ draft }: Place) => [...draft.tables.values()];
export const isReferenced = (table: Table, place: Place) =>
  tablesOf(place).some(
    (other) => other !== table && other.foreignKeys.some((key) => key.references.table.name === table.name),
  );
export const isViewed = ({ name }: Table, { draft }: Place) =>
  [...draft.views.values()].some(({ sql: text }) => mentions(text, name));

/** Everything that has a name of its own, whatever its kind. */
export function takenNames(place: Place): readonly string[] {
  const parts = tablesOf(place).flatMap(({ name, primaryKey, uniques, foreignKeys, checks, indexes }) => [
    name,
    primaryKey?.name ?? '',
    ...[...uniques, ...foreignKeys, ...checks, ...indexes].map((part) => part.name ?? ''),
  ]);
  return [
    ...parts,
    ...place.draft.views.keys(),
    ...[...place.draft.triggers.values()].map(({ name }) => name),
  ];
}

/** A name that nothing has, or none. */
export const partName = (place: Place): { readonly name?: string } => {
  const name = place.dice(2) === 0 ? pick(without(partNames, takenNames(place)), place.dice) : undefined;
  return name === undefined ? {} : { name };
};
export const freeTable = (place: Place) => pick(without(tableNames, takenNames(place)), place.dice);
export const freeColumn = (table: Table, place: Place) =>
  pick(
    without(
      columnNames,
      table.columns.map(({ name }) => name),
    ),
    place.dice,
  );

/** Columns that texts of the table, its triggers or a view's say. */
export function isSaid(table: Table, column: string, { draft }: Place): boolean {
  const texts = [
    ...table.checks.map((one) => one.sql),
    ...table.columns.flatMap(({ generated }) => generated?.sql ?? []),
    ...table.indexes.flatMap(({ parts, where }) => [...parts.map((part) => part.sql ?? ''), where ?? '']),
    ...[...draft.triggers.values()].map((one) => one.sql),
    ...[...draft.views.values()].map((one) => one.sql),
  ];
  return texts.some((text) => mentions(text, column));
}

export const inKey = (table: Table, column: string) =>
  [table.primaryKey, ...table.foreignKeys].some((key) => key?.columns.includes(column));
export const isIndexed = (table: Table, column: string) =>
  inKey(table, column) ||
  table.uniques.some(({ columns }) => columns.includes(column)) ||
  table.indexes.some(({ parts }) => parts.some((part) => part.column === column));

export const canBeKey = (column: Column, { dialect }: Place) =>
  dialect !== 'mysql' || column.type.kind !== 'text';
export const keyable = (table: Table, place: Place) =>
  table.columns.filter((column) => canBeKey(column, place));
export const plain = (table: Table) => table.columns.slice(1);
