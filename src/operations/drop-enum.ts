import { displayRef, refKey } from '../schema/schema.ts';
import type { OperationHandler } from './handler.ts';

export const dropEnum: OperationHandler<'dropEnum'> = {
  role: 'drop',
  apply: (draft, operation) => {
    draft.enums.delete(refKey(operation.enum));
  },
  invert: ({ was }) => (was === null ? null : [{ kind: 'createEnum', enum: was }]),
  describe: (operation) => `drop enum ${displayRef(operation.enum)}`,
  touches: (operation) => [{ kind: 'enum', ref: operation.enum }],
  complete: (operation, before) => ({
    ...operation,
    was: operation.was ?? before.enums.get(refKey(operation.enum)) ?? null,
  }),
};
