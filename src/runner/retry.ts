// Work that others may be in the way of: tried again, with growing pauses, and given up in the end.
// In: work that leaves nothing behind where it fails. Out: what it gives. Must not know what it is.

import type { Blocker } from '../dialect/waiting.ts';
import { now } from '../kernel/clock.ts';
import { SurefootError } from '../kernel/errors.ts';
import { causeOf, StepFailure } from './failure.ts';
import type { StepContext } from './outcome.ts';
import type { Patience } from './patience.ts';
import { pause, pauseMs } from './patience.ts';
import { cancelled } from './watcher.ts';

/** A session in one line. */
export function blockerText({ session, user, ageMs, statement, isCertain }: Blocker): string {
  const age = ageMs === null ? '' : `, open for ${Math.round(ageMs / 1000)} s`;
  const query = statement === null ? '' : `: ${statement.replaceAll(/\s+/g, ' ').trim().slice(0, 200)}`;
  return `${isCertain ? '' : 'perhaps '}session ${session} of ${user}${age}${query}`;
}

/** The refusal after the last attempt. */
export function gaveUp(
  revision: string,
  facts: { readonly waitedMs: number; readonly attempts: number; readonly blockers: readonly Blocker[] },
  cause: unknown,
): SurefootError {
  const { waitedMs, attempts } = facts;
  const blockers = facts.blockers.map(blockerText);
  const who = blockers.length === 0 ? 'other sessions' : blockers.join('; ');
  const often = attempts === 1 ? 'once' : `${attempts} times`;
  const message = `revision ${revision}: tried ${often} in ${Math.round(waitedMs / 1000)} s, and did not get the locks; in the way: ${who}`;
  return new SurefootError('run/blocked', message, {
    details: { revision, waitedMs, attempts, blockers },
    hint: 'What was begun is undone. End the sessions in the way, or run again when less is going on; --table-lock-timeout and --table-lock-retries say how long to try.',
    cause,
  });
}

/** The same failure at the same place, for another reason. */
export function withCause(error: unknown, cause: unknown): unknown {
  return error instanceof StepFailure ? new StepFailure(error, cause) : cause;
}

/** What is tried. */
export interface Trial {
  readonly revision: string;
  /** What is told of it. */
  readonly sql: string;
  readonly patience: Patience;
  /** True: once is enough, since it waited as long as it may. */
  readonly once?: boolean;
}

/** What became of an attempt that others were in the way of: throws where there is no other. */
async function makeReady(
  failed: { readonly error: unknown; readonly attempt: number; readonly begun: number },
  { revision, sql, patience, once = false }: Trial,
  { context, blockers }: { readonly context: StepContext; readonly blockers: readonly Blocker[] },
): Promise<void> {
  const { error, attempt, begun } = failed;
  const { signal } = context;
  const { retries } = patience;
  if (!signal?.aborted) {
    const facts = { waitedMs: now() - begun, attempts: attempt, blockers };
    if (once || attempt > retries) throw withCause(error, gaveUp(revision, facts, causeOf(error)));
    const ms = pauseMs(attempt, patience);
    context.onStatement({ kind: 'retry', revision, sql, attempt, retries, pauseMs: ms, blockers });
    await pause(ms, signal);
  }
  if (signal?.aborted) throw withCause(error, cancelled(revision));
}

/** Tries until it succeeds, fails for a reason of its own, or has been in vain often enough. */
export async function retrying<T>(trial: Trial, context: StepContext, work: () => Promise<T>): Promise<T> {
  const { watcher, session } = context;
  const begun = now();
  let blockers: readonly Blocker[] = [];
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await work();
    } catch (error) {
      if (!watcher.wasImpatient() && !session.dialect.waiting.isBusy(causeOf(error))) throw error;
      if (watcher.blockers().length > 0) blockers = watcher.blockers();
      await makeReady({ error, attempt, begun }, trial, { context, blockers });
    }
  }
}
