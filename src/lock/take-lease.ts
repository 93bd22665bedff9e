// One runner's way to the lease: read, judge, clear what a dead holder left, take over.
// In: a request. Out: the row is ours. Must not know what is run afterwards.

import { clearSessions, findHolder, holderOf, isExpired, isOfOnlySession } from './holder.ts';
import type { LeaseRow, LeaseTable, NewLease } from './lease.ts';
import { createLeaseTable, insertLease, readLease, replaceLease } from './lease.ts';
import type { LockRequest } from './request.ts';
import type { Obstacle, Waiting } from './waiting.ts';

/** One runner that wants the lease. */
export interface Attempt {
  readonly request: LockRequest;
  readonly table: LeaseTable;
  readonly waiting: Waiting;
  readonly lease: NewLease;
}

type Outcome = 'taken' | 'again' | Obstacle;

async function replaceHolder({ request, table, lease }: Attempt, row: LeaseRow): Promise<Outcome> {
  // This process's claim on the session is ours.
  if (isOfOnlySession(row)) return (await replaceLease(table, row, lease)) ? 'taken' : 'again';
  if (!isExpired(table, row)) {
    const detail = async () => (await findHolder(table, row)).holder;
    return { holder: holderOf(row, 'alive'), detail };
  }
  const found = await findHolder(table, row);
  if (found.holder.state === 'alive') return { holder: found.holder };
  if (found.sessions.length > 0) {
    await clearSessions(table, found, request.cancelOrphan ? 'cancel' : 'leave');
    return { holder: found.holder };
  }
  return await replaceLease(table, row, lease).then(
    (isReplaced) => (isReplaced ? 'taken' : 'again'),
    (error: unknown) => {
      // A transaction that is not to be seen from here keeps the row.
      if (table.coordination.isContention(error)) return { holder: found.holder };
      throw error;
    },
  );
}

async function insertFree({ table, lease }: Attempt): Promise<Outcome> {
  try {
    await insertLease(table, lease);
    return 'taken';
  } catch (error) {
    // Whoever was about to create the table broke off.
    if (table.question.dialect.bookkeeping.isMissingTable(error)) return 'again';
    throw error;
  }
}

async function attemptOnce(attempt: Attempt): Promise<Outcome> {
  const { table, waiting } = attempt;
  try {
    const row = await readLease(table);
    if (row === undefined) await createLeaseTable(table);
    else await waiting.refuseNeedless(row === null ? 'free' : 'held');
    if (row) return await replaceHolder(attempt, row);
    return await insertFree(attempt);
  } catch (error) {
    if (table.coordination.isContention(error)) return 'again';
    throw error;
  }
}

/** Returns when the lease is ours. */
export async function takeLease(attempt: Attempt): Promise<void> {
  for (;;) {
    const outcome = await attemptOnce(attempt);
    if (outcome === 'taken') return;
    await attempt.waiting.pause(outcome === 'again' ? null : outcome);
  }
}
