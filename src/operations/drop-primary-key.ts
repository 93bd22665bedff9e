import { displayRef, refKey } from '../schema/schema.ts';
import type { OperationHandler } from './handler.ts';
import { changeTable, tableObject } from './handler.ts';

export const dropPrimaryKey: OperationHandler<'dropPrimaryKey'> = {
  role: 'drop',
  apply: (draft, { table }) => changeTable(draft, table, (one) => ({ ...one, primaryKey: null })),
  invert: ({ table, was }) =>
    was === null ? null : [{ kind: 'addPrimaryKey', table, primaryKey: was, nullable: [] }],
  describe: ({ table }) => `drop the primary key of ${displayRef(table)}`,
  touches: ({ table }) => [tableObject(table)],
  complete: (operation, before) => ({
    ...operation,
    was: operation.was ?? before.tables.get(refKey(operation.table))?.primaryKey ?? null,
  }),
};
