import { displayRef, refKey } from '../schema/schema.ts';
import type { OperationHandler } from './handler.ts';
import { changeTable, tableObject } from './handler.ts';
import type { Operation } from './operation.ts';

export const addPrimaryKey: OperationHandler<'addPrimaryKey'> = {
  role: 'create',
  apply: (draft, { table, primaryKey }) =>
    changeTable(draft, table, (one) => ({
      ...one,
      primaryKey,
      columns: one.columns.map((column) =>
        primaryKey.columns.includes(column.name) ? { ...column, nullable: false } : column,
      ),
    })),
  invert: ({ table, primaryKey, nullable }) => [
    { kind: 'dropPrimaryKey', table, was: primaryKey },
    ...nullable.map(
      (column): Operation => ({
        kind: 'alterColumn',
        table,
        column,
        changes: { nullable: true },
        was: { nullable: false },
        using: null,
      }),
    ),
  ],
  describe: ({ table, primaryKey }) =>
    `add primary key (${primaryKey.columns.join(', ')}) to ${displayRef(table)}`,
  touches: ({ table }) => [tableObject(table)],
  complete: (operation, before) => {
    const columns = before.tables.get(refKey(operation.table))?.columns ?? [];
    const nullable = columns.filter(
      (column) => column.nullable && operation.primaryKey.columns.includes(column.name),
    );
    return nullable.length === 0
      ? operation
      : { ...operation, nullable: nullable.map((column) => column.name) };
  },
};
