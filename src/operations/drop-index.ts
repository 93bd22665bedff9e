import { displayRef, refKey } from '../schema/schema.ts';
import type { OperationHandler } from './handler.ts';
import { changeTable, tableObject } from './handler.ts';
import { displayTarget, findDropped, findTarget, indexColumns } from './match.ts';

export const dropIndex: OperationHandler<'dropIndex'> = {
  role: 'drop',
  apply: (draft, operation) =>
    changeTable(draft, operation.table, (one) => {
      const found = findDropped(one.indexes, operation, indexColumns);
      return { ...one, indexes: one.indexes.filter((index) => index !== found) };
    }),
  invert: ({ table, was, concurrently }) =>
    was === null ? null : [{ kind: 'createIndex', table, index: was, concurrently }],
  describe: ({ table, target }) => `drop index ${displayTarget(target)} of ${displayRef(table)}`,
  touches: ({ table }) => [tableObject(table)],
  complete: (operation, before) => {
    const table = before.tables.get(refKey(operation.table));
    if (!table || operation.was) return operation;
    return { ...operation, was: findTarget(table.indexes, operation.target, indexColumns) ?? null };
  },
};
