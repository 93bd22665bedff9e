import { displayColumn } from '../schema/display.ts';
import { displayRef } from '../schema/schema.ts';
import type { OperationHandler } from './handler.ts';
import { changeTable, replacePart, tableObject } from './handler.ts';

export const addColumn: OperationHandler<'addColumn'> = {
  role: 'create',
  apply: (draft, { table, column }) =>
    changeTable(draft, table, (one) => ({
      ...one,
      columns: replacePart(one.columns, (other) => other.name === column.name, column),
    })),
  invert: ({ table, column }) => [
    {
      kind: 'dropColumn',
      table,
      column: column.name,
      was: column,
      lost: { uniques: [], foreignKeys: [], checks: [], indexes: [] },
    },
  ],
  describe: ({ table, column }) => `add column ${displayRef(table)}.${column.name} ${displayColumn(column)}`,
  touches: ({ table }) => [tableObject(table)],
};
