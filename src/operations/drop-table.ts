import { triggerKey } from '../schema/draft.ts';
import { displayRef, refKey, sameRef } from '../schema/schema.ts';
import type { ObjectRef, OperationHandler } from './handler.ts';
import { tableObject } from './handler.ts';

export const dropTable: OperationHandler<'dropTable'> = {
  role: 'drop',
  apply: (draft, { table }) => {
    draft.tables.delete(refKey(table));
    for (const trigger of [...draft.triggers.values()]) {
      if (sameRef(trigger.table, table)) draft.triggers.delete(triggerKey(trigger));
    }
  },
  invert: ({ was, triggers }) =>
    was === null
      ? null
      : [
          { kind: 'createTable', table: was },
          ...triggers.map((trigger) => ({ kind: 'createTrigger', trigger }) as const),
        ],
  describe: ({ table }) => `drop table ${displayRef(table)}`,
  touches: ({ table, triggers }) => [
    tableObject(table),
    ...triggers.map((trigger): ObjectRef => ({ kind: 'trigger', table: trigger.table, name: trigger.name })),
  ],
  complete: (operation, before) => {
    const was = operation.was ?? before.tables.get(refKey(operation.table)) ?? null;
    const known = [...before.triggers.values()].filter((trigger) => sameRef(trigger.table, operation.table));
    return { ...operation, was, triggers: operation.triggers.length > 0 ? operation.triggers : known };
  },
};
