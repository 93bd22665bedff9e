// What a run tells while a statement goes on. In: nothing. Out: StatementNews. Must not know who reads it.

import type { Blocker, WorkProgress } from '../dialect/waiting.ts';

interface About {
  readonly revision: string;
  readonly sql: string;
}

/** Others are in the way. */
export interface BlockedNews extends About {
  readonly kind: 'blocked';
  readonly blockers: readonly Blocker[];
  readonly waitedMs: number;
}

/** The locks were not granted in time: what was done is rolled back, and is tried again after a pause. */
export interface RetryNews extends About {
  readonly kind: 'retry';
  /** The attempt that failed, from 1. */
  readonly attempt: number;
  readonly retries: number;
  readonly pauseMs: number;
  readonly blockers: readonly Blocker[];
}

/** A replica is too far behind: the rest waits for it. */
export interface BehindNews extends About {
  readonly kind: 'behind';
  /** Which one, and how far. */
  readonly replica: string;
  readonly waitedMs: number;
}

/** Replicas that nobody waits for, since nobody can tell how far behind they are. */
export interface UnseenNews extends About {
  readonly kind: 'unseen';
  readonly replicas: number;
  /** What to do about it. */
  readonly hint: string;
}

/** A long statement goes on. */
export interface WorkNews extends About, WorkProgress {
  readonly kind: 'work';
  readonly ms: number;
  /** An estimate; `null`: none can be made. */
  readonly remainingMs: number | null;
}

/** Something to tell about the statement that runs. */
export type StatementNews = BlockedNews | RetryNews | BehindNews | UnseenNews | WorkNews;
