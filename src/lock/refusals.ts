import { SurefootError } from '../kernel/errors.ts';
import type { LockHolder } from './request.ts';

const seconds = (ms: number): string => `${(ms / 1000).toFixed(ms < 10_000 ? 1 : 0)} s`;

function heldHint(holder: LockHolder): string {
  if (holder.state === 'orphan-running') {
    return 'Its runner is gone, but the server still works on its statement: wait, or cancel it with --cancel-orphan.';
  }
  if (holder.state === 'dead') return 'Its runner is gone: `surefoot unlock` frees the lock.';
  return 'Wait for it (--lock-timeout), or end that runner; `surefoot status` shows what it does.';
}

/** Somebody else holds the lock, and the time to wait is over. */
export function heldError(
  holder: LockHolder,
  facts: { readonly waitedMs: number; readonly hint?: string; readonly cause?: unknown },
): SurefootError<'lock/held'> {
  const { owner, since } = holder;
  const { waitedMs, hint = heldHint(holder), cause } = facts;
  const running = holder.statement === null ? '' : `; it runs: ${holder.statement}`;
  const waited = waitedMs > 0 ? ` (waited ${seconds(waitedMs)})` : '';
  return new SurefootError('lock/held', `${owner} holds the lock since ${since}${waited}${running}`, {
    details: { owner, since, waitedMs: Math.round(waitedMs) },
    hint,
    cause,
  });
}

/** The lock was ours and is not any more. `owner`: whose it is now; `null`: nobody's, or not known. */
export function lostError(owner: string | null, cause?: unknown): SurefootError<'lock/lost'> {
  const now = owner === null ? 'it is no longer ours' : `${owner} took it over`;
  return new SurefootError('lock/lost', `this run lost its lock: ${now}`, {
    details: { owner: owner ?? '' },
    hint: 'It stood still for longer than its lease. Nothing more was sent; look at `surefoot status` and run it again.',
    cause,
  });
}

/** The user interrupted the waiting. */
export function cancelledError(cause: unknown): SurefootError<'run/cancelled'> {
  return new SurefootError('run/cancelled', 'waiting for the lock was interrupted; nothing was run', {
    details: { revision: null },
    hint: 'Run it again; `surefoot status` shows who holds the lock.',
    cause,
  });
}
