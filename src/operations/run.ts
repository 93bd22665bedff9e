import type { OperationHandler } from './handler.ts';

export const run: OperationHandler<'run'> = {
  role: 'data',
  apply: () => {},
  invert: (operation) => {
    const { inverse } = operation.run;
    if (inverse === null) return null;
    if (inverse === 'nothing') return [];
    return [
      {
        kind: 'run',
        run: {
          ...operation.run,
          index: inverse,
          inverse: operation.run.index,
          description: `undo ${operation.run.description}`,
        },
        effect: [],
      },
    ];
  },
  describe: (operation) => `run ${operation.run.description}`,
  touches: () => [],
};
