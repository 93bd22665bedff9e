// What a rehearsal is asked to do, and what it found.
// In: nothing. Out: Rehearsal, RehearsalResult, Stage. Must not know files, terminals, or how a database is opened.

import type { Row } from '../dialect/connection.ts';
import type { Dialect } from '../dialect/dialect.ts';
import type { Plan } from '../plan/plan.ts';
import type { Schema } from '../schema/schema.ts';

/** What is tried, in this order. */
export const rehearsalTests = [
  'graph',
  'from-empty',
  'both-ways',
  'idempotent',
  'interrupted',
  'rows',
  'models',
  'old-queries',
  'failure',
] as const;
export type RehearsalTest = (typeof rehearsalTests)[number];

/**
 * `warning`: it holds only under conditions, as the detail says. `irreversible`: the revision says itself that there is no
 * way back. `skipped`: it could not be tried, as the detail says.
 */
export type RehearsalStatus = 'passed' | 'failed' | 'warning' | 'irreversible' | 'skipped';

export interface RehearsalResult {
  readonly test: RehearsalTest;
  /** `null`: it is about the whole range. */
  readonly revision: string | null;
  readonly status: RehearsalStatus;
  /** In one sentence. */
  readonly detail: string;
  /** One line each: differences, messages of the server. */
  readonly facts: readonly string[];
  readonly ms: number;
}

export interface Rehearsal {
  /** The server that it was tried on. */
  readonly server: string;
  /** In words: "SQLite in memory". */
  readonly place: string;
  /** ISO 8601. */
  readonly startedAt: string;
  readonly ms: number;
  readonly revisions: readonly string[];
  readonly results: readonly RehearsalResult[];
}

/** What a step on the stage came to. */
export interface StageRun {
  /** Moments of the step at which a crash leaves the server with something else. */
  readonly boundaries: number;
  /** True: the session was cut in its midst. */
  readonly isCut: boolean;
  /** Why it did not come to its end; `null`: it did. */
  readonly failure: { readonly code: string; readonly message: string; readonly hint: string } | null;
  /** What the server has and history does not say, in words. */
  readonly differences: readonly string[];
  /** What was put aside before it was dropped: `values of user.phone`, `rows of orders`. */
  readonly kept: readonly string[];
}

export interface StageChoices {
  /** The session dies after so many boundaries of the step. */
  readonly cutAfter?: number;
  /** What becomes of data steps where it is not known whether they ran. Default: it is refused. */
  readonly data?: 'skip' | 'run';
}

/** A throw-away database on which the revisions of a project run. */
export interface Stage {
  readonly dialect: Dialect;
  up(revision: string, choices?: StageChoices): Promise<StageRun>;
  down(revision: string): Promise<StageRun>;
  /** The upgrade of a revision as things stand; what its data steps did is there already. */
  plan(revision: string): Promise<Plan>;
  /** Says that these are the recorded revisions, whatever is there. */
  stamp(heads: readonly string[]): Promise<void>;
  /** Empties the journal, which would else grow with every practice, and stamps these revisions. */
  forget(heads: readonly string[]): Promise<void>;
  read(): Promise<Schema>;
  query(sql: string): Promise<readonly Row[]>;
  /** A new database with this schema and these recorded revisions. Of rows it has what revisions and the user put in. */
  restart(schema: Schema, heads: readonly string[]): Promise<void>;
}

/** True if the rehearsal is to fail. */
export function hasFailed({ results }: Pick<Rehearsal, 'results'>): boolean {
  return results.some(({ status }) => status === 'failed');
}
