import type { OperationOf, RowChange } from '../operations/operation.ts';
import { toRef } from '../schema/schema.ts';
import type { BackfillChange, BackfillOptions } from './operation-builder.ts';

const usualPace = { batch: 1000, pause: 10, maxLag: 10_000 } as const;

function rowChange({ set, where }: BackfillChange): RowChange {
  const parts = Object.entries(set ?? {}).map(([column, sql]) => ({ column, sql }));
  return { set: parts, where: where ?? null };
}

/** The operation that an author asks for. */
export function toBackfill(options: BackfillOptions): OperationOf<'backfill'> {
  const { table, inverse, rowsPerSecond, maxLag = usualPace.maxLag } = options;
  const { batch = usualPace.batch, pause = usualPace.pause } = options;
  return {
    kind: 'backfill',
    table: toRef(table),
    change: rowChange(options),
    pace: { batch, pauseMs: pause, rowsPerSecond: rowsPerSecond ?? null, maxLagMs: maxLag },
    inverse: typeof inverse === 'object' ? rowChange(inverse) : (inverse ?? null),
  };
}
