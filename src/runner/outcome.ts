import type { Connection, Database } from '../dialect/connection.ts';
import type { Dialect } from '../dialect/dialect.ts';
import type { Who } from '../journal/entry.ts';
import type { Store } from '../journal/store.ts';
import type { Operation, RunReference } from '../operations/operation.ts';
import type { Direction, Plan, Step } from '../plan/plan.ts';
import type { RunFunction } from '../revisions/operation-builder.ts';
import type { Schema } from '../schema/schema.ts';
import type { AlterMeans } from './alter-means.ts';
import type { StatementNews } from './news.ts';
import type { Patience } from './patience.ts';
import type { LockedSession } from './session.ts';
import type { Watcher } from './watcher.ts';

export interface FinishedStep {
  readonly revision: string;
  readonly direction: Direction;
  /** Statements that ran. */
  readonly statements: number;
  /** Operations that were there already. */
  readonly satisfied: number;
  readonly ms: number;
}

export interface FailedStep {
  readonly revision: string;
  readonly direction: Direction;
  /** Position of the operation in its revision; `null`: outside of them. */
  readonly statement: number | null;
  readonly sql: string | null;
  readonly code: string;
  readonly message: string;
  readonly hint: string;
}

/** What a run did. A run that stops says what finished, what failed and what remains. */
export interface RunOutcome {
  readonly finished: readonly FinishedStep[];
  readonly failed: FailedStep | null;
  readonly remaining: readonly string[];
}

/** Called around a run; what they throw stops it. */
export interface Hooks {
  readonly beforeRun?: (plan: Plan) => void | Promise<void>;
  readonly beforeStep?: (step: Step) => void | Promise<void>;
  readonly afterStep?: (step: FinishedStep) => void | Promise<void>;
  readonly afterRun?: (outcome: RunOutcome) => void | Promise<void>;
  readonly onError?: (error: unknown) => void | Promise<void>;
}

export interface RunnerContext {
  readonly session: LockedSession;
  /** Gives a second session, to watch the first. */
  readonly database: Database;
  readonly store: Omit<Store, 'connection'>;
  /** The live schema when the plan was made. */
  readonly live: Schema;
  /** The function of a data step. */
  readonly code: (revision: string, reference: RunReference) => RunFunction;
  /** A Kysely instance on a session. */
  readonly kysely: (connection: Pick<Connection, 'query'>, dialect: Dialect) => Promise<unknown>;
  readonly who: Who;
  readonly tool: string;
  /** What the journal keeps of each revision, by id. */
  readonly records: ReadonlyMap<string, StepRecord>;
  readonly hooks: Hooks;
  /** Shown to people: step k of n, before and after. */
  readonly onProgress: (progress: Progress) => void;
  /** Shown to people: who is in the way of a statement, how far it is. */
  readonly onStatement: (news: StatementNews) => void;
  /** How long the statements of a revision wait for others. */
  readonly patience: (revision: string) => Patience;
  /** What may be done where a table can only be copied. */
  readonly altering: AlterMeans;
  /** Replicas that a backfill asks how far they are behind. */
  readonly replicas: readonly Database[];
  readonly signal: AbortSignal | null;
}

/** The context of a step. */
export interface StepContext extends RunnerContext {
  readonly watcher: Watcher;
}

/** What the journal keeps of a revision besides what ran. */
export interface StepRecord {
  readonly text: string;
  /** The name of its file. */
  readonly file: string;
  readonly upgrade: readonly Operation[];
  readonly downgrade: readonly Operation[] | null;
}

export interface Progress {
  readonly revision: string;
  readonly message: string;
  readonly direction: Direction;
  readonly position: number;
  readonly total: number;
  readonly finished: FinishedStep | null;
}
