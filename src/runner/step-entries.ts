// What the journal is told of a step.
// In: a step as far as it has run. Out: entries. Must not write them.

import type { RowQuestion } from '../dialect/dialect.ts';
import type { Statement } from '../dialect/statement.ts';
import type { EntryData, JournalEntry } from '../journal/entry.ts';
import { now } from '../kernel/clock.ts';
import { isSurefootError, messageOf } from '../kernel/errors.ts';
import { identityOf } from '../plan/data-steps.ts';
import type { PlannedOperation, Step } from '../plan/plan.ts';
import { StepFailure } from './failure.ts';
import type { StepContext } from './outcome.ts';

/** A statement that ran: how long it took, the rows it touched. */
export interface Performed {
  readonly statement: Statement;
  readonly ms: number;
  readonly rows: number | null;
  /** The way in which a table was altered. */
  readonly way?: string;
}

const statementsOf = ({ segments }: Step): readonly Statement[] =>
  segments.flatMap(({ statements }) => statements);

/** The operations that a statement carries out: its own, and those before it that have none. */
export function carriedBy({ operation }: Statement, { step, written }: StepRun): readonly number[] {
  const own = new Set(statementsOf(step).map((statement) => statement.operation));
  return step.operations.flatMap(({ standing }, position) =>
    standing === 'pending' &&
    !written.has(position) &&
    (position === operation || (position < operation && !own.has(position)))
      ? [position]
      : [],
  );
}

/** What tells an operation from others, where the catalogue does not show it. */
function identified(position: number, { step }: StepRun): EntryData {
  const operation = step.operations[position]?.operation;
  const identity = operation ? identityOf(operation) : null;
  return identity === null ? {} : { identity };
}

/** One entry an operation, written with the last of its statements. */
export function finishedEntries(statement: Statement, stepRun: StepRun): readonly JournalEntry[] {
  const { operation } = statement;
  const own = statementsOf(stepRun.step).filter((one) => one.operation === operation);
  if (own.at(-1) !== statement) return [];
  return carriedBy(statement, stepRun).map((position) => {
    stepRun.written.add(position);
    const times = position === operation ? measured(own, stepRun) : {};
    return entry(stepRun, 'finished', {
      statement: position,
      data: { ...times, ...identified(position, stepRun) },
    });
  });
}

function measured(statements: readonly Statement[], { performed }: StepRun): EntryData {
  const own = performed.filter(({ statement }) => statements.includes(statement));
  const rows = own.flatMap((one) => (one.rows === null ? [] : [one.rows]));
  const ms = sum(own.map((one) => one.ms));
  const way = own.findLast((one) => one.way !== undefined)?.way;
  return { ms, ...(rows.length === 0 ? {} : { rows: sum(rows) }), ...(way === undefined ? {} : { way }) };
}

const sum = (numbers: readonly number[]): number => numbers.reduce((total, one) => total + one, 0);

export interface StepRun {
  readonly step: Step;
  readonly headsBefore: readonly string[];
  readonly context: StepContext;
  /** Another step follows, and whoever has seen that one on disk has seen this one. */
  readonly isFollowed: boolean;
  readonly startedAt: number;
  /** What ran so far. */
  readonly performed: Performed[];
  /** Positions of the operations whose `finished` is written. */
  readonly written: Set<number>;
  /** The questions about rows that have been asked. */
  readonly asked: Set<RowQuestion>;
}

export const entry = (
  stepRun: StepRun,
  event: JournalEntry['event'],
  facts: { readonly statement?: number; readonly data?: EntryData } = {},
): JournalEntry => ({
  event,
  revision: stepRun.step.revision,
  direction: stepRun.step.direction,
  statement: facts.statement ?? null,
  data: facts.data ?? {},
});

export function failedEntry(error: unknown, stepRun: StepRun): JournalEntry {
  const place = error instanceof StepFailure ? error : null;
  const cause = place ? place.cause : error;
  const code = isSurefootError(cause) ? cause.code : 'run/code-failed';
  const data = {
    error: { code, message: messageOf(cause) },
    who: stepRun.context.who,
    tool: stepRun.context.tool,
  };
  return entry(
    stepRun,
    'failed',
    place?.statement === null || place === null ? { data } : { statement: place.statement, data },
  );
}

/** Written down before it is sent: a `started` that nothing answers is the trace of a crash. */
export function startedEntry(statement: Statement, stepRun: StepRun): JournalEntry {
  const carries = carriedBy(statement, stepRun);
  const data: EntryData = {
    sql: [statement.sql],
    ...identified(statement.operation, stepRun),
    ...(carries.length > 1 ? { carries } : {}),
    who: stepRun.context.who,
  };
  return entry(stepRun, 'started', { statement: statement.operation, data });
}

/** How far a backfill has come. */
export function advancedEntry(
  { operation }: Statement,
  cursor: NonNullable<EntryData['cursor']>,
  stepRun: StepRun,
): JournalEntry {
  const data = { ...identified(operation, stepRun), cursor, rows: cursor.rows, who: stepRun.context.who };
  return entry(stepRun, 'advanced', { statement: operation, data });
}

/** Operations after the last statement, or that need none on this server. */
export function remainingEntries(stepRun: StepRun): readonly JournalEntry[] {
  return stepRun.step.operations.flatMap(({ standing }, statement) =>
    standing === 'pending' && !stepRun.written.has(statement)
      ? [entry(stepRun, 'finished', { statement, data: identified(statement, stepRun) })]
      : [],
  );
}

export const satisfiedEntries = (stepRun: StepRun): readonly JournalEntry[] =>
  stepRun.step.operations.flatMap((one: PlannedOperation, statement) =>
    one.standing === 'pending' || one.standing === 'done' || one.standing === 'recovered'
      ? []
      : [
          entry(stepRun, 'satisfied', {
            statement,
            data: { description: one.description, reason: one.standing },
          }),
        ],
  );

export function movedEntries(stepRun: StepRun): readonly JournalEntry[] {
  const { step, context, startedAt } = stepRun;
  if (!step.moves) return [];
  const record = context.records.get(step.revision);
  const data: EntryData = {
    heads: step.heads,
    checksums: step.checksums,
    message: step.message,
    sql: step.segments.flatMap(({ statements }) => statements.map(({ sql }) => sql)),
    ms: now() - startedAt,
    who: context.who,
    tool: context.tool,
    ...(record
      ? {
          text: record.text,
          file: record.file,
          operations: { upgrade: record.upgrade, downgrade: record.downgrade },
        }
      : {}),
  };
  return [entry(stepRun, 'moved', { data })];
}
