import { SurefootError } from '../kernel/errors.ts';
import type { OperationOf, RowChange } from '../operations/operation.ts';
import { toRef } from '../schema/schema.ts';
import type { BackfillChange, BackfillOptions } from './operation-builder.ts';

const usualPace = { batch: 1000, pause: 10, maxLag: 10_000 } as const;

/** What an option has to be, and the words for it. */
type Rule = readonly [is: (value: unknown) => boolean, words: string];

const count: Rule = [(value) => Number.isSafeInteger(value) && Number(value) > 0, 'a whole number from 1'];
const milliseconds: Rule = [
  (value) => typeof value === 'number' && Number.isFinite(value) && value >= 0,
  'a number of milliseconds, from 0',
];
const sql: Rule = [(value) => typeof value === 'string' && value.trim() !== '', 'an expression in SQL'];

function refuse(option: string, problem: string): never {
  throw new SurefootError('schema/invalid', `backfill: ${option} ${problem}`, {
    details: { object: 'backfill', problem: `${option} ${problem}` },
    hint: 'Correct the call of op.backfill.',
  });
}

function demand(option: string, value: unknown, [is, words]: Rule): void {
  if (is(value)) return;
  const shown = typeof value === 'string' ? JSON.stringify(value) : String(value);
  refuse(option, `is ${shown}; it must be ${words}`);
}

function rowChange({ set, where }: BackfillChange, option: string): RowChange {
  const parts = Object.entries(set ?? {}).map(([column, expression]) => {
    demand(`${option}set.${column}`, expression, sql);
    return { column, sql: expression };
  });
  if (parts.length === 0) refuse(`${option}set`, 'names no column');
  if (where !== undefined) demand(`${option}where`, where, sql);
  return { set: parts, where: where ?? null };
}

/** The operation that an author asks for. */
export function toBackfill(options: BackfillOptions): OperationOf<'backfill'> {
  const { table, inverse, maxLag = usualPace.maxLag } = options;
  const rowsPerSecond = options.rowsPerSecond ?? null;
  const { batch = usualPace.batch, pause = usualPace.pause } = options;
  demand('batch', batch, count);
  demand('pause', pause, milliseconds);
  if (rowsPerSecond !== null) demand('rowsPerSecond', rowsPerSecond, count);
  if (maxLag !== null) demand('maxLag', maxLag, milliseconds);
  return {
    kind: 'backfill',
    table: toRef(table),
    change: rowChange(options, ''),
    pace: { batch, pauseMs: pause, rowsPerSecond, maxLagMs: maxLag },
    inverse: typeof inverse === 'object' ? rowChange(inverse, 'inverse.') : (inverse ?? null),
  };
}
