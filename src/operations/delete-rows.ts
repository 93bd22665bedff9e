import { displayRef } from '../schema/schema.ts';
import type { OperationHandler } from './handler.ts';

export const deleteRows: OperationHandler<'deleteRows'> = {
  role: 'data',
  apply: () => {},
  invert: ({ table, rows, key }) => [{ kind: 'insertRows', table, rows, key }],
  describe: ({ table, rows }) =>
    `delete ${rows.length} ${rows.length === 1 ? 'row' : 'rows'} from ${displayRef(table)}`,
  touches: () => [],
};
