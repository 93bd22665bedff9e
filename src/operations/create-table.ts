import { displayRef, refKey, refOf } from '../schema/schema.ts';
import type { OperationHandler } from './handler.ts';
import { tableObject } from './handler.ts';

export const createTable: OperationHandler<'createTable'> = {
  role: 'create',
  apply: (draft, { table }) => {
    draft.tables.set(refKey(table), table);
  },
  invert: ({ table }) => [{ kind: 'dropTable', table: refOf(table), was: table, triggers: [] }],
  describe: ({ table }) => `create table ${displayRef(table)}`,
  touches: ({ table }) => [tableObject(table)],
};
