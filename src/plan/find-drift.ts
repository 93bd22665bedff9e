import type { DifferenceDetails } from '../kernel/errors.ts';
import { SurefootError } from '../kernel/errors.ts';
import type { SchemaDraft } from '../schema/draft.ts';
import { draftSchema } from '../schema/draft.ts';
import type { Part } from '../schema/parts.ts';
import type { Schema } from '../schema/schema.ts';
import { describeDifference, namedParts, partsOf, settledDifferences, splitExtras } from './drift.ts';
import type { Outline } from './outline.ts';
import type { PlanGround, PlanRequest } from './request.ts';
import type { Spelling } from './spelling.ts';

export interface DriftInput {
  readonly request: PlanRequest;
  readonly outlined: Outline;
  /** The live schema with all pending operations applied, as written. */
  readonly end: SchemaDraft;
  readonly target: Schema;
  readonly spelling: Spelling;
  readonly ground: PlanGround;
}

export interface Differences {
  readonly extras: readonly DifferenceDetails[];
  readonly accepted: readonly DifferenceDetails[];
  /** What the server has that history does not have there. */
  readonly strangers: readonly Part[];
  /** Texts that differ, and that no server may compare. */
  readonly unproven: readonly DifferenceDetails[];
}

/** Compares where the plan would end with where history says it ends; refuses where they differ. */
export async function findDrift(input: DriftInput): Promise<Differences> {
  const { request, outlined, ground } = input;
  const end = ground.dialect.normalize(draftSchema(input.end));
  const differences = await settledDifferences(input.target, end, input.spelling);
  if (differences.length === 0) return { extras: [], accepted: [], strangers: [], unproven: [] };
  const known = [
    ...request.applied,
    ...(request.direction === 'upgrade' ? request.path.map(({ revision }) => revision) : []),
  ];
  const named = namedParts(known, ground.dialect, partsOf(differences));
  const { drift, extras, unproven } = splitExtras(
    differences.map((difference) => describeDifference(difference, named)),
  );
  // Raw SQL of unknown effect may have made any difference: nothing can be said.
  if (outlined.opaque.length > 0) return { extras, accepted: [], strangers: [], unproven };
  const strangers = differences.flatMap(({ kind, wanted, actual }) =>
    kind === 'unproven' ? [] : [wanted, actual].filter((part) => part !== null),
  );
  if (drift.length === 0) return { extras, accepted: [], strangers, unproven };
  if (request.options.acceptDrift) return { extras, accepted: drift, strangers, unproven };
  throw drifted(drift);
}

const driftHint =
  'Nothing was changed. `surefoot repair` brings the database to what history says; --accept-drift goes on regardless.';

/** A refusal that shows what history describes and what the server has. */
export function drifted(differences: readonly DifferenceDetails[], hint = driftHint): SurefootError {
  const lines = differences.map(
    (one) =>
      `${one.object} is ${one.kind === 'extra' ? 'left over' : one.kind}${one.revision ? ` (${one.revision})` : ''}`,
  );
  return new SurefootError('plan/drift', `the database is not what its history says: ${lines.join('; ')}`, {
    details: { differences },
    hint,
  });
}
