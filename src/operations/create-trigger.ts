import { triggerKey } from '../schema/draft.ts';
import { displayRef } from '../schema/schema.ts';
import type { OperationHandler } from './handler.ts';

export const createTrigger: OperationHandler<'createTrigger'> = {
  role: 'create',
  apply: (draft, { trigger }) => {
    draft.triggers.set(triggerKey(trigger), trigger);
  },
  invert: ({ trigger }) => [
    { kind: 'dropTrigger', table: trigger.table, trigger: trigger.name, was: trigger },
  ],
  describe: ({ trigger }) => `create trigger ${trigger.name} on ${displayRef(trigger.table)}`,
  touches: ({ trigger }) => [{ kind: 'trigger', table: trigger.table, name: trigger.name }],
};
