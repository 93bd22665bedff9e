// Patience: how long, how often, and what is shown meanwhile.
// In: a request. Out: pauses, or a refusal when the time is over. Must not know how a lock is taken.

import { randomInt } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { cancelledError, heldError } from './refusals.ts';
import type { LockHolder, LockRequest } from './request.ts';
import { Needless } from './request.ts';

const shortestMs = 50;
const longestMs = 500;
/** A pause lasts for this part of the time waited so far: who works for long is asked seldom, and soon found to be done. */
const share = 0.2;
const askEveryMs = 1000;
const showEveryMs = 2000;
/** What is nobody's fault (a race, a session that is just ending) is tried again for so long, whatever `waitMs` says. */
const graceMs = 5000;

/** Who is waited for, cheaply known; and the same with what it runs, asked for only when it is shown. */
export interface Obstacle {
  readonly holder: LockHolder;
  readonly detail?: () => Promise<LockHolder>;
}

/** One runner's waiting, from its first attempt to its last. */
export interface Waiting {
  /** Sleeps a little; throws 'lock/held' when the time is over. `null`: somebody was faster, it is not known who. */
  pause(obstacle: Obstacle | null): Promise<void>;
  /** Throws `Needless` if the lock is not needed any more. While it is held that is asked now and then only. */
  refuseNeedless(lock: 'free' | 'held'): Promise<void>;
}

const nobodyKnown: LockHolder = {
  owner: 'another runner',
  since: 'just now',
  heartbeatAgeMs: 0,
  session: null,
  statement: null,
  state: 'alive',
};

async function sleepOr(signal: AbortSignal | undefined, ms: number): Promise<void> {
  try {
    await sleep(ms, undefined, signal === undefined ? {} : { signal });
  } catch (error) {
    throw cancelledError(error);
  }
}

/** Begins to wait. */
export function startWaiting(
  request: Pick<LockRequest, 'waitMs' | 'onWait' | 'signal' | 'isNeedless'>,
): Waiting {
  const { waitMs, onWait, signal, isNeedless } = request;
  const startedAt = performance.now();
  let askedAt = startedAt;
  let shown = { key: '', at: Number.NEGATIVE_INFINITY };
  const show = async ({ holder, detail }: Obstacle): Promise<void> => {
    const key = `${holder.owner} ${holder.since} ${holder.state}`;
    if (key === shown.key && performance.now() - shown.at < showEveryMs) return;
    shown = { key, at: performance.now() };
    onWait(detail === undefined ? holder : await detail());
  };
  const refuseWhenOver = async (obstacle: Obstacle | null, waitedMs: number): Promise<void> => {
    const isHeld = obstacle !== null && obstacle.holder.state !== 'dead';
    if (waitedMs < (isHeld ? waitMs : waitMs + graceMs)) return;
    const holder = (await obstacle?.detail?.()) ?? obstacle?.holder ?? nobodyKnown;
    throw heldError(holder, { waitedMs });
  };
  return {
    async pause(obstacle) {
      const waitedMs = performance.now() - startedAt;
      await refuseWhenOver(obstacle, waitedMs);
      if (obstacle !== null) await show(obstacle);
      const delayMs = Math.ceil(Math.min(longestMs, Math.max(shortestMs, waitedMs * share)));
      const jitterMs = randomInt(Math.ceil(delayMs / 2), delayMs + 1);
      const leftMs = Math.max(1, waitMs - waitedMs);
      await sleepOr(signal, waitedMs < waitMs ? Math.min(jitterMs, leftMs) : jitterMs);
    },
    async refuseNeedless(lock) {
      if (lock === 'held' && performance.now() - askedAt < askEveryMs) return;
      askedAt = performance.now();
      if (await isNeedless?.()) throw new Needless();
    },
  };
}
