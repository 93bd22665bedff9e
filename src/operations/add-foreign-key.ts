import { displayRef } from '../schema/schema.ts';
import type { OperationHandler } from './handler.ts';
import { changeTable, replacePart, tableObject } from './handler.ts';
import { sameForeignKey, targetOf } from './match.ts';

export const addForeignKey: OperationHandler<'addForeignKey'> = {
  role: 'create',
  apply: (draft, { table, foreignKey }) =>
    changeTable(draft, table, (one) => ({
      ...one,
      foreignKeys: replacePart(one.foreignKeys, (other) => sameForeignKey(other, foreignKey), foreignKey),
    })),
  invert: ({ table, foreignKey }) => [
    { kind: 'dropForeignKey', table, target: targetOf(foreignKey, foreignKey.columns), was: foreignKey },
  ],
  describe: ({ table, foreignKey }) =>
    `add foreign key (${foreignKey.columns.join(', ')}) of ${displayRef(table)} to ${displayRef(foreignKey.references.table)} (${foreignKey.references.columns.join(', ')})`,
  touches: ({ table, foreignKey }) => [tableObject(table), tableObject(foreignKey.references.table)],
};
