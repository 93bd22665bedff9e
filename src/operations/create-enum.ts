import { displayRef, refKey, refOf } from '../schema/schema.ts';
import type { OperationHandler } from './handler.ts';

export const createEnum: OperationHandler<'createEnum'> = {
  role: 'create',
  apply: (draft, operation) => {
    draft.enums.set(refKey(operation.enum), operation.enum);
  },
  invert: (operation) => [{ kind: 'dropEnum', enum: refOf(operation.enum), was: operation.enum }],
  describe: (operation) => `create enum ${displayRef(operation.enum)} (${operation.enum.values.join(', ')})`,
  touches: (operation) => [{ kind: 'enum', ref: refOf(operation.enum) }],
};
