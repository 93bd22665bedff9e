import type { OperationHandler } from './handler.ts';

export const dropNamespace: OperationHandler<'dropNamespace'> = {
  role: 'drop',
  apply: (draft, { namespace }) => {
    draft.namespaces.delete(namespace);
  },
  invert: ({ namespace }) => [{ kind: 'createNamespace', namespace }],
  describe: ({ namespace }) => `drop namespace ${namespace}`,
  touches: ({ namespace }) => [{ kind: 'namespace', name: namespace }],
};
