import { routineKey } from '../schema/draft.ts';
import { displayRef } from '../schema/schema.ts';
import type { OperationHandler } from './handler.ts';

export const createRoutine: OperationHandler<'createRoutine'> = {
  role: 'create',
  apply: (draft, { routine }) => {
    draft.routines.set(routineKey(routine), routine);
  },
  invert: ({ routine }) => {
    const { namespace, name, kind, signature } = routine;
    return [{ kind: 'dropRoutine', routine: { namespace, name, kind, signature }, was: routine }];
  },
  describe: ({ routine }) => `create ${routine.kind} ${displayRef(routine)}`,
  touches: ({ routine }) => [{ kind: 'routine', routine }],
};
