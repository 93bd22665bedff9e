// Tells the server that the holder lives, through a second session, whatever the first one is doing.
// In: a lease. Out: whether it was lost. Must not know what is run under the lock.

import { setTimeout as sleep } from 'node:timers/promises';
import type { Connection, Database } from '../dialect/connection.ts';
import { isSurefootError, SurefootError } from '../kernel/errors.ts';
import type { LeaseTable } from './lease.ts';
import { beat } from './lease.ts';
import { usualTiming } from './request.ts';

/** The heartbeats of one lease. */
export interface Heartbeat {
  /** True: the row is somebody else's. It stays so. */
  readonly isLost: boolean;
  /** Ends the heartbeats and closes their session. */
  stop(): Promise<void>;
}

/** Gives up on a promise; what it gives later is handed to `late`. */
export async function within<T>(ms: number, work: Promise<T>, late: (value: T) => void): Promise<T | 'late'> {
  const timer = new AbortController();
  const timeout = sleep(ms, 'late' as const, { signal: timer.signal, ref: false });
  // Aborted below, when the work was faster.
  timeout.catch(() => undefined);
  const result = await Promise.race([work, timeout]).finally(() => timer.abort());
  // Whoever is late may also fail, and nobody waits for it any more.
  if (result === 'late') work.then(late, () => undefined);
  return result;
}

/** Opens the second session. A pool that has no other one to give would keep us waiting for ever. */
export async function openSecondSession(database: Database, patienceMs: number): Promise<Connection> {
  const connection = await within(patienceMs, database.connect(), (late) => void late.close());
  if (connection !== 'late') return connection;
  throw new SurefootError(
    'database/unreachable',
    `${database.description} gave no second session in ${patienceMs / 1000} s`,
    {
      details: { database: database.description },
      hint: 'The heartbeat of the lock needs one: give the pool room for two sessions.',
    },
  );
}

interface Beating {
  readonly table: LeaseTable;
  readonly database: Database;
  readonly token: string;
}

/** One heartbeat: 'lost' if the row is gone, 'failed' if the session is of no use any more. */
async function beatOnce(
  { table, token }: Beating,
  connection: Connection,
): Promise<'ok' | 'lost' | 'failed'> {
  const { leaseMs } = table.question.timing ?? usualTiming;
  try {
    const isOurs = await within(leaseMs / 3, beat(table, connection, token), () => undefined);
    if (isOurs === 'late') return 'failed';
    return isOurs ? 'ok' : 'lost';
  } catch (error) {
    // A lock on the row is over by the next heartbeat; a session that is lost is replaced before it.
    return table.coordination.isContention(error) ? 'ok' : 'failed';
  }
}

/** A missed heartbeat is no failure: `verify` asks the server itself, and four may be missed. */
async function reconnect({ table, database }: Beating): Promise<Connection | null> {
  const { leaseMs } = table.question.timing ?? usualTiming;
  try {
    return await openSecondSession(database, leaseMs / 3);
  } catch (error) {
    if (isSurefootError(error)) return null;
    throw error;
  }
}

async function quietly(work: Promise<void>): Promise<void> {
  // A session that was lost cannot be closed in good order.
  await work.catch(() => undefined);
}

/** Begins to send heartbeats through a session of one's own, which it closes in the end. */
export function startHeartbeat(beating: Beating, first: Connection): Heartbeat {
  const { beatMs } = beating.table.question.timing ?? usualTiming;
  const ending = new AbortController();
  const { signal } = ending;
  let connection: Connection | null = first;
  let isLost = false;
  const tick = async (): Promise<void> => {
    connection ??= await reconnect(beating);
    if (connection === null) return;
    const result = await beatOnce(beating, connection);
    isLost = result === 'lost';
    if (result !== 'failed') return;
    void quietly(connection.close());
    connection = null;
  };
  const run = async (): Promise<void> => {
    while (!isLost && !signal.aborted) {
      await sleep(beatMs, undefined, { signal, ref: false }).catch(() => undefined);
      if (!signal.aborted) await tick();
    }
  };
  const running = run();
  return {
    get isLost() {
      return isLost;
    },
    async stop() {
      ending.abort();
      await running;
      if (connection !== null) await quietly(connection.close());
      connection = null;
    },
  };
}
