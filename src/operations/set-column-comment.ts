import { displayRef, refKey } from '../schema/schema.ts';
import type { OperationHandler } from './handler.ts';
import { changeTable, tableObject } from './handler.ts';

export const setColumnComment: OperationHandler<'setColumnComment'> = {
  role: 'alter',
  apply: (draft, { table, column, to }) =>
    changeTable(draft, table, (one) => ({
      ...one,
      columns: one.columns.map((other) => (other.name === column ? { ...other, comment: to } : other)),
    })),
  invert: ({ table, column, from, to }) => [{ kind: 'setColumnComment', table, column, from: to, to: from }],
  describe: ({ table, column, to }) =>
    to === null
      ? `drop the comment of ${displayRef(table)}.${column}`
      : `comment on ${displayRef(table)}.${column}`,
  touches: ({ table }) => [tableObject(table)],
  complete: (operation, before) => {
    const column = before.tables
      .get(refKey(operation.table))
      ?.columns.find((one) => one.name === operation.column);
    return { ...operation, from: operation.from ?? column?.comment ?? null };
  },
};
