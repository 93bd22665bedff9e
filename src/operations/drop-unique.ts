import type { Table, Unique } from '../schema/schema.ts';
import { displayRef, refKey } from '../schema/schema.ts';
import type { OperationHandler } from './handler.ts';
import { changeTable, tableObject } from './handler.ts';
import { displayTarget, findDropped, findTarget, indexColumns } from './match.ts';
import type { ConstraintTarget } from './operation.ts';

/** The unique index that stands for the constraint, as the constraint. */
function uniqueOf(table: Table, target: ConstraintTarget): Unique | null {
  const indexes = table.indexes.filter(
    (index) => index.unique && index.parts.every((part) => part.column !== null),
  );
  const found = findTarget(indexes, target, indexColumns);
  if (!found) return null;
  const { name, nullsNotDistinct } = found;
  return { name, columns: indexColumns(found), nullsNotDistinct, deferrable: 'no' };
}

export const dropUnique: OperationHandler<'dropUnique'> = {
  role: 'drop',
  // On servers where a unique constraint is a unique index, the live table has it among its indexes.
  apply: (draft, operation) =>
    changeTable(draft, operation.table, (one) => {
      const unique = findDropped(one.uniques, operation, (part) => part.columns);
      const index = unique
        ? undefined
        : findTarget(
            one.indexes.filter((part) => part.unique),
            operation.target,
            indexColumns,
          );
      return {
        ...one,
        uniques: one.uniques.filter((part) => part !== unique),
        indexes: one.indexes.filter((part) => part !== index),
      };
    }),
  invert: ({ table, was }) => (was === null ? null : [{ kind: 'addUnique', table, unique: was }]),
  describe: ({ table, target }) => `drop unique ${displayTarget(target)} of ${displayRef(table)}`,
  touches: ({ table }) => [tableObject(table)],
  complete: (operation, before) => {
    const table = before.tables.get(refKey(operation.table));
    if (!table || operation.was) return operation;
    const unique = findTarget(table.uniques, operation.target, (part) => part.columns);
    return { ...operation, was: unique ?? uniqueOf(table, operation.target) };
  },
};
