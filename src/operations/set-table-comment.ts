import { displayRef, refKey } from '../schema/schema.ts';
import type { OperationHandler } from './handler.ts';
import { changeTable, tableObject } from './handler.ts';

export const setTableComment: OperationHandler<'setTableComment'> = {
  role: 'alter',
  apply: (draft, { table, to }) => changeTable(draft, table, (one) => ({ ...one, comment: to })),
  invert: ({ table, from, to }) => [{ kind: 'setTableComment', table, from: to, to: from }],
  describe: ({ table, to }) =>
    to === null ? `drop the comment of ${displayRef(table)}` : `comment on ${displayRef(table)}`,
  touches: ({ table }) => [tableObject(table)],
  complete: (operation, before) => ({
    ...operation,
    from: operation.from ?? before.tables.get(refKey(operation.table))?.comment ?? null,
  }),
};
