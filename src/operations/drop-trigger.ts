import { triggerKey } from '../schema/draft.ts';
import { displayRef } from '../schema/schema.ts';
import type { OperationHandler } from './handler.ts';

export const dropTrigger: OperationHandler<'dropTrigger'> = {
  role: 'drop',
  apply: (draft, { table, trigger }) => {
    draft.triggers.delete(triggerKey({ table, name: trigger }));
  },
  invert: ({ was }) => (was === null ? null : [{ kind: 'createTrigger', trigger: was }]),
  describe: ({ table, trigger }) => `drop trigger ${trigger} on ${displayRef(table)}`,
  touches: ({ table, trigger }) => [{ kind: 'trigger', table, name: trigger }],
  complete: (operation, before) => ({
    ...operation,
    was:
      operation.was ??
      before.triggers.get(triggerKey({ table: operation.table, name: operation.trigger })) ??
      null,
  }),
};
