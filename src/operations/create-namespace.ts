import type { OperationHandler } from './handler.ts';

export const createNamespace: OperationHandler<'createNamespace'> = {
  role: 'create',
  apply: (draft, { namespace }) => {
    draft.namespaces.add(namespace);
  },
  invert: ({ namespace }) => [{ kind: 'dropNamespace', namespace }],
  describe: ({ namespace }) => `create namespace ${namespace}`,
  touches: ({ namespace }) => [{ kind: 'namespace', name: namespace }],
};
