// The lock by name, held by the very session that runs the DDL: it ends with that session, not before.
// In: a lease that is ours. Out: the name. Must not know the server.

import type { NamedLock, SessionState } from '../dialect/coordination.ts';
import { now } from '../kernel/clock.ts';
import { hashText } from '../kernel/hash.ts';
import { clearSessions } from './holder.ts';
import type { LockHolder, LockQuestion } from './request.ts';
import type { Attempt } from './take-lease.ts';

/** Named locks belong to the whole server: the name says which history. Lower-case ASCII, which all servers compare alike. */
export function lockName({ facts, names }: LockQuestion, maxLength: number): string {
  const history = JSON.stringify([facts.database, names.namespace, names.version]);
  return `surefoot:${hashText(history)}`.slice(0, maxLength);
}

function holderOf(session: SessionState): LockHolder {
  return {
    owner: `${session.user} (session ${session.id})`,
    since: new Date(now() - (session.forMs ?? 0)).toISOString(),
    heartbeatAgeMs: session.forMs ?? 0,
    session: String(session.id),
    statement: session.running ? session.statement : null,
    state: session.running ? 'orphan-running' : 'dead',
  };
}

/** Whoever else holds the name has lost its lease, or forgot to give the name back: its session is not in use. */
async function clearHolder(attempt: Attempt, lock: NamedLock, name: string): Promise<LockHolder | null> {
  const session = await lock.holder(attempt.request.connection, name);
  if (session === null) return null;
  const holder = holderOf(session);
  const running = attempt.request.cancelOrphan ? 'cancel' : 'leave';
  await clearSessions(attempt.table, { sessions: [session], holder }, running);
  return holder;
}

/** Takes the name once the lease is ours. `null`: this server has no such locks, the lease must do. */
export async function takeName(attempt: Attempt, stillOurs: () => Promise<void>): Promise<string | null> {
  const { namedLock, isContention } = attempt.table.coordination;
  if (namedLock === null) return null;
  const { connection } = attempt.request;
  const name = lockName(attempt.request, namedLock.maxLength);
  for (;;) {
    const result = await namedLock.tryTake(connection, name).catch((error: unknown) => {
      if (isContention(error)) return 'held' as const;
      throw error;
    });
    if (result === 'unavailable') return null;
    if (result === 'taken') return name;
    await stillOurs();
    const holder = await clearHolder(attempt, namedLock, name);
    await attempt.waiting.pause(holder === null ? null : { holder });
  }
}
