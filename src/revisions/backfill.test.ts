import { expect, test } from 'vitest';
import { createBuilder } from './builder.ts';
import type { BackfillOptions } from './operation-builder.ts';

const wanted: BackfillOptions = { table: 'person', set: { n: 'n + 1' }, inverse: 'nothing' };

function refusalOf(options: object): unknown {
  try {
    createBuilder().op.backfill({ ...wanted, ...options });
    return null;
  } catch (error) {
    return (error as Error).message;
  }
}

test.each([
  [{ batch: 0 }, 'backfill: batch is 0; it must be a whole number from 1'],
  [{ batch: 1.5 }, 'backfill: batch is 1.5; it must be a whole number from 1'],
  [{ pause: -5 }, 'backfill: pause is -5; it must be a number of milliseconds, from 0'],
  [{ pause: Number.NaN }, 'backfill: pause is NaN; it must be a number of milliseconds, from 0'],
  [{ rowsPerSecond: 0 }, 'backfill: rowsPerSecond is 0; it must be a whole number from 1'],
  [{ maxLag: '1s' }, 'backfill: maxLag is "1s"; it must be a number of milliseconds, from 0'],
  [{ set: {} }, 'backfill: set names no column'],
  [{ set: { n: 1 } }, 'backfill: set.n is 1; it must be an expression in SQL'],
  [{ where: ' ' }, 'backfill: where is " "; it must be an expression in SQL'],
  [{ inverse: { set: {} } }, 'backfill: inverse.set names no column'],
  [{ batch: 1, pause: 0, rowsPerSecond: 1, maxLag: null, where: 'true' }, null],
])('%j', (options, refusal) => {
  expect(refusalOf(options)).toBe(refusal);
});
