// At most one runner acts on one history of a database.
// In: a request with the session that will run the DDL. Out: Lock, or a refusal that names the holder.
// Must not know revisions, plans or the journal.

import { claimSession } from './claims.ts';
import { acquireFile } from './file-lock.ts';
import { acquireLease } from './lease-lock.ts';
import type { Lock, LockRequest } from './request.ts';
import type { Waiting } from './waiting.ts';
import { startWaiting } from './waiting.ts';

export type { Lock, LockHolder, LockQuestion, LockRequest, LockTiming } from './request.ts';
export { Needless } from './request.ts';
export { lockHolder, type UnlockRequest, unlock } from './unlock.ts';

async function acquire(request: LockRequest, waiting: Waiting): Promise<Lock> {
  const { coordination } = request.dialect;
  return coordination.kind === 'file'
    ? await acquireFile(request, coordination, waiting)
    : await acquireLease(request, coordination, waiting);
}

/**
 * Waits until nobody else acts on this history, and takes the lock. Refuses with 'lock/held' when the time to wait is
 * over. Waiting is asking again in short, uneven intervals: a session that blocks in the server would be in the way of
 * what the holder does.
 */
export async function acquireLock(request: LockRequest): Promise<Lock> {
  const waiting = startWaiting(request);
  const unclaim = await claimSession(request.connection.native, request.owner, waiting);
  try {
    const lock = await acquire(request, waiting);
    return {
      token: lock.token,
      comment: lock.comment,
      fence: lock.fence,
      verify: () => lock.verify(),
      release: () => lock.release().finally(unclaim),
    };
  } catch (error) {
    unclaim();
    throw error;
  }
}
