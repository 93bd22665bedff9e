// Watches a statement from a second session: who is in its way, how far it is. Cancels it where that is asked.
// In: a statement at work. Out: news, and its end. Must not know what is run, or what follows.

import { setTimeout as sleep } from 'node:timers/promises';
import type { Connection, Database } from '../dialect/connection.ts';
import { numberOf } from '../dialect/rows.ts';
import type { Blocker, Watch } from '../dialect/waiting.ts';
import { now } from '../kernel/clock.ts';
import { isSurefootError, SurefootError } from '../kernel/errors.ts';
import { openSecondSession } from '../lock/heartbeat.ts';
import type { StatementNews } from './news.ts';
import type { LockedSession } from './session.ts';

/** A statement, and how long it may wait. */
export interface Watched {
  readonly revision: string;
  readonly sql: string;
  /** Milliseconds that it may wait before its work begins; `null`: the server sees to that. */
  readonly startMs: number | null;
  /** Milliseconds that it may wait at a stretch; `null`: the server sees to that. */
  readonly waitMs: number | null;
}

/** Looks after the statements of one run, one at a time. */
export interface Watcher {
  /** Before the first statement of a transaction, or of a session: which session works. */
  enter(): Promise<void>;
  during<T>(watched: Watched, work: () => Promise<T>): Promise<T>;
  /** Who was last seen in the way. */
  blockers(): readonly Blocker[];
  /** True: the last statement was cancelled because it waited too long. */
  wasImpatient(): boolean;
  close(): Promise<void>;
}

/** What a watcher needs. */
export interface WatcherRequest {
  readonly session: LockedSession;
  readonly database: Database;
  readonly signal: AbortSignal | null;
  readonly tell: (news: StatementNews) => void;
}

/** A statement that is over by then is not watched. */
const firstLookMs = 700;
const lookMs = 500;
const patienceForSessionMs = 5000;

/** The refusal of whatever would come next in a run that was stopped. */
export function cancelled(revision: string | null): SurefootError {
  const place = revision === null ? '' : ` in revision ${revision}`;
  return new SurefootError('run/cancelled', `stopped, as asked${place}`, {
    details: { revision },
    hint: 'What was finished is written down. Run again to go on from here.',
  });
}

/** One statement while it is watched. */
interface Sight {
  readonly watched: Watched;
  readonly begun: number;
  readonly ended: AbortSignal;
  /** When it was first seen to wait without a break; `null`: it works. */
  waitingSince: number | null;
  hasWorked: boolean;
  toldAt: number;
  told: string;
}

interface State {
  readonly request: WatcherRequest;
  readonly watch: Watch;
  second: Connection | null;
  working: number | null;
  blockers: readonly Blocker[];
  impatient: boolean;
}

async function secondSession(state: State): Promise<Connection> {
  state.second ??= await openSecondSession(state.request.database, patienceForSessionMs);
  return state.second;
}

async function dropSecond(state: State): Promise<void> {
  const { second } = state;
  state.second = null;
  // A session that was lost cannot be closed in good order.
  await second?.close().catch(() => undefined);
}

/** Blockers are told of when they change, and now and then. */
function tellBlocked(state: State, sight: Sight): void {
  const { watched, begun } = sight;
  const key = state.blockers.map(({ session }) => session).join();
  if (key === sight.told && now() - sight.toldAt < 5000) return;
  Object.assign(sight, { told: key, toldAt: now() });
  const { revision, sql } = watched;
  state.request.tell({
    kind: 'blocked',
    revision,
    sql,
    blockers: state.blockers,
    waitedMs: now() - (sight.waitingSince ?? begun),
  });
}

async function tellProgress(state: State, sight: Sight, second: Connection): Promise<void> {
  const found = state.working === null ? null : await state.watch.progress(second, state.working);
  if (found === null) return;
  const { revision, sql } = sight.watched;
  const ms = now() - sight.begun;
  const { share } = found;
  const remainingMs = share === null || share <= 0.01 ? null : Math.round((ms * (1 - share)) / share);
  state.request.tell({ kind: 'work', revision, sql, ...found, ms, remainingMs });
}

function isOverdue({ watched, waitingSince, hasWorked, begun }: Sight): boolean {
  if (waitingSince === null) return false;
  const { startMs, waitMs } = watched;
  const atStart = startMs !== null && !hasWorked && now() - begun >= startMs;
  return atStart || (waitMs !== null && now() - waitingSince >= waitMs);
}

async function lookOnce(state: State, sight: Sight): Promise<void> {
  const second = await secondSession(state);
  const { watch, working, request } = state;
  if (working === null || sight.ended.aborted) return;
  const wishesEnd = request.signal?.aborted || isOverdue(sight);
  if (wishesEnd) {
    state.impatient = !request.signal?.aborted;
    return await watch.cancel(second, working, request.session.comment.trim());
  }
  const isWaiting = await watch.isWaiting(second, working);
  if (sight.ended.aborted) return;
  if (!isWaiting) {
    Object.assign(sight, { waitingSince: null, hasWorked: true });
    return await tellProgress(state, sight, second);
  }
  state.blockers = await watch.blockers(second, working);
  sight.waitingSince ??= now();
  tellBlocked(state, sight);
}

/** Until the wait at the beginning is too long: nobody is to wait longer behind it. */
function untilStart({ watched: { startMs }, hasWorked, begun }: Sight): number {
  return startMs === null || hasWorked ? lookMs : Math.max(10, startMs - (now() - begun));
}

/** Sleeps until the next look, and no longer than until the statement ends or the run is stopped. */
async function rest(ms: number, { ended }: Sight, signal: AbortSignal | null): Promise<void> {
  const ends = signal === null || signal.aborted ? ended : AbortSignal.any([ended, signal]);
  await sleep(ms, undefined, { signal: ends, ref: false }).catch(() => undefined);
}

/** Looks until the statement is over. A second session that fails is replaced: it decides on nothing. */
async function follow(state: State, sight: Sight): Promise<void> {
  const { startMs, waitMs } = sight.watched;
  const { signal } = state.request;
  const first = Math.min(firstLookMs, (startMs ?? waitMs ?? firstLookMs) / 2);
  await rest(first, sight, signal);
  while (!sight.ended.aborted) {
    try {
      await lookOnce(state, sight);
    } catch (error) {
      if (!isSurefootError(error)) throw error;
      await dropSecond(state);
    }
    await rest(Math.min(lookMs, first, untilStart(sight)), sight, signal);
  }
}

async function during<T>(state: State, watched: Watched, work: () => Promise<T>): Promise<T> {
  const ending = new AbortController();
  const { signal, session } = state.request;
  Object.assign(state, { blockers: [], impatient: false });
  const sight: Sight = {
    watched,
    begun: now(),
    ended: ending.signal,
    waitingSince: null,
    hasWorked: false,
    toldAt: 0,
    told: '',
  };
  const following = follow(state, sight);
  // Awaited below; until then nobody listens.
  following.catch(() => undefined);
  try {
    return await work();
  } catch (error) {
    if (signal?.aborted && session.dialect.waiting.isCancelled(error)) throw cancelled(watched.revision);
    throw error;
  } finally {
    ending.abort();
    // A cancellation on its way must not hit the next statement.
    await following;
  }
}

function serverWatcher(request: WatcherRequest, watch: Watch): Watcher {
  const state: State = { request, watch, second: null, working: null, blockers: [], impatient: false };
  const { connection } = request.session;
  return {
    enter: async () => {
      if (state.working !== null && connection.isPooled !== true) return;
      state.working = numberOf((await connection.query(watch.session)).rows[0], 'session');
    },
    during: (watched, work) => during(state, watched, work),
    blockers: () => state.blockers,
    wasImpatient: () => state.impatient,
    close: () => dropSecond(state),
  };
}

/** Where there is no second session, a statement can at most be stopped through its own. */
function loneWatcher({ session, signal }: WatcherRequest): Watcher {
  const stop = session.connection.interrupt;
  return {
    enter: async () => undefined,
    during: async ({ revision }, work) => {
      const onAbort = () => stop?.();
      signal?.addEventListener('abort', onAbort);
      try {
        return await work();
      } catch (error) {
        if (signal?.aborted && stop !== undefined) throw cancelled(revision);
        throw error;
      } finally {
        signal?.removeEventListener('abort', onAbort);
      }
    },
    blockers: () => [],
    wasImpatient: () => false,
    close: async () => undefined,
  };
}

/** A watcher for one run. Nothing is opened before a statement takes its time. */
export function watcherFor(request: WatcherRequest): Watcher {
  const { watch } = request.session.dialect.waiting;
  const hasSecond = request.database.sessions === 'many';
  return watch !== null && hasSecond ? serverWatcher(request, watch) : loneWatcher(request);
}
