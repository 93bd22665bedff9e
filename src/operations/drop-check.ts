import { displayRef, refKey } from '../schema/schema.ts';
import type { OperationHandler } from './handler.ts';
import { changeTable, tableObject } from './handler.ts';
import { displayTarget, findCheck, findDroppedCheck } from './match.ts';

export const dropCheck: OperationHandler<'dropCheck'> = {
  role: 'drop',
  apply: (draft, operation) =>
    changeTable(draft, operation.table, (one) => {
      const found = findDroppedCheck(one, operation);
      return { ...one, checks: one.checks.filter((check) => check !== found) };
    }),
  invert: ({ table, was }) => (was === null ? null : [{ kind: 'addCheck', table, check: was }]),
  describe: ({ table, target }) => `drop check ${displayTarget(target)} of ${displayRef(table)}`,
  touches: ({ table }) => [tableObject(table)],
  complete: (operation, before) => {
    const table = before.tables.get(refKey(operation.table));
    if (!table || operation.was) return operation;
    return { ...operation, was: findCheck(table, operation.target) ?? null };
  },
};
