import type { LossQuestion } from '../dialect/dialect.ts';
import type { Operation, OperationOf } from '../operations/operation.ts';
import type { SchemaDraft } from '../schema/draft.ts';
import { draftSchema, openDraft } from '../schema/draft.ts';
import { refOf } from '../schema/schema.ts';
import type { Origins } from './origins.ts';
import { openOrigins } from './origins.ts';
import { pick } from './pick.ts';
import type { PlannedOperation } from './plan.ts';
import type { PlanGround } from './request.ts';

// Losses are counted before the first statement, so that the user can still say no. There the values may stand under
// another name than the operation says: an earlier one of the plan may rename the column first. So each destructive
// operation is said again as if it were the first of the plan. What the plan itself made has nothing to lose.

type Destructive = OperationOf<'dropTable' | 'dropColumn' | 'alterColumn'>;

function isDestructive(operation: Operation): operation is Destructive {
  const { kind } = operation;
  return kind === 'dropTable' || kind === 'dropColumn' || kind === 'alterColumn';
}

/** The operation as it would be said before the plan; `null`: what it is about is not there yet. */
function asFirst(operation: Destructive, origins: Origins): Destructive | null {
  const table = origins.table(operation.table);
  if (!table) return null;
  if (operation.kind === 'dropTable') return { ...operation, table: refOf(table) };
  const column = origins.column(operation.table, operation.column);
  return column === null ? null : { ...operation, table: refOf(table), column };
}

function questionsOf(
  operation: Destructive,
  live: SchemaDraft,
  { dialect, naming }: PlanGround,
): readonly Omit<LossQuestion, 'operation'>[] {
  const before = draftSchema(pick(live, [{ kind: 'table', ref: operation.table }]));
  return dialect.lossQuestions({ operations: [operation], before, naming });
}

/** By step: how much the pending operations would destroy, as questions for the live schema. */
export function lossesBySteps(
  steps: readonly { readonly operations: readonly PlannedOperation[] }[],
  ground: PlanGround,
): readonly (readonly Omit<LossQuestion, 'operation'>[])[] {
  const live = openDraft(ground.live);
  const origins = openOrigins(live);
  return steps.map(({ operations }) =>
    operations.flatMap(({ operation, standing }) => {
      if (standing !== 'pending') return [];
      // Raw SQL destroys what its effect says.
      const done = operation.kind === 'execute' ? (operation.effect ?? []) : [operation];
      return done.flatMap((one) => {
        const first = isDestructive(one) ? asFirst(one, origins) : null;
        origins.advance(one);
        return first ? questionsOf(first, live, ground) : [];
      });
    }),
  );
}
