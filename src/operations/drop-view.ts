import { displayRef, refKey } from '../schema/schema.ts';
import type { OperationHandler } from './handler.ts';

export const dropView: OperationHandler<'dropView'> = {
  role: 'drop',
  apply: (draft, { view }) => {
    draft.views.delete(refKey(view));
  },
  invert: ({ was }) => (was === null ? null : [{ kind: 'createView', view: was }]),
  describe: ({ view }) => `drop view ${displayRef(view)}`,
  touches: ({ view }) => [{ kind: 'view', ref: view }],
  complete: (operation, before) => ({
    ...operation,
    was: operation.was ?? before.views.get(refKey(operation.view)) ?? null,
  }),
};
