import { displayRef, refKey } from '../schema/schema.ts';
import type { OperationHandler } from './handler.ts';

export const dropSequence: OperationHandler<'dropSequence'> = {
  role: 'drop',
  apply: (draft, { sequence }) => {
    draft.sequences.delete(refKey(sequence));
  },
  invert: ({ was }) => (was === null ? null : [{ kind: 'createSequence', sequence: was }]),
  describe: ({ sequence }) => `drop sequence ${displayRef(sequence)}`,
  touches: ({ sequence }) => [{ kind: 'sequence', ref: sequence }],
  complete: (operation, before) => ({
    ...operation,
    was: operation.was ?? before.sequences.get(refKey(operation.sequence)) ?? null,
  }),
};
