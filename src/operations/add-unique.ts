import { displayRef } from '../schema/schema.ts';
import type { OperationHandler } from './handler.ts';
import { changeTable, replacePart, tableObject } from './handler.ts';
import { sameUnique, targetOf } from './match.ts';

export const addUnique: OperationHandler<'addUnique'> = {
  role: 'create',
  apply: (draft, { table, unique }) =>
    changeTable(draft, table, (one) => ({
      ...one,
      uniques: replacePart(one.uniques, (other) => sameUnique(other, unique), unique),
    })),
  invert: ({ table, unique }) => [
    { kind: 'dropUnique', table, target: targetOf(unique, unique.columns), was: unique },
  ],
  describe: ({ table, unique }) => `add unique (${unique.columns.join(', ')}) to ${displayRef(table)}`,
  touches: ({ table }) => [tableObject(table)],
};
