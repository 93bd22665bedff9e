// The other tools. In: a kind of work. Out: those that can do it, as contenders. Must not know how they are measured.

import type { Contender } from '../contest.ts';
import type { Ground } from '../ground.ts';
import type { Change } from '../history.ts';

/** What is asked of a tool. */
export type Task = 'idle' | 'up' | 'down' | 'autogenerate';

/** The tools that can do it, ready to run. */
export async function peersFor(
  _task: Task,
  _ground: Ground,
  _changes: readonly Change[],
  _wide?: { readonly tables: number; readonly database: string },
): Promise<readonly Contender[]> {
  return [];
}
