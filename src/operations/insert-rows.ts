import { displayRef, refKey } from '../schema/schema.ts';
import type { OperationHandler } from './handler.ts';

export const insertRows: OperationHandler<'insertRows'> = {
  role: 'data',
  apply: () => {},
  invert: ({ table, rows, key }) => [{ kind: 'deleteRows', table, rows, key }],
  describe: ({ table, rows }) =>
    `insert ${rows.length} ${rows.length === 1 ? 'row' : 'rows'} into ${displayRef(table)}`,
  touches: () => [],
  complete: (operation, before) => ({
    ...operation,
    key: operation.key ?? before.tables.get(refKey(operation.table))?.primaryKey?.columns ?? null,
  }),
};
