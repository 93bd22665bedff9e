import { displayRef, refKey } from '../schema/schema.ts';
import type { OperationHandler } from './handler.ts';
import { changeTable, tableObject } from './handler.ts';
import { displayTarget, findDropped, findTarget } from './match.ts';

export const dropForeignKey: OperationHandler<'dropForeignKey'> = {
  role: 'drop',
  apply: (draft, operation) =>
    changeTable(draft, operation.table, (one) => {
      const found = findDropped(one.foreignKeys, operation, (key) => key.columns);
      return { ...one, foreignKeys: one.foreignKeys.filter((key) => key !== found) };
    }),
  invert: ({ table, was }) => (was === null ? null : [{ kind: 'addForeignKey', table, foreignKey: was }]),
  describe: ({ table, target }) => `drop foreign key ${displayTarget(target)} of ${displayRef(table)}`,
  touches: ({ table }) => [tableObject(table)],
  complete: (operation, before) => {
    const table = before.tables.get(refKey(operation.table));
    if (!table || operation.was) return operation;
    return {
      ...operation,
      was: findTarget(table.foreignKeys, operation.target, (key) => key.columns) ?? null,
    };
  },
};
