import { hashJson, hashText } from '../kernel/hash.ts';
import { describe } from '../operations/apply.ts';
import type { Operation } from '../operations/operation.ts';
import { openDraft } from '../schema/draft.ts';
import { arrange } from './arrange.ts';
import type { Plan, PlannedOperation } from './plan.ts';
import { repairStep } from './plan.ts';
import { preflight } from './preflight.ts';
import type { PlanGround } from './request.ts';

/** What is repaired, and where the database is recorded to stand; both stay as they are. */
export interface RepairRequest {
  readonly operations: readonly Operation[];
  readonly heads: readonly string[];
  readonly message: string;
}

/** A plan of operations that belong to no revision: one step, which moves nothing. Refuses where rows stand in the way. */
export async function buildRepairPlan(request: RepairRequest, ground: PlanGround): Promise<Plan> {
  const planned = request.operations.map(
    (operation): PlannedOperation => ({ operation, standing: 'pending', description: describe(operation) }),
  );
  const outlined = {
    steps: [{ operations: request.operations.map((operation) => ({ compiled: [operation] })) }],
  };
  const arranged = arrange(outlined, [planned], { ...ground, live: openDraft(ground.live) });
  const asked = await preflight(arranged, { revisions: [repairStep], rowCheck: 'ask' }, ground);
  return {
    format: 1,
    dialect: ground.dialect.name,
    flavor: ground.dialect.traits.flavor,
    direction: 'upgrade',
    heads: { before: request.heads, after: request.heads },
    expects: hashText(JSON.stringify(ground.live)),
    steps: [
      {
        revision: repairStep,
        direction: 'upgrade',
        message: request.message,
        operations: planned,
        segments: arranged.steps[0]?.segments ?? [],
        questions: asked.deferred[0] ?? [],
        assertions: [],
        checksums: { text: '', operations: hashJson(request.operations) },
        heads: request.heads,
        moves: false,
        unverified: false,
      },
    ],
    losses: asked.losses,
    extras: [],
    accepted: [],
    unverified: [],
    inserted: [],
    choices: {},
  };
}
