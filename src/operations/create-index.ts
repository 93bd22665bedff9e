import { displayRef } from '../schema/schema.ts';
import type { OperationHandler } from './handler.ts';
import { changeTable, replacePart, tableObject } from './handler.ts';
import { indexColumns, sameIndex, targetOf } from './match.ts';

export const createIndex: OperationHandler<'createIndex'> = {
  role: 'create',
  apply: (draft, { table, index }) =>
    changeTable(draft, table, (one) => ({
      ...one,
      indexes: replacePart(one.indexes, (other) => sameIndex(other, index), index),
    })),
  invert: ({ table, index, concurrently }) => [
    { kind: 'dropIndex', table, target: targetOf(index, indexColumns(index)), was: index, concurrently },
  ],
  describe: ({ table, index }) =>
    `create ${index.unique ? 'unique ' : ''}index ${index.name ? `${index.name} ` : ''}on ${displayRef(table)} (${indexColumns(index).join(', ')})`,
  touches: ({ table }) => [tableObject(table)],
};
