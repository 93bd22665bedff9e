import type { Connection } from '../dialect/connection.ts';
import type { Dialect } from '../dialect/dialect.ts';
import type { LoadedRevision } from '../revisions/load.ts';
import type { Naming } from '../schema/naming.ts';
import type { Part } from '../schema/parts.ts';
import type { Schema } from '../schema/schema.ts';
import type { Attempt, DataAnswers } from './data-steps.ts';
import type { Direction, Plan, PlanChoices } from './plan.ts';
import type { SpellElsewhere } from './spelling.ts';

/** The user's choices, every one of them made. */
export interface PlanOptions {
  readonly strict: boolean;
  readonly acceptDrift: boolean;
  /** Where an object stands, by its name: after that revision. */
  readonly objectAt: ReadonlyMap<string, string>;
  readonly data: DataAnswers;
  /** `skip`: leave checks of present rows to the server. */
  readonly rowCheck: 'ask' | 'skip';
}

/** What was chosen; what was left open is as usual. */
export function optionsOf(choices: PlanChoices): PlanOptions {
  return {
    strict: choices.strict ?? false,
    acceptDrift: choices.acceptDrift ?? false,
    objectAt: new Map(Object.entries(choices.objectAt ?? {})),
    data: { run: new Set(choices.runData ?? []), skip: new Set(choices.skipData ?? []) },
    rowCheck: choices.rowCheck ?? 'ask',
  };
}

/** The options as a plan keeps them. */
export function choicesOf({ strict, acceptDrift, objectAt, data, rowCheck }: PlanOptions): PlanChoices {
  return {
    strict,
    acceptDrift,
    objectAt: Object.fromEntries(objectAt),
    runData: [...data.run],
    skipData: [...data.skip],
    rowCheck,
  };
}

/** A revision to run, with the checksum of its text. */
export interface PlannedRevision {
  readonly revision: LoadedRevision;
  readonly textChecksum: string;
  /** As its author wrote it, without what was learned of its raw SQL; absent: nothing was. */
  readonly written?: LoadedRevision;
}

export interface PlanRequest {
  readonly direction: Direction;
  /** The revisions to run, in the order of the run, each with the checksum of its text. */
  readonly path: readonly PlannedRevision[];
  /** The revisions that are applied, parents first. */
  readonly applied: readonly LoadedRevision[];
  readonly headsBefore: readonly string[];
  /** The version rows after each step of the path. */
  readonly headsAfter: readonly (readonly string[])[];
  readonly inserted: readonly string[];
  readonly attempts: ReadonlyMap<string, Attempt>;
  readonly options: PlanOptions;
  /** Why the effect of some raw SQL could not be learned. */
  readonly unlearned?: string | null;
}

/** What the plan is made on: one session, and the schema it shows. */
export interface PlanGround {
  readonly dialect: Dialect;
  readonly connection: Connection;
  readonly naming: Naming;
  /** The live schema, normalised. */
  readonly live: Schema;
  /** Where texts are spelled if the server may not be asked to. */
  readonly spellElsewhere?: SpellElsewhere;
}

export interface BuiltPlan {
  readonly plan: Plan;
  /** What history describes after the plan, normalised; with raw SQL of unknown effect, only what is known. */
  readonly target: Schema;
  /** What the server has, and will have, that history does not have there. */
  readonly strangers: readonly Part[];
}
