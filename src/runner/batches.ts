// A backfill: the rows of a table changed batch by batch, each batch in one transaction with the place it reached.
// In: a statement with a walk. Out: how many rows it changed. Must not know what is changed, or by which key.

import { numberOf, textOf } from '../dialect/rows.ts';
import type { Statement } from '../dialect/statement.ts';
import type { KeyText, Walk } from '../dialect/walk.ts';
import { now } from '../kernel/clock.ts';
import { isSurefootError, SurefootError } from '../kernel/errors.ts';
import { causeOf, StepFailure } from './failure.ts';
import { pause } from './patience.ts';
import type { Lookout } from './replicas.ts';
import { lookoutFrom } from './replicas.ts';
import { retrying } from './retry.ts';
import type { StepRun } from './step-entries.ts';
import { advancedEntry } from './step-entries.ts';
import { cancelled } from './watcher.ts';

/** A batch that takes longer holds its rows for too long: the next one is smaller. */
const longestBatchMs = 500;
/** A batch waits no longer for rows that others hold, since it holds others meanwhile. */
const rowLockMs = 1000;
const lagLookMs = 1000;

/** A backfill at work. */
interface Walker {
  readonly statement: Statement & { readonly walk: Walk };
  readonly stepRun: StepRun;
  readonly begun: number;
  /** Rows that the table has, about; `null`: not known. */
  readonly estimate: number | null;
  /** How many of `seen` were gone through by earlier runs. */
  readonly before: number;
  after: KeyText | null;
  seen: number;
  rows: number;
  /** Rows that the next batch goes through. */
  size: number;
  /** The journal's entry about it; `null`: there is none yet. */
  entry: number | null;
  /** The batch that is being sent, for whoever looks for the row that it fails at. */
  sending: string | null;
  readonly lookout: Lookout;
  askedLagAt: number;
}

/** What one transaction did. */
interface Batch {
  readonly seen: number;
  readonly rows: number;
  readonly ms: number;
}

/** Changes the rows, from where an interrupted run ended; gives how many there were. Ends between two batches where it is stopped. */
export async function walkRows(
  statement: Statement & { readonly walk: Walk },
  stepRun: StepRun,
): Promise<number> {
  const lookout = lookoutFrom(stepRun.context);
  let walker: Walker | null = null;
  try {
    walker = await openWalker(statement, { stepRun, lookout });
    await tellUnseen(walker);
    for (;;) {
      await awaitReplicas(walker);
      const batch = await persistentBatch(walker);
      if (batch === null) return walker.rows;
      const restMs = restAfter(walker, batch);
      tell(walker, restMs);
      await pause(restMs, stepRun.context.signal);
    }
  } catch (error) {
    const sql = walker?.sending ?? statement.sql;
    throw new StepFailure({ statement: statement.operation, sql }, causeOf(error));
  } finally {
    await lookout.close();
  }
}

async function openWalker(
  statement: Walker['statement'],
  { stepRun, lookout }: Pick<Walker, 'stepRun' | 'lookout'>,
): Promise<Walker> {
  const { walk } = statement;
  const cursor = stepRun.step.operations[statement.operation]?.cursor;
  const key = walk.key.map(({ name }) => name);
  if (cursor && cursor.key.join('\0') !== key.join('\0')) throw otherKey(cursor.key, stepRun);
  return {
    statement,
    stepRun,
    begun: now(),
    estimate: await estimated(walk, stepRun),
    before: cursor?.seen ?? 0,
    after: cursor?.after ?? null,
    seen: cursor?.seen ?? 0,
    rows: cursor?.rows ?? 0,
    size: walk.pace.batch,
    entry: null,
    sending: null,
    lookout,
    askedLagAt: 0,
  };
}

/** It would not know which rows it has been through. */
function otherKey(key: readonly string[], { step }: StepRun): SurefootError {
  const problem = `revision ${step.revision}: an interrupted run went through the rows by ${key.join(', ')}, which is not the key of the table any more`;
  return new SurefootError('plan/stale', problem, {
    details: { problem },
    hint: 'Give the table that key again and run again, or see to the rows by hand and say `surefoot resume --done`.',
  });
}

async function estimated({ table }: Walk, { context }: StepRun): Promise<number | null> {
  const { connection, dialect } = context.session;
  const { rows } = await connection.query(dialect.walking.estimate(table));
  return numberOf(rows[0], 'n');
}

/** Others who hold the rows make the batch smaller, so that it meets fewer of them. */
async function persistentBatch(walker: Walker): Promise<Batch | null> {
  const { statement, stepRun } = walker;
  const { context, step } = stepRun;
  const { revision } = step;
  let isFirst = true;
  return await retrying(
    { revision, sql: statement.sql, patience: context.patience(revision) },
    context,
    async () => {
      if (!isFirst) walker.size = Math.max(1, Math.floor(walker.size / 2));
      isFirst = false;
      if (context.signal?.aborted) throw cancelled(revision);
      return await oneBatch(walker);
    },
  );
}

async function oneBatch(walker: Walker): Promise<Batch | null> {
  const { statement, stepRun, after } = walker;
  const { session } = stepRun.context;
  const { walking } = session.dialect;
  const begun = now();
  const { rows } = await session.send(walking.window(statement.walk, after, walker.size));
  const [last] = rows;
  if (last === undefined) return null;
  const upTo = statement.walk.key.map((_, i) => textOf(last, `k${i}`) ?? '');
  const seen = numberOf(last, 'counted') ?? 0;
  const changed = await change(walker, upTo, seen);
  const ms = now() - begun;
  const { batch } = statement.walk.pace;
  const fitting = ms > longestBatchMs ? (walker.size * longestBatchMs) / ms : walker.size * 2;
  walker.size = Math.max(1, Math.min(batch, Math.floor(fitting)));
  return { seen, rows: changed, ms };
}

/** The rows and the place that they bring the backfill to stand in one transaction. */
async function change(walker: Walker, upTo: KeyText, seen: number): Promise<number> {
  const { statement, stepRun } = walker;
  const { context, step } = stepRun;
  const { session, watcher } = context;
  const sql = session.dialect.walking.update(statement.walk, walker.after, upTo);
  try {
    await session.begin(Math.min(rowLockMs, context.patience(step.revision).lockMs));
    await watcher.enter();
    walker.sending = sql;
    const watched = { revision: step.revision, sql, startMs: null, waitMs: null };
    const { affected } = await watcher.during(watched, () => session.send(sql));
    const reached = { seen: walker.seen + seen, rows: walker.rows + (affected ?? 0) };
    const key = statement.walk.key.map(({ name }) => name);
    const entry = advancedEntry(statement, { key, after: upTo, ...reached }, stepRun);
    const id = await session.advance(entry, walker.entry);
    await session.commit();
    Object.assign(walker, { ...reached, after: upTo, entry: id, sending: null });
    return affected ?? 0;
  } catch (error) {
    if (!isSurefootError(error, 'database/lost')) await session.rollback().catch(passOver);
    throw error;
  }
}

/** A refusal in the wake of another. */
function passOver(refusal: unknown): void {
  if (!isSurefootError(refusal)) throw refusal;
}

function tell({ statement, stepRun, estimate, seen, rows, begun, before }: Walker, restMs: number): void {
  const { revision } = stepRun.step;
  const ms = now() - begun;
  const share = estimate === null || estimate <= 0 ? null : Math.min(0.99, seen / estimate);
  const left = estimate === null || seen <= before ? null : Math.max(0, estimate - seen);
  stepRun.context.onStatement({
    kind: 'work',
    revision,
    sql: statement.sql,
    phase: `${rows} rows changed`,
    share,
    ms,
    // What each batch costs, the rest after it included.
    remainingMs: left === null ? null : Math.round(((ms + restMs) * left) / (seen - before)),
  });
}

/** Leaves the table to others for a while; where nothing was changed, nobody was in their way. */
function restAfter({ statement }: Walker, { rows, ms }: Batch): number {
  const { pauseMs, rowsPerSecond } = statement.walk.pace;
  if (rows === 0) return 0;
  const slowed = rowsPerSecond === null ? 0 : (rows / rowsPerSecond) * 1000 - ms;
  return Math.max(pauseMs, slowed);
}

function stillBehind(revision: string, replica: string, waitedMs: number): SurefootError {
  const problem = `revision ${revision}: waited ${Math.round(waitedMs / 1000)} s for a replica: ${replica}`;
  return new SurefootError('run/replica-behind', problem, {
    details: { revision, replica, waitedMs },
    hint: 'What was finished is written down. See to the replica and run again; --concurrent-wait says how long to wait, `maxLag: null` in the revision not to.',
  });
}

/** That nobody waits for a replica should be no surprise. */
async function tellUnseen({ lookout, statement, stepRun }: Walker): Promise<void> {
  if (statement.walk.pace.maxLagMs === null) return;
  const unseen = await lookout.unseen();
  if (unseen === null) return;
  const { revision } = stepRun.step;
  stepRun.context.onStatement({ kind: 'unseen', revision, sql: statement.sql, ...unseen });
}

/** Waits while a replica is too far behind to be read from. */
async function awaitReplicas(walker: Walker): Promise<void> {
  const { lookout, statement, stepRun } = walker;
  const { context, step } = stepRun;
  const { revision } = step;
  const { maxLagMs } = statement.walk.pace;
  if (maxLagMs === null || now() - walker.askedLagAt < lagLookMs) return;
  const begun = now();
  for (;;) {
    const replica = await lookout.behind(maxLagMs);
    walker.askedLagAt = now();
    if (replica === null || context.signal?.aborted) return;
    const waitedMs = now() - begun;
    context.onStatement({ kind: 'behind', revision, sql: statement.sql, replica, waitedMs });
    if (waitedMs >= context.patience(revision).concurrentMs) throw stillBehind(revision, replica, waitedMs);
    await pause(lagLookMs, context.signal);
  }
}
