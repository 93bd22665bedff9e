// Revisions × dialect × live schema → Plan.
// In: loaded revisions, the live schema, what the journal knows of interrupted runs. Out: Plan and the schema it ends at.
// Must not write to the database, nor know the journal, the lock or the files.
//
//   1. Outline: each revision's operations, completed from the schema that history describes there, with what they do to
//      each part (outline.ts, effects.ts).
//   2. Standing: the live schema is read once; each operation is satisfied, pending, kept, or conflicting (standing.ts), data
//      steps by the journal (data-steps.ts). A conflict refuses the whole plan.
//   3. Where the pending operations end must be what history describes at the target; else the server has drifted, and the
//      plan is refused (find-drift.ts).
//   4. They are compiled, revision by revision, each against the schema that the ones before it leave (arrange.ts).
//   5. Preconditions and rows are asked (preflight.ts).

import { hashJson, hashText } from '../kernel/hash.ts';
import { draftSchema, openDraft } from '../schema/draft.ts';
import type { Arranged } from './arrange.ts';
import { arrange, endOf } from './arrange.ts';
import type { Differences } from './find-drift.ts';
import { findDrift } from './find-drift.ts';
import type { Outline } from './outline.ts';
import { outline } from './outline.ts';
import type { Plan, Step } from './plan.ts';
import type { Preflight } from './preflight.ts';
import { preflight } from './preflight.ts';
import type { BuiltPlan, PlanGround, PlanRequest } from './request.ts';
import { choicesOf } from './request.ts';
import { createSpelling } from './spelling.ts';
import { refuseStrict, takeStandings } from './take-standings.ts';

/** Makes the plan, or refuses before anything is touched. */
export async function buildPlan(request: PlanRequest, ground: PlanGround): Promise<BuiltPlan> {
  const live = openDraft(ground.live);
  const outlined = outline({
    direction: request.direction,
    path: request.path.map(({ revision }) => revision),
    applied: request.applied,
    dialect: ground.dialect,
    live,
  });
  const spelling = createSpelling(ground.dialect, ground.connection, ground.spellElsewhere);
  const standings = await takeStandings(outlined, request, { live: ground.live, spelling });
  refuseStrict(standings, request.options);
  const { dialect, naming } = ground;
  const revisions = request.path.map(({ revision }) => revision.header.id);
  const end = endOf(outlined, standings, { dialect, naming, live, revisions });
  const target = ground.dialect.normalize(draftSchema(outlined.target));
  const differences = await findDrift({ request, outlined, end, target, spelling, ground });
  const arranged = arrange(outlined, standings, { dialect, naming, live });
  const asked = await preflight(arranged, { revisions, rowCheck: request.options.rowCheck }, ground);
  const plan = assemble({ request, outlined, arranged, differences, asked, ground });
  return { plan, target, strangers: differences.strangers };
}

interface Assembly {
  readonly request: PlanRequest;
  readonly outlined: Outline;
  readonly arranged: Arranged;
  readonly differences: Differences;
  readonly asked: Preflight;
  readonly ground: PlanGround;
}

function assembleStep({ request, outlined, arranged, asked }: Assembly, i: number): Step {
  const { revision, textChecksum, written = revision } = request.path[i] as PlanRequest['path'][number];
  return {
    revision: revision.header.id,
    direction: request.direction,
    message: revision.header.message,
    operations: arranged.steps[i]?.operations ?? [],
    segments: arranged.steps[i]?.segments ?? [],
    questions: asked.deferred[i] ?? [],
    checksums: { text: textChecksum, operations: hashJson([written.upgrade, written.downgrade]) },
    assertions: asked.assertions[i] ?? [],
    heads: request.headsAfter[i] ?? [],
    moves: true,
    unverified: outlined.opaque.includes(revision.header.id),
  };
}

function assemble(assembly: Assembly): Plan {
  const { request, outlined, differences, asked, ground } = assembly;
  return {
    format: 1,
    dialect: ground.dialect.name,
    flavor: ground.dialect.traits.flavor,
    direction: request.direction,
    heads: { before: request.headsBefore, after: request.headsAfter.at(-1) ?? request.headsBefore },
    expects: hashText(JSON.stringify(ground.live)),
    steps: request.path.map((_, i) => assembleStep(assembly, i)),
    losses: asked.losses,
    extras: differences.extras,
    accepted: differences.accepted,
    unverified: outlined.opaque,
    unverifiedBecause: outlined.opaque.length === 0 ? null : (request.unlearned ?? null),
    unproven: differences.unproven,
    inserted: request.inserted,
    choices: choicesOf(request.options),
  };
}
