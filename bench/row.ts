// What a row of the table is. In: nothing. Out: Row. Must not know which there are.

import type { Standing } from './contest.ts';
import type { Ground } from './ground.ts';

/** How a row is measured. */
export interface Wishes {
  /** Turns of each contender. */
  readonly rounds: number;
  /** True: other tools run, too. */
  readonly peers: boolean;
}

/** One line of the table. */
export interface Row {
  readonly name: string;
  readonly work: string;
  readonly floor: string;
  readonly aim: string;
  /** Turns that are enough. */
  readonly rounds: number;
  measure(ground: Ground, wishes: Wishes): Promise<readonly Standing[]>;
}
