// Who holds a lease: alive, gone with a statement still running, or dead. And how what a dead one left is cleared.
// In: the lease row, the server's sessions. Out: LockHolder. Must not know who waits.

import type { SessionState } from '../dialect/coordination.ts';
import { onlySession } from '../dialect/coordination.ts';
import { claimOn } from './claims.ts';
import type { LeaseRow, LeaseTable } from './lease.ts';
import { heldError } from './refusals.ts';
import type { LockHolder } from './request.ts';
import { commentOf, usualTiming } from './request.ts';

/** Marks a holder with one session only: it sends no heartbeats while it runs a statement. */
const alone = '/alone';

/** What a holder writes down about its session. */
export function sessionText(session: string, sessions: 'one' | 'many'): string {
  return sessions === 'one' ? session + alone : session;
}

/** The row of a server with a single session at any time: its holder is in this process, or is no more. */
export function isOfOnlySession(row: LeaseRow): boolean {
  return row.session === onlySession + alone;
}

const isAlone = (row: LeaseRow): boolean => row.session?.endsWith(alone) ?? false;

/** The row and the sessions that were found for it. */
export interface FoundHolder {
  readonly row: LeaseRow;
  readonly sessions: readonly SessionState[];
  readonly holder: LockHolder;
}

/** The sessions of a row's holder. */
async function sessionsOf({ coordination, question }: LeaseTable, row: LeaseRow) {
  return await coordination.sessionsOf(question.connection, {
    session: row.session?.replace(alone, '') ?? null,
    comment: commentOf(row.token),
    // Behind a pooler a session is lent to others: what began after the last sign of the holder is not the holder's.
    lastSignAt: isAlone(row) ? null : row.heartbeatAt,
    locker: row.locker,
  });
}

/** The end of the lease has come, as far as the row alone can tell. */
export function isExpired({ question }: LeaseTable, row: LeaseRow): boolean {
  return row.now - row.heartbeatAt >= (question.timing ?? usualTiming).leaseMs;
}

/** For how long a session has been idle: what the server says, or else what was seen from here. */
function idleMs({ idleSince }: LeaseTable, { id, running, forMs }: SessionState): number {
  if (running) idleSince.delete(id);
  else if (!idleSince.has(id)) idleSince.set(id, performance.now());
  return forMs ?? performance.now() - (idleSince.get(id) ?? performance.now());
}

/** A holder with a single session shows by that session's doings that it lives. */
function stateOf(table: LeaseTable, row: LeaseRow, sessions: readonly SessionState[]): LockHolder['state'] {
  if (isOfOnlySession(row)) return claimOn(table.question.connection.native) === null ? 'dead' : 'alive';
  if (!isExpired(table, row)) return 'alive';
  const { leaseMs } = table.question.timing ?? usualTiming;
  const idle = sessions.map((session) => idleMs(table, session));
  if (sessions.some(({ running }) => running)) return 'orphan-running';
  return isAlone(row) && idle.some((ms) => ms < leaseMs) ? 'alive' : 'dead';
}

/** A row in words, before anybody looked for its sessions. */
export function holderOf(row: LeaseRow, state: LockHolder['state']): LockHolder {
  return {
    owner: row.owner,
    since: new Date(row.acquiredAt).toISOString(),
    heartbeatAgeMs: Math.max(0, row.now - row.heartbeatAt),
    session: isOfOnlySession(row) ? null : (row.session?.split('/')[0] ?? null),
    statement: row.statement,
    state,
  };
}

/** A row in words, with what its sessions do. */
export async function findHolder(table: LeaseTable, row: LeaseRow): Promise<FoundHolder> {
  const sessions = await sessionsOf(table, row);
  const running = sessions.find((session) => session.running);
  const holder = holderOf(row, stateOf(table, row, sessions));
  const text = running?.statement?.replace(commentOf(row.token), '').trim();
  return { row, sessions, holder: { ...holder, statement: text ?? holder.statement } };
}

/** Ends the idle sessions of a holder; cancels what the others run, if that is wished. */
export async function clearSessions(
  table: LeaseTable,
  { sessions, holder }: Pick<FoundHolder, 'sessions' | 'holder'>,
  running: 'leave' | 'cancel',
): Promise<void> {
  const { coordination, question } = table;
  for (const session of sessions) {
    try {
      if (!session.running) await coordination.terminate(question.connection, session);
      else if (running === 'cancel') await coordination.cancel(question.connection, session);
    } catch (error) {
      if (!coordination.isForbidden(error)) throw error;
      const hint = `This user may not end session ${session.id} (${session.user}): end it by hand, or run as its user.`;
      throw heldError(holder, { waitedMs: 0, hint, cause: error });
    }
  }
}
