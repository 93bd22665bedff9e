import { displayRef } from '../schema/schema.ts';
import type { OperationHandler } from './handler.ts';

export const backfill: OperationHandler<'backfill'> = {
  role: 'data',
  apply: () => {},
  invert: ({ table, change, pace, inverse }) => {
    if (inverse === null) return null;
    if (inverse === 'nothing') return [];
    return [{ kind: 'backfill', table, change: inverse, pace, inverse: change }];
  },
  describe: ({ table, change }) =>
    `backfill ${change.set.map(({ column }) => column).join(', ')} of ${displayRef(table)}`,
  touches: () => [],
};
