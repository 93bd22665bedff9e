import { routineKey } from '../schema/draft.ts';
import { displayRef } from '../schema/schema.ts';
import type { OperationHandler } from './handler.ts';

export const dropRoutine: OperationHandler<'dropRoutine'> = {
  role: 'drop',
  apply: (draft, { routine }) => {
    draft.routines.delete(routineKey(routine));
  },
  invert: ({ was }) => (was === null ? null : [{ kind: 'createRoutine', routine: was }]),
  describe: ({ routine }) => `drop ${routine.kind} ${displayRef(routine)}`,
  touches: ({ routine }) => [{ kind: 'routine', routine }],
  complete: (operation, before) => ({
    ...operation,
    was: operation.was ?? before.routines.get(routineKey(operation.routine)) ?? null,
  }),
};
