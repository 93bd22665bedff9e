// A runner's turn to act.
// In: a session, a goal. Out: the lock, or the news that another runner did while this one waited all that was to be done.
// Must not know how anything is run: most of those who wait never run anything, and load nothing for it.

import { readEntries } from '../journal/store.ts';
import type { Lock } from '../lock/lock.ts';
import { Needless } from '../lock/lock.ts';
import type { RunChoices } from './api.ts';
import type { Opened } from './open.ts';
import type { Goal } from './prepare.ts';
import type { Project } from './project.ts';
import { appliedIn, readStanding, verifiedAtGoal } from './quick.ts';
import { takeLock } from './take-lock.ts';

interface Wish {
  readonly goal: Goal;
  readonly choices: RunChoices;
  /** The newest journal entry that was seen; `null`: whatever others do, the lock is needed. */
  readonly seen: number | null;
}

/** Either the lock, or the recorded revisions where nothing is to be done any more. */
export type Turn =
  | { readonly lock: Lock; readonly heads: null }
  | { readonly lock: null; readonly heads: readonly string[] };

/** The number of the newest journal entry; 0: there is none. */
async function lastEntryId({ store }: Opened): Promise<number> {
  const [last] = await readEntries(store, { events: null, data: false, limit: 1 });
  return last?.id ?? 0;
}

/**
 * The recorded revisions, if they were verified after the entry that this runner has seen: whoever did it has just looked at
 * the schema, and nobody needs to look again.
 */
async function verifiedSince(
  seen: number,
  opened: Opened,
  at: { readonly project: Project; readonly goal: Goal },
): Promise<readonly string[] | null> {
  if ((await lastEntryId(opened)) === seen) return null;
  return await verifiedAtGoal(await readStanding(opened), appliedIn(await at.project.graph(), at.goal));
}

/** Waits for the lock, for as long as it is needed. */
export async function takeTurn(opened: Opened, project: Project, wish: Wish): Promise<Turn> {
  const { goal, choices, seen } = wish;
  const found: { heads: readonly string[] | null } = { heads: null };
  const isNeedless = async () => {
    found.heads = seen === null ? null : await verifiedSince(seen, opened, { project, goal });
    return found.heads !== null;
  };
  try {
    const asking = seen === null ? {} : { isNeedless };
    return { lock: await takeLock(opened, project, { ...choices, ...asking }), heads: null };
  } catch (error) {
    if (error instanceof Needless) return { lock: null, heads: found.heads ?? [] };
    throw error;
  }
}
