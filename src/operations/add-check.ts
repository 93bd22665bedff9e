import { displayRef } from '../schema/schema.ts';
import type { OperationHandler } from './handler.ts';
import { changeTable, replacePart, tableObject } from './handler.ts';
import { sameCheck } from './match.ts';

export const addCheck: OperationHandler<'addCheck'> = {
  role: 'create',
  apply: (draft, { table, check }) =>
    changeTable(draft, table, (one) => ({
      ...one,
      checks: replacePart(one.checks, (other) => sameCheck(other, check), check),
    })),
  invert: ({ table, check }) => [
    {
      kind: 'dropCheck',
      table,
      target: check.name === null ? { sql: check.sql } : { name: check.name },
      was: check,
    },
  ],
  describe: ({ table, check }) => `add check (${check.sql}) to ${displayRef(table)}`,
  touches: ({ table }) => [tableObject(table)],
};
