import type { ConflictDetails } from '../kernel/errors.ts';
import { SurefootError } from '../kernel/errors.ts';
import { describe } from '../operations/apply.ts';
import type { Operation } from '../operations/operation.ts';
import { displayForm } from '../schema/display.ts';
import type { Part } from '../schema/parts.ts';
import { displayPart, indexParts, schemaParts } from '../schema/parts.ts';
import type { Schema } from '../schema/schema.ts';
import { displayRef } from '../schema/schema.ts';
import type { Attempt } from './data-steps.ts';
import { dataStandings, identityOf, wasFinished } from './data-steps.ts';
import type { Outline, OutlinedStep } from './outline.ts';
import type { Cursor, PlannedOperation, Standing } from './plan.ts';
import type { PlanOptions, PlanRequest } from './request.ts';
import type { Spelling } from './spelling.ts';
import type { ChainConflict } from './standing.ts';
import { namesOfPart, resolveStanding } from './standing.ts';

/** By step, the operations with their standing. */
export type Standings = readonly (readonly PlannedOperation[])[];

interface Means {
  readonly live: Schema;
  readonly spelling: Spelling;
}

export async function takeStandings(
  outlined: Outline,
  request: PlanRequest,
  { live, spelling }: Means,
): Promise<Standings> {
  const flat = outlined.steps.flatMap(({ revision, operations }) =>
    operations.map(({ effects }) => ({ effects, revision: revision.header.id })),
  );
  const resolution = await resolveStanding({
    operations: flat,
    live: indexParts(schemaParts(live)),
    spelling,
    objectAt: request.options.objectAt,
  });
  if (resolution.conflicts.length > 0) throw conflicting(resolution.conflicts, outlined);
  const satisfied = bySteps(outlined.steps, resolution.satisfied);
  const data = dataStandings({
    steps: outlined.steps,
    satisfied: satisfied.map((list, step) =>
      list.map((one, i) => one && hasEffects(outlined.steps[step], i)),
    ),
    attempts: request.attempts,
    answers: request.options.data,
  });
  return outlined.steps.map((step, i) =>
    step.operations.map((_, position) =>
      plannedOperation({
        step,
        position,
        satisfied: satisfied[i] ?? [],
        data: data.get(`${i}:${position}`),
        request,
      }),
    ),
  );
}

const hasEffects = (step: OutlinedStep | undefined, position: number): boolean =>
  (step?.operations[position]?.effects.length ?? 0) > 0;

function bySteps(steps: readonly OutlinedStep[], flat: readonly boolean[]): readonly (readonly boolean[])[] {
  let start = 0;
  return steps.map(({ operations }) => {
    const own = flat.slice(start, start + operations.length);
    start += operations.length;
    return own;
  });
}

interface Placed {
  readonly step: OutlinedStep;
  readonly position: number;
  /** By position. */
  readonly satisfied: readonly boolean[];
  readonly data: Standing | undefined;
  readonly request: PlanRequest;
}

function plannedOperation(placed: Placed): PlannedOperation {
  const { step, position } = placed;
  const { operation } = step.operations[position] as OutlinedStep['operations'][number];
  const standing = standingOf(placed);
  const cursor = standing === 'pending' ? cursorOf(operation, placed) : undefined;
  return { operation, standing, description: describe(operation), ...(cursor ? { cursor } : {}) };
}

/** Where a backfill goes on that an interrupted run began. */
function cursorOf(operation: Operation, { step, request }: Placed): Cursor | undefined {
  const identity = operation.kind === 'backfill' ? identityOf(operation) : null;
  const attempt = request.attempts.get(step.revision.header.id);
  return identity === null ? undefined : attempt?.cursors.get(identity);
}

function standingOf({ step, position, satisfied, data, request }: Placed): Standing {
  const { operation, effects, kept, formless } = step.operations[
    position
  ] as OutlinedStep['operations'][number];
  const attempt = request.attempts.get(step.revision.header.id);
  if (operation.kind === 'execute' && effects.length === 0 && data) refuseUnresumed(step, position, attempt);
  if (data) return data;
  if (kept) return 'kept';
  const operations = step.operations.map((one) => one.operation);
  // The catalogue cannot tell what raw DDL did. The journal can, unless the run ended in the middle of it.
  if (operation.kind === 'execute' && operation.effect === null) {
    if (wasFinished(attempt, position, operations)) return 'done';
    refuseUnresumed(step, position, attempt);
    return 'pending';
  }
  if (operation.kind === 'assert' || formless) return resumed(attempt, position, satisfied) ?? 'pending';
  // Without an effect there is nothing to do: what it would drop is in no history and on no server.
  const isThere = satisfied[position] || effects.length === 0;
  return isThere ? (resumed(attempt, position, satisfied) ?? 'satisfied') : 'pending';
}

/** What an interrupted run did, as the journal says, or, where it is silent, the catalogue; `null`: nothing. */
function resumed(
  attempt: Attempt | undefined,
  position: number,
  satisfied: readonly boolean[],
): 'done' | 'recovered' | null {
  if (!attempt) return null;
  if (attempt.finished.has(position)) return 'done';
  const isCarried = [...attempt.started].some(
    ([started, { carries }]) => satisfied[started] && (started === position || carries.includes(position)),
  );
  return isCarried ? 'recovered' : null;
}

/** The catalogue is the same before and after, or nothing is known of it: only people can tell. */
function refuseUnresumed({ revision, operations }: OutlinedStep, position: number, attempt?: Attempt): void {
  const begun = attempt?.started.get(position);
  const operation = operations[position]?.operation;
  if (!begun || !operation) return;
  const { id } = revision.header;
  const { at, by } = begun;
  const known = `begun ${at}${by === '' ? '' : ` by ${by}`}`;
  throw new SurefootError(
    'plan/unresumed',
    `revision ${id}: a run ended while it did this, and the catalogue cannot tell whether it was done: ${describe(operation)} (${known})`,
    {
      details: {
        revision: id,
        statement: position,
        sql: begun.sql,
        at,
        by,
        description: describe(operation),
      },
      hint: 'Look at the database, then say `surefoot resume --done` if it was done, or `surefoot resume --retry` if not.',
    },
  );
}

function conflicting(conflicts: readonly ChainConflict[], outlined: Outline): SurefootError {
  const owners = outlined.steps.flatMap(({ revision, operations }) =>
    operations.map(({ operation }) => ({ revision: revision.header.id, operation })),
  );
  const details = conflicts.map((conflict): ConflictDetails => {
    const owner = owners[conflict.operation];
    const part = conflict.expected ?? conflict.found;
    return {
      revision: owner?.revision ?? '',
      operation: owner ? describe(owner.operation) : '',
      object: part ? displayPart(part) : '',
      expected: displayForm(conflict.expected),
      found: displayForm(conflict.found),
    };
  });
  const ambiguous = conflicts.flatMap(({ reason, found }) =>
    reason === 'ambiguous' && found ? [found] : [],
  );
  if (ambiguous.length === conflicts.length) return ambiguousObjects(details, ambiguous);
  const lines = details.map(
    (one) => `${one.revision}: ${one.operation}: ${one.object} is ${one.found}, expected ${one.expected}`,
  );
  return new SurefootError(
    'plan/conflict',
    `what is in the database differs from what the plan would make: ${lines.join('; ')}`,
    {
      details: { conflicts: details },
      hint: 'Nothing was changed. `surefoot check` shows all differences; correct the database, or let `surefoot repair` do it.',
    },
  );
}

/** A table answers for all its parts. */
function namesToAnswer(parts: readonly Part[]): readonly string[] {
  const tables = new Set(parts.filter(({ kind }) => kind === 'table').map(({ owner }) => displayRef(owner)));
  return [
    ...new Set(
      parts.map((part) =>
        tables.has(displayRef(part.owner)) ? displayRef(part.owner) : (namesOfPart(part)[0] ?? ''),
      ),
    ),
  ];
}

function ambiguousObjects(details: readonly ConflictDetails[], parts: readonly Part[]): SurefootError {
  const names = namesToAnswer(parts);
  const objects = details.map((one) => one.object);
  return new SurefootError(
    'plan/ambiguous-object',
    `the plan takes ${objects.join(', ')} away and makes it again; it is not known which of the two is there`,
    {
      details: { objects },
      hint: `Say where it stands: ${names.map((name) => `--object-at ${name}=<revision>`).join(' ')}.`,
    },
  );
}

export function refuseStrict(standings: Standings, options: PlanOptions): void {
  if (!options.strict) return;
  const satisfied = standings
    .flat()
    .filter(({ standing }) => standing === 'satisfied')
    .map(({ description }) => description);
  if (satisfied.length === 0) return;
  throw new SurefootError('plan/strict', `already there: ${satisfied.join('; ')}`, {
    details: { satisfied },
    hint: 'Without --strict these are skipped and journalled as satisfied.',
  });
}
