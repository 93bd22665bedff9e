// The lock of a server's database: a lease row, heartbeats, and where the family has them, a lock by name.
// In: a request. Out: Lock. Must not know plans, or the journal.

import { randomBytes } from 'node:crypto';
import type { Connection } from '../dialect/connection.ts';
import type { LeaseCoordination } from '../dialect/coordination.ts';
import { isSurefootError } from '../kernel/errors.ts';
import type { Heartbeat } from './heartbeat.ts';
import { openSecondSession, startHeartbeat } from './heartbeat.ts';
import { sessionText } from './holder.ts';
import type { LeaseTable } from './lease.ts';
import { beat, checkOf, deleteLease, forgetSession, holds, leaseTable, readLease } from './lease.ts';
import { lostError } from './refusals.ts';
import type { Lock, LockRequest } from './request.ts';
import { commentOf, usualTiming } from './request.ts';
import type { Attempt } from './take-lease.ts';
import { takeLease } from './take-lease.ts';
import { takeName } from './take-name.ts';
import type { Waiting } from './waiting.ts';

/** Starts the heartbeats; finds out whether a pooler stands between, so that sessions mean nothing. */
async function beginHeartbeat(attempt: Attempt): Promise<Heartbeat | null> {
  const { request, table, lease } = attempt;
  if (request.database.sessions === 'one') return null;
  const { leaseMs } = request.timing ?? usualTiming;
  const second = await openSecondSession(request.database, leaseMs / 2);
  try {
    const session = await table.coordination.session(second);
    const again = await table.coordination.session(request.connection);
    if (session === lease.session || again !== lease.session) await forgetSession(table, lease.token);
  } catch (error) {
    await second.close();
    throw error;
  }
  return startHeartbeat({ table, database: request.database, token: lease.token }, second);
}

interface Held {
  readonly request: LockRequest;
  readonly table: LeaseTable;
  readonly token: string;
  readonly heartbeat: Heartbeat | null;
  /** Of the named lock; `null`: there is none. */
  readonly name: string | null;
}

/** Throws 'lock/lost', saying who has the lock now. */
async function refuseLost({ table }: Held, cause?: unknown): Promise<never> {
  const row = await readLease(table).catch(() => null);
  throw lostError(row?.owner ?? null, cause);
}

/** The session is gone. Was it taken from us, with the lock? If nobody can say, its loss is the news. */
async function explainLoss(held: Held, error: unknown): Promise<never> {
  const { table, request, token } = held;
  if (request.database.sessions === 'one') throw error;
  const { leaseMs } = request.timing ?? usualTiming;
  const connection = await openSecondSession(request.database, leaseMs / 2).catch(() => null);
  if (connection === null) throw error;
  try {
    const question = { ...table.question, connection };
    const isOurs = await holds(table, connection, token).catch(() => true);
    if (!isOurs) await refuseLost({ ...held, table: { ...table, question } }, error);
  } finally {
    await connection.close();
  }
  throw error;
}

/** Asks through the session that runs the DDL. Without a second session this is the heartbeat, too. */
async function verifyHeld(held: Held): Promise<void> {
  const { table, request, token, heartbeat, name } = held;
  if (heartbeat?.isLost) await refuseLost(held);
  const { check } = checkOf(table, token, name);
  try {
    const { rows } = await request.connection.query(`${commentOf(token)} ${check.sql}`, check.parameters);
    if (rows.length === 0) await refuseLost(held);
    if (heartbeat === null && !(await beat(table, request.connection, token))) await refuseLost(held);
  } catch (error) {
    if (isSurefootError(error, 'database/lost')) await explainLoss(held, error);
    throw error;
  }
}

/** The name first: whoever gets the lease finds it free. A session that is lost has given the name back already. */
async function releaseHeld({ table, request, token, heartbeat, name }: Held): Promise<void> {
  await heartbeat?.stop();
  const { connection, database } = request;
  try {
    if (name !== null) await table.coordination.namedLock?.release(connection, name);
    await deleteLease(table, connection, token);
  } catch (error) {
    if (!isSurefootError(error, 'database/lost')) throw error;
    if (database.sessions === 'many') await deleteElsewhere(table, await otherSession(request), token);
  }
}

async function otherSession({ database, timing }: LockRequest): Promise<Connection | null> {
  // A server that cannot be reached frees the lock when the lease is over.
  return await openSecondSession(database, (timing ?? usualTiming).leaseMs / 2).catch(() => null);
}

/** A statement of the lost session may still run: then the row stays until somebody has waited for it. */
async function deleteElsewhere(table: LeaseTable, connection: Connection | null, token: string) {
  if (connection === null) return;
  try {
    const trace = { session: null, comment: commentOf(token), lastSignAt: null, locker: null };
    const left = await table.coordination.sessionsOf(connection, trace);
    if (!left.some(({ running }) => running)) await deleteLease(table, connection, token);
  } finally {
    await connection.close();
  }
}

function lockOf(held: Held): Lock {
  const { fence } = checkOf(held.table, held.token, held.name);
  let releasing: Promise<void> | null = null;
  return {
    token: held.token,
    comment: `${commentOf(held.token)} `,
    fence,
    async verify() {
      if (releasing !== null) throw lostError(null);
      await verifyHeld(held);
    },
    async release() {
      releasing ??= releaseHeld(held);
      await releasing;
    },
  };
}

/** Waits for the lease and takes it. */
export async function acquireLease(
  request: LockRequest,
  coordination: LeaseCoordination,
  waiting: Waiting,
): Promise<Lock> {
  const table = leaseTable(request, coordination);
  const token = randomBytes(12).toString('hex');
  const session = sessionText(await coordination.session(request.connection), request.database.sessions);
  const attempt: Attempt = { request, table, waiting, lease: { token, owner: request.owner, session } };
  await takeLease(attempt);
  const unnamed: Held = { request, table, token, heartbeat: null, name: null };
  try {
    const heartbeat = await beginHeartbeat(attempt);
    const held: Held = { ...unnamed, heartbeat };
    try {
      return lockOf({ ...held, name: await takeName(attempt, () => verifyHeld(held)) });
    } catch (error) {
      await heartbeat?.stop();
      throw error;
    }
  } catch (error) {
    await releaseHeld(unnamed);
    throw error;
  }
}
