import { displayRef, refKey } from '../schema/schema.ts';
import type { OperationHandler } from './handler.ts';
import { changeTable, tableObject } from './handler.ts';
import type { Operation } from './operation.ts';

export const dropPrimaryKey: OperationHandler<'dropPrimaryKey'> = {
  role: 'drop',
  apply: (draft, { table }) => changeTable(draft, table, (one) => ({ ...one, primaryKey: null })),
  invert: ({ table, was, nullable = [] }) =>
    was === null
      ? null
      : [
          { kind: 'addPrimaryKey', table, primaryKey: was, nullable: [] },
          // Adding a key makes its columns NOT NULL.
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
  describe: ({ table }) => `drop the primary key of ${displayRef(table)}`,
  touches: ({ table }) => [tableObject(table)],
  complete: (operation, before) => {
    const table = before.tables.get(refKey(operation.table));
    const was = operation.was ?? table?.primaryKey ?? null;
    const inKey =
      table?.columns.filter((column) => column.nullable && was?.columns.includes(column.name)) ?? [];
    if (inKey.length === 0 || operation.nullable) return { ...operation, was };
    return { ...operation, was, nullable: inKey.map((column) => column.name) };
  },
};
