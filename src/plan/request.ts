import type { Connection } from '../dialect/connection.ts';
import type { Dialect } from '../dialect/dialect.ts';
import type { LoadedRevision } from '../revisions/load.ts';
import type { Naming } from '../schema/naming.ts';
import type { Schema } from '../schema/schema.ts';
import type { Attempt, DataAnswers } from './data-steps.ts';
import type { Direction, Plan } from './plan.ts';

export interface PlanOptions {
  /** Refuse where anything is satisfied already. */
  readonly strict: boolean;
  /** Go on over objects that history names and that differ. */
  readonly acceptDrift: boolean;
  /** Where an object stands, by its name: after that revision. */
  readonly objectAt: ReadonlyMap<string, string>;
  readonly data: DataAnswers;
  /** `skip`: leave checks of present rows to the server. */
  readonly rowCheck: 'ask' | 'skip';
}

export interface PlanRequest {
  readonly direction: Direction;
  /** The revisions to run, in the order of the run, each with the checksum of its text. */
  readonly path: readonly { readonly revision: LoadedRevision; readonly textChecksum: string }[];
  /** The revisions that are applied, parents first. */
  readonly applied: readonly LoadedRevision[];
  readonly headsBefore: readonly string[];
  /** The version rows after each step of the path. */
  readonly headsAfter: readonly (readonly string[])[];
  readonly inserted: readonly string[];
  readonly attempts: ReadonlyMap<string, Attempt>;
  readonly options: PlanOptions;
}

/** What the plan is made on: one session, and the schema it shows. */
export interface PlanGround {
  readonly dialect: Dialect;
  readonly connection: Connection;
  readonly naming: Naming;
  /** The live schema, normalised. */
  readonly live: Schema;
}

export interface BuiltPlan {
  readonly plan: Plan;
  /** What history describes after the plan, normalised; with raw SQL of unknown effect, only what is known. */
  readonly target: Schema;
}
