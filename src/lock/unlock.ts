// For people: who holds the lock, and how it is freed when its holder is gone.
// In: which lock. Out: its holder. Must not know who is going to run.

import type { LeaseCoordination } from '../dialect/coordination.ts';
import { claimOn } from './claims.ts';
import { fileHolder } from './file-lock.ts';
import { clearSessions, findHolder } from './holder.ts';
import { leaseTable, readLease, replaceLease } from './lease.ts';
import { heldError } from './refusals.ts';
import type { LockHolder, LockQuestion } from './request.ts';
import { startWaiting } from './waiting.ts';

/** Who holds the lock, without taking it and without creating anything. `null`: it is free. */
export async function lockHolder(question: LockQuestion): Promise<LockHolder | null> {
  const { coordination } = question.dialect;
  if (coordination.kind === 'file') {
    const file = await coordination.file(question.connection);
    return file === null ? claimOn(question.connection.native) : await fileHolder(file, coordination);
  }
  const table = leaseTable(question, coordination);
  const row = await readLease(table);
  return row ? (await findHolder(table, row)).holder : null;
}

/** Which lock to free. `force`: also that of a holder who lives, or whose statement still runs. */
export interface UnlockRequest extends LockQuestion {
  readonly force: boolean;
}

/** Frees a lock whose holder is gone, and tells whose it was. `null`: it was free. */
export async function unlock(request: UnlockRequest): Promise<LockHolder | null> {
  const { coordination } = request.dialect;
  if (coordination.kind === 'lease') return await unlockLease(request, coordination);
  const holder = await lockHolder(request);
  if (holder === null) return null;
  const hint =
    'The system keeps that lock for as long as its process lives: end the process, and the lock is free.';
  throw heldError(holder, { waitedMs: 0, hint });
}

async function unlockLease(
  request: UnlockRequest,
  coordination: LeaseCoordination,
): Promise<LockHolder | null> {
  const table = leaseTable(request, coordination);
  const first = await readLease(table);
  if (!first) return null;
  const waiting = startWaiting({ waitMs: 10_000, onWait: () => undefined });
  const isSame = (row: typeof first | null | undefined) => row?.token === first.token;
  const { holder } = await findHolder(table, first);
  for (let row: typeof first | null | undefined = first; row && isSame(row); row = await readLease(table)) {
    const found = await findHolder(table, row);
    if (!request.force && found.holder.state !== 'dead') throw heldError(found.holder, { waitedMs: 0 });
    await clearSessions(table, found, 'cancel');
    if (found.sessions.length === 0 && (await freed(table, row))) break;
    await waiting.pause({ holder: found.holder });
  }
  return holder;
}

async function freed(
  ...[table, row]: [Parameters<typeof replaceLease>[0], Parameters<typeof replaceLease>[1]]
) {
  try {
    return await replaceLease(table, row, null);
  } catch (error) {
    if (table.coordination.isContention(error)) return false;
    throw error;
  }
}
