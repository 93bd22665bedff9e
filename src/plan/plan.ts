// What will be run, and nothing else: readonly JSON, reviewed today, run tomorrow.
// In: revisions × dialect × live schema. Out: Plan. Must not run anything.

import type { RowQuestion } from '../dialect/dialect.ts';
import type { Segment } from '../dialect/statement.ts';
import type { DifferenceDetails } from '../kernel/errors.ts';
import type { Operation } from '../operations/operation.ts';
import type { DialectName, Flavor } from '../schema/schema.ts';

/** Stands where a revision's id would, in the plan and the journal of a repair. No id looks like it. */
export const repairStep = '(repair)';

/** A precondition: the query's first value must be true. `operation` is its place in the revision. */
export interface Assertion {
  readonly operation: number;
  readonly sql: string;
  readonly message: string;
}

export type Direction = 'upgrade' | 'downgrade';

/**
 * `pending`: it will run. `satisfied`: its effect is there already. `kept`: an inverse whose object history already
 * has at the target, so that it is left alone. `done`: an interrupted run had finished it. `recovered`: an interrupted
 * run had begun it, and the catalogue shows that it was done. `skipped`: a data step which the user says has run.
 */
export type Standing = 'pending' | 'satisfied' | 'kept' | 'done' | 'recovered' | 'skipped';

/** How far a backfill has come. */
export interface Cursor {
  /** The columns of the key by which the rows are gone through. */
  readonly key: readonly string[];
  /** The key of the last row that was reached, as texts. */
  readonly after: readonly string[];
  /** Rows gone through, and rows changed, so far. */
  readonly seen: number;
  readonly rows: number;
}

export interface PlannedOperation {
  readonly operation: Operation;
  readonly standing: Standing;
  readonly description: string;
  /** A backfill that an interrupted run began: where it goes on. */
  readonly cursor?: Cursor;
}

export interface Step {
  readonly revision: string;
  readonly direction: Direction;
  readonly message: string;
  readonly operations: readonly PlannedOperation[];
  /** Statements of the pending operations; `operation` is the position in `operations`. */
  readonly segments: readonly Segment[];
  /** Questions about rows that can only be asked right before their operation. */
  readonly questions: readonly RowQuestion[];
  readonly checksums: Checksums;
  /** Preconditions about what earlier steps of the plan make: asked when this step begins. */
  readonly assertions: readonly Assertion[];
  /** The rows of the version table after this step. */
  readonly heads: readonly string[];
  /** False: a repair, which belongs to no revision and moves none. */
  readonly moves: boolean;
  /** True: the step's effect on the schema is not known before it ran (raw SQL without a declared effect). */
  readonly unverified: boolean;
}

/** `text`: the file with its relative imports. `operations`: what it does on this dialect. */
export interface Checksums {
  readonly text: string;
  readonly operations: string;
}

/** Values or rows that a step would destroy, as counted when the plan was made. */
export interface Loss {
  readonly revision: string;
  readonly subject: string;
  readonly count: number;
  /** The table beside that keeps it: it is not lost. */
  readonly kept?: string;
  /** Why it cannot be kept, where that was asked for. */
  readonly notKept?: string;
}

/** What the user decided about a plan, as plain data: kept in the plan, so that whoever runs it need not say it again. */
export interface PlanChoices {
  /** Refuse where anything is satisfied already. */
  readonly strict?: boolean | undefined;
  /** Go on over objects that history names and that differ. */
  readonly acceptDrift?: boolean | undefined;
  /** Where an object stands: `{ name: revision }`. */
  readonly objectAt?: Readonly<Record<string, string>> | undefined;
  /** Revisions whose data steps are to be run, or have run already, where that is unclear. */
  readonly runData?: readonly string[] | undefined;
  readonly skipData?: readonly string[] | undefined;
  readonly rowCheck?: 'ask' | 'skip' | undefined;
  /** Put aside what dropped columns and tables hold. */
  readonly keep?: boolean | undefined;
}

export interface Plan {
  readonly format: 1;
  readonly dialect: DialectName;
  readonly flavor: Flavor;
  readonly direction: Direction;
  readonly heads: { readonly before: readonly string[]; readonly after: readonly string[] };
  /** Hash of the live schema that the plan was made for. */
  readonly expects: string;
  readonly steps: readonly Step[];
  readonly losses: readonly Loss[];
  /** Objects that history never named: reported, left alone. */
  readonly extras: readonly DifferenceDetails[];
  /** Differences that the user chose to accept. */
  readonly accepted: readonly DifferenceDetails[];
  /** Revisions whose effect on the schema cannot be known without running them. */
  readonly unverified: readonly string[];
  /** Why their effect could not be learned on a scratch database; `null`: it was. */
  readonly unverifiedBecause?: string | null;
  /** Texts (of views, checks, expressions) that differ, and that no server may compare: information, not drift. */
  readonly unproven?: readonly DifferenceDetails[];
  /** Revisions as the journal keeps them, since their files are gone or were edited after they ran. */
  readonly remembered?: readonly string[];
  /** Revisions below a recorded head that never ran. */
  readonly inserted: readonly string[];
  readonly choices: PlanChoices;
}
