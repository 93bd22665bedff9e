import { mentions } from '../schema/identifiers-in-sql.ts';
import type { Index, Table } from '../schema/schema.ts';
import { displayRef, refKey } from '../schema/schema.ts';
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

export const dropColumn: OperationHandler<'dropColumn'> = {
  role: 'drop',
  apply: (draft, { table, column }) => changeTable(draft, table, (one) => without(one, column)),
  invert: ({ table, was, lost }) =>
    was === null
      ? null
      : ([
          { kind: 'addColumn', table, column: was },
          ...(lost.primaryKey
            ? [{ kind: 'addPrimaryKey', table, primaryKey: lost.primaryKey, nullable: [] }]
            : []),
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
    const { primaryKey } = table;
    const lost = dependantsOf(table, operation.column);
    const isKey = primaryKey?.columns.includes(operation.column) ?? false;
    return { ...operation, was, lost: primaryKey && isKey ? { ...lost, primaryKey } : lost };
  },
};
