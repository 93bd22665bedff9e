import { displayRef, refKey, refOf } from '../schema/schema.ts';
import type { OperationHandler } from './handler.ts';

export const createView: OperationHandler<'createView'> = {
  role: 'create',
  apply: (draft, { view }) => {
    draft.views.set(refKey(view), view);
  },
  invert: ({ view }) => [{ kind: 'dropView', view: refOf(view), was: view }],
  describe: ({ view }) => `create ${view.materialized ? 'materialized ' : ''}view ${displayRef(view)}`,
  touches: ({ view }) => [{ kind: 'view', ref: refOf(view) }],
};
