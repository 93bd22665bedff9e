import type { OperationHandler } from './handler.ts';

export const assert: OperationHandler<'assert'> = {
  role: 'data',
  apply: () => {},
  invert: () => [],
  describe: ({ message }) => `assert ${message}`,
  touches: () => [],
};
