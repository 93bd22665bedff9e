// Runners of this very process that share one session: no server can tell them apart.
// In: a driver's own object. Out: a claim on it. Must not know a database.

import { now } from '../kernel/clock.ts';
import { invariant } from '../kernel/invariant.ts';
import type { LockHolder } from './request.ts';
import type { Waiting } from './waiting.ts';

const claims = new WeakMap<object, LockHolder>();

function keyOf(native: unknown): object {
  invariant(typeof native === 'object' && native !== null, 'a connection without an object of its driver');
  return native;
}

/** The runner of this process that works through this session; `null`: none. */
export function claimOn(native: unknown): LockHolder | null {
  return claims.get(keyOf(native)) ?? null;
}

/** Waits until no other runner of this process works through this session. The result gives the claim back. */
export async function claimSession(native: unknown, owner: string, waiting: Waiting): Promise<() => void> {
  const key = keyOf(native);
  for (let holder = claims.get(key); holder !== undefined; holder = claims.get(key)) {
    await waiting.pause({ holder });
    await waiting.refuseNeedless('held');
  }
  const since = new Date(now()).toISOString();
  const mine: LockHolder = {
    owner,
    since,
    heartbeatAgeMs: 0,
    session: null,
    statement: null,
    state: 'alive',
  };
  claims.set(key, mine);
  return () => {
    if (claims.get(key) === mine) claims.delete(key);
  };
}
