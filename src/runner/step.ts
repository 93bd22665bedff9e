import type { Row } from '../dialect/connection.ts';
import { textOf } from '../dialect/rows.ts';
import type { Segment, Statement } from '../dialect/statement.ts';
import type { JournalEntry } from '../journal/entry.ts';
import { changeRows } from '../journal/store.ts';
import { now } from '../kernel/clock.ts';
import { isSurefootError, SurefootError } from '../kernel/errors.ts';
import { askRows, checkAssertion, rowsInTheWay } from '../plan/questions.ts';
import { alter } from './alter.ts';
import { walkRows } from './batches.ts';
import { runCode } from './code.ts';
import { causeOf, StepFailure } from './failure.ts';
import { tidily } from './leftovers.ts';
import type { StepContext } from './outcome.ts';
import { withRebuild } from './rebuild.ts';
import { retrying } from './retry.ts';
import type { StepRun } from './step-entries.ts';
import {
  entry,
  failedEntry,
  finishedEntries,
  movedEntries,
  remainingEntries,
  satisfiedEntries,
  startedEntry,
} from './step-entries.ts';
import { goTogether, performTogether } from './together.ts';
import { limitAlone, limitTogether, watchedAs } from './wait.ts';
import { cancelled } from './watcher.ts';

// One revision in one direction. Its last transaction carries the move of the version rows, so that a step is applied
// exactly when its `moved` is there. Statements of a transaction commit together with their entries; a statement outside is
// `started` before and `finished` after.

export interface StepCounts {
  readonly statements: number;
  readonly satisfied: number;
}

/** Runs one step; throws a StepFailure with the place. */
export async function runStep(
  { step, headsBefore, isFollowed }: Pick<StepRun, 'step' | 'headsBefore' | 'isFollowed'>,
  context: StepContext,
): Promise<StepCounts> {
  const stepRun: StepRun = {
    step,
    headsBefore,
    isFollowed,
    context,
    startedAt: now(),
    performed: [],
    written: new Set(),
    asked: new Set(),
  };
  await writeRecovered(stepRun);
  for (const assertion of step.assertions)
    await checkAssertion(context.session.connection, step.revision, assertion);
  const last = step.segments.at(-1);
  const movesWithLast = last?.mode === 'transaction' || last?.mode === 'rebuild';
  for (const segment of step.segments) {
    await runSegment(segment, movesWithLast && segment === last, stepRun);
  }
  if (!movesWithLast) await together({ mode: 'transaction', statements: [] }, true, stepRun);
  return {
    statements: step.segments.reduce((sum, { statements }) => sum + statements.length, 0),
    satisfied: step.operations.filter(({ standing }) => standing !== 'pending').length,
  };
}

async function runSegment(segment: Segment, moves: boolean, stepRun: StepRun): Promise<void> {
  if (segment.mode === 'autocommit') await runAlone(segment.statements, stepRun);
  else if (segment.mode === 'batches') await inBatches(segment.statements, stepRun);
  else await together(segment, moves, stepRun);
}

/** Statements of a transaction leave nothing behind where others are in the way: all of them are tried again. */
async function together(segment: Segment, moves: boolean, stepRun: StepRun): Promise<void> {
  const { context, step } = stepRun;
  const { statements, mode } = segment;
  const { revision } = step;
  const forget = remembered(stepRun);
  const trial = { revision, sql: statements[0]?.sql ?? '', patience: context.patience(revision) };
  try {
    await retrying(trial, context, async () => {
      forget();
      if (mode !== 'rebuild') return await transaction(statements, { moves }, stepRun);
      await withRebuild(context.session, (beforeCommit) =>
        transaction(statements, { moves, beforeCommit }, stepRun),
      );
    });
  } catch (error) {
    if (!isLost(error)) await noteFailure(error, stepRun);
    throw error;
  }
}

/** What is known of the step now; calling it goes back to that. */
function remembered({ performed, written, asked }: StepRun): () => void {
  const [count, positions, questions] = [performed.length, [...written], [...asked]];
  return () => {
    performed.length = count;
    written.clear();
    for (const position of positions) written.add(position);
    asked.clear();
    for (const question of questions) asked.add(question);
  };
}

interface Ending {
  /** True: the version rows move with it. */
  readonly moves: boolean;
  readonly beforeCommit?: () => Promise<void>;
}

async function transaction(
  statements: readonly Statement[],
  ending: Ending,
  stepRun: StepRun,
): Promise<void> {
  const { session, watcher } = stepRun.context;
  refuseStopped(stepRun);
  try {
    const lockMs = limitTogether(statements, stepRun.step.revision, stepRun.context);
    await session.begin(lockMs, stepRun.isFollowed ? 'later' : 'now');
    if (statements.length > 0) await watcher.enter();
    const written: JournalEntry[] = [];
    if (goTogether(statements, stepRun)) await performTogether(statements, stepRun);
    else for (const statement of statements) await runStatement(statement, stepRun);
    for (const statement of statements) written.push(...finishedEntries(statement, stepRun));
    if (ending.moves)
      written.push(...remainingEntries(stepRun), ...satisfiedEntries(stepRun), ...movedEntries(stepRun));
    await conclude(written, ending, stepRun);
  } catch (error) {
    // A lost session undid it by itself. After some failures (a full disk) SQLite has, too, and knows of no transaction.
    if (!isSurefootError(causeOf(error), 'database/lost')) await session.rollback().catch(passOver);
    throw error;
  }
}

/** Between two statements a run can be stopped. */
function refuseStopped({ context, step }: StepRun): void {
  if (context.signal?.aborted) throw cancelled(step.revision);
}

/** Entries and version rows commit with what they tell of. */
async function conclude(
  entries: readonly JournalEntry[],
  { moves, beforeCommit }: Ending,
  { context, headsBefore, step }: StepRun,
): Promise<void> {
  const { session, store } = context;
  const commands = moves ? changeRows(store, headsBefore, step.heads) : [];
  if (beforeCommit === undefined) return await session.conclude(entries, commands);
  await session.write(entries);
  for (const command of commands) await session.command(command);
  await beforeCommit();
  await session.commit();
}

/** True: the session is gone, or the lock is somebody else's. */
function isLost(error: unknown): boolean {
  const cause = causeOf(error);
  return isSurefootError(cause, 'database/lost') || isSurefootError(cause, 'lock/lost');
}

/** Where it cannot even be written down that the step failed, why it failed is still the news. */
async function noteFailure(error: unknown, stepRun: StepRun): Promise<void> {
  await stepRun.context.session.write([failedEntry(error, stepRun)]).catch(passOver);
}

/** A refusal in the wake of another. */
function passOver(refusal: unknown): void {
  if (!isSurefootError(refusal)) throw refusal;
}

async function runAlone(statements: readonly Statement[], stepRun: StepRun): Promise<void> {
  const { session } = stepRun.context;
  for (const statement of statements) {
    refuseStopped(stepRun);
    await session.verify();
    await session.write([startedEntry(statement, stepRun)]);
    try {
      await persistently(statement, stepRun);
      await session.write(finishedEntries(statement, stepRun));
    } catch (error) {
      if (!isSurefootError(causeOf(error), 'database/lost')) await noteFailure(error, stepRun);
      throw error;
    }
  }
}

/** What was reached is written down batch by batch; here only that the end was. */
async function inBatches(statements: readonly Statement[], stepRun: StepRun): Promise<void> {
  const { session } = stepRun.context;
  for (const statement of statements) {
    const { walk } = statement;
    if (!walk) continue;
    try {
      refuseStopped(stepRun);
      await askDeferred(statement, stepRun);
      const started = now();
      const rows = await walkRows({ ...statement, walk }, stepRun);
      stepRun.performed.push({ statement, ms: now() - started, rows });
      await session.verify();
      await session.write(finishedEntries(statement, stepRun));
    } catch (error) {
      if (!isLost(error)) await noteFailure(error, stepRun);
      throw error;
    }
  }
}

/** A statement that was refused for others' locks did nothing: it is tried again, after a look whether the lock is still held. */
async function persistently(statement: Statement, stepRun: StepRun): Promise<void> {
  const { context, step } = stepRun;
  const { session, watcher } = context;
  const { sql } = statement;
  const patience = context.patience(step.revision);
  const trial = { revision: step.revision, sql, patience, once: session.dialect.waiting.isPatient(sql) };
  let isFirst = true;
  await retrying(trial, context, async () => {
    if (!isFirst) await session.verify();
    isFirst = false;
    await tidily(sql, { session, lockMs: patience.lockMs }, async () => {
      await session.limit(limitAlone(statement, step.revision, context));
      await watcher.enter();
      await runStatement(statement, stepRun);
    });
  });
}

async function runStatement(statement: Statement, stepRun: StepRun): Promise<void> {
  const place = { statement: statement.operation, sql: statement.kind === 'code' ? null : statement.sql };
  const started = now();
  try {
    refuseStopped(stepRun);
    await askDeferred(statement, stepRun);
    const { alteration } = statement;
    const done = await around(statement, stepRun, async () =>
      alteration
        ? { rows: null, way: await alter({ ...statement, alteration }, stepRun) }
        : { rows: await perform(statement, stepRun) },
    );
    stepRun.performed.push({ statement, ms: now() - started, ...done });
  } catch (error) {
    throw new StepFailure(place, error);
  }
}

/** Does it between what stands around the statement; what was held is freed in any case. */
async function around<T>(
  { around: given }: Statement,
  { context }: StepRun,
  work: () => Promise<T>,
): Promise<T> {
  if (!given) return await work();
  const { session } = context;
  try {
    for (const sql of given.guards) refuseStale((await session.send(sql)).rows[0]);
    for (const sql of given.before) await session.send(sql);
    for (const sql of given.checks) refuseStale((await session.send(sql)).rows[0]);
    return await work();
  } finally {
    for (const sql of given.after) await session.send(sql);
  }
}

/**
 * Questions about rows that had to wait: asked before the first statement of their operation. A statement may carry out
 * several operations and bears the number of the last, so those since the statement before are asked, too.
 */
async function askDeferred(statement: Statement, { step, context, asked }: StepRun): Promise<void> {
  const violations: string[] = [];
  for (const question of step.questions) {
    if (question.operation > statement.operation || asked.has(question)) continue;
    asked.add(question);
    const violation = await askRows(context.session.connection, question);
    if (violation !== null) violations.push(violation);
  }
  if (violations.length > 0) throw rowsInTheWay(violations);
}

async function perform(statement: Statement, { step, context }: StepRun): Promise<number | null> {
  if (statement.kind === 'code') {
    const operation = step.operations[statement.operation]?.operation;
    if (operation?.kind === 'run') await runCode(step.revision, operation.run, context);
    return null;
  }
  const { affected, rows } = await context.watcher.during(watchedAs(statement, step.revision, context), () =>
    context.session.send(statement.sql, statement.parameters),
  );
  if (statement.kind === 'assert') refuseStale(rows[0]);
  return statement.kind === 'data' ? affected : null;
}

/** A dialect's own precondition: its first value must be true, else the table is not what the plan was made for. */
function refuseStale(row: Row | undefined): void {
  const value = textOf(row, Object.keys(row ?? {})[0] ?? '');
  if (value !== null && !['0', 'f', 'false'].includes(value)) return;
  throw new SurefootError('plan/stale', 'the table is not what the plan was made for', {
    details: { problem: 'the schema has changed since' },
    hint: 'The step was rolled back. Run again: a new plan is made for what is there now.',
  });
}

/** What an interrupted run did and did not come to write down. */
async function writeRecovered(stepRun: StepRun): Promise<void> {
  const { session } = stepRun.context;
  const recovered = stepRun.step.operations.flatMap(({ standing }, statement) =>
    standing === 'recovered'
      ? [entry(stepRun, 'finished', { statement, data: { reason: 'found done after an interruption' } })]
      : [],
  );
  if (recovered.length === 0) return;
  await session.verify();
  await session.write(recovered);
}
