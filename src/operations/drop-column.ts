import { mentions } from '../schema/identifiers-in-sql.ts';
import type { Index, Table, TableRef } from '../schema/schema.ts';
import { displayRef, refKey } from '../schema/schema.ts';
import { dropPrimaryKey } from './drop-primary-key.ts';
import type { OperationHandler } from './handler.ts';
import { changeTable, tableObject } from './handler.ts';
import type { ColumnDependants, Operation } from './operation.ts';
import { dropFromOptions } from './options.ts';

function indexUses(index: Index, column: string): boolean {
  return (
    index.parts.some((part) => part.column === column || (part.sql !== null && mentions(part.sql, column))) ||
    index.include.includes(column) ||
    (index.where !== null && mentions(index.where, column))
  );
}

/** The parts of a table that cannot outlive the column. */
export function dependantsOf(table: Table, column: string): ColumnDependants {
  return {
    uniques: table.uniques.filter((unique) => unique.columns.includes(column)),
    foreignKeys: table.foreignKeys.filter((key) => key.columns.includes(column)),
    checks: table.checks.filter((check) => mentions(check.sql, column)),
    indexes: table.indexes.filter((index) => indexUses(index, column)),
  };
}

function without(table: Table, column: string): Table {
  const lost = dependantsOf(table, column);
  return {
    ...table,
    columns: table.columns.filter((one) => one.name !== column),
    primaryKey: table.primaryKey?.columns.includes(column) ? null : table.primaryKey,
    uniques: table.uniques.filter((one) => !lost.uniques.includes(one)),
    foreignKeys: table.foreignKeys.filter((one) => !lost.foreignKeys.includes(one)),
    checks: table.checks.filter((one) => !lost.checks.includes(one)),
    indexes: table.indexes.filter((one) => !lost.indexes.includes(one)),
    options: dropFromOptions(table.options, column),
  };
}

/** The primary key, if the column is part of it. */
function lostKey({ primaryKey, columns }: Table, column: string): Partial<ColumnDependants> {
  if (!primaryKey?.columns.includes(column)) return {};
  const nullable = columns.filter((one) => one.nullable && primaryKey.columns.includes(one.name));
  return nullable.length === 0 ? { primaryKey } : { primaryKey, nullable: nullable.map((one) => one.name) };
}

/** What brings the lost primary key back, as the inverse of dropping it would. */
function keyAgain(table: TableRef, { primaryKey, nullable = [] }: ColumnDependants): readonly Operation[] {
  if (!primaryKey) return [];
  return dropPrimaryKey.invert({ kind: 'dropPrimaryKey', table, was: primaryKey, nullable }) ?? [];
}

export const dropColumn: OperationHandler<'dropColumn'> = {
  role: 'drop',
  apply: (draft, { table, column }) => changeTable(draft, table, (one) => without(one, column)),
  invert: ({ table, was, lost }) =>
    was === null
      ? null
      : ([
          { kind: 'addColumn', table, column: was },
          ...keyAgain(table, lost),
          ...lost.uniques.map((unique) => ({ kind: 'addUnique', table, unique })),
          ...lost.indexes.map((index) => ({ kind: 'createIndex', table, index, concurrently: false })),
          ...lost.checks.map((check) => ({ kind: 'addCheck', table, check })),
          ...lost.foreignKeys.map((foreignKey) => ({ kind: 'addForeignKey', table, foreignKey })),
        ] as readonly Operation[]),
  describe: ({ table, column }) => `drop column ${displayRef(table)}.${column}`,
  touches: ({ table }) => [tableObject(table)],
  complete: (operation, before) => {
    const table = before.tables.get(refKey(operation.table));
    if (!table || operation.was) return operation;
    const was = table.columns.find((column) => column.name === operation.column) ?? null;
    return {
      ...operation,
      was,
      lost: { ...dependantsOf(table, operation.column), ...lostKey(table, operation.column) },
    };
  },
};
