// How long statements wait for the locks of others, and how often they are tried again.
// In: settings. Out: Patience, pauses. Must not know what is run.

import { randomInt } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';

/** How long a step's statements wait for others. */
export interface Patience {
  /** Milliseconds that a statement may wait for a lock, and that whoever comes behind it waits with it. */
  readonly lockMs: number;
  /** How often it is tried again. */
  readonly retries: number;
  /** Milliseconds for statements that wait in nobody's way. */
  readonly concurrentMs: number;
}

/** What holds where nobody says otherwise. */
export const usualPatience: Patience = { lockMs: 5000, retries: 10, concurrentMs: 3_600_000 };

const longestPauseMs = 30_000;

/** The pause before an attempt (the first retry is 1): it doubles, and is cut at random, so that runners do not keep step. */
export function pauseMs(attempt: number, { lockMs }: Pick<Patience, 'lockMs'>): number {
  const first = Math.min(1000, Math.max(50, lockMs / 5));
  const whole = Math.min(longestPauseMs, first * 2 ** (attempt - 1));
  return Math.round(whole * (randomInt(500, 1001) / 1000));
}

/** Waits, or ends at once where the run is stopped. */
export async function pause(ms: number, signal: AbortSignal | null): Promise<void> {
  // Who is stopped looks at the signal next.
  await sleep(ms, undefined, signal ? { signal } : {}).catch(() => undefined);
}
