import { displayRef, refKey, refOf } from '../schema/schema.ts';
import type { OperationHandler } from './handler.ts';

export const createSequence: OperationHandler<'createSequence'> = {
  role: 'create',
  apply: (draft, { sequence }) => {
    draft.sequences.set(refKey(sequence), sequence);
  },
  invert: ({ sequence }) => [{ kind: 'dropSequence', sequence: refOf(sequence), was: sequence }],
  describe: ({ sequence }) => `create sequence ${displayRef(sequence)}`,
  touches: ({ sequence }) => [{ kind: 'sequence', ref: refOf(sequence) }],
};
