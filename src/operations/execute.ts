import type { OperationHandler } from './handler.ts';
import type { Operation } from './operation.ts';

const shown = 60;

function firstLine(sql: string): string {
  const line = sql.trim().split('\n')[0] ?? '';
  return line.length > shown ? `${line.slice(0, shown)}…` : line;
}

// What its effect does to a schema is the fold's matter (apply.ts), which knows all kinds.
export const execute: OperationHandler<'execute'> = {
  role: 'data',
  apply: () => {},
  invert: ({ sql, inverse, transaction }) =>
    inverse?.map(
      (text, i): Operation => ({
        kind: 'execute',
        sql: text,
        inverse: i === 0 ? [sql] : [],
        effect: null,
        transaction,
      }),
    ) ?? null,
  describe: ({ sql }) => `execute ${firstLine(sql)}`,
  touches: () => [],
};
