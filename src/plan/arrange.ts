import type { LossQuestion, RowQuestion } from '../dialect/dialect.ts';
import type { Segment } from '../dialect/statement.ts';
import { applyTo } from '../operations/apply.ts';
import type { Operation } from '../operations/operation.ts';
import type { SchemaDraft } from '../schema/draft.ts';
import { copyDraft, draftSchema } from './pick.ts';
import type { PlannedOperation } from './plan.ts';
import type { PlanGround } from './request.ts';
import type { Standings } from './take-standings.ts';

/** One revision, compiled. Positions of operations are those of the revision, in statements and questions. */
export interface ArrangedStep {
  readonly operations: readonly PlannedOperation[];
  readonly segments: readonly Segment[];
  readonly rows: readonly RowQuestion[];
  readonly losses: readonly LossQuestion[];
}

export interface Arranged {
  readonly steps: readonly ArrangedStep[];
  /** The live schema with all pending operations applied, as written. */
  readonly end: SchemaDraft;
}

type Means = Pick<PlanGround, 'dialect' | 'naming'>;

/** Compiles each revision's pending operations against the schema that the ones before it leave. */
export function arrange(standings: Standings, live: SchemaDraft, means: Means): Arranged {
  const end = copyDraft(live);
  const steps = standings.map((operations) => arrangeStep(operations, end, means));
  return { steps, end };
}

function arrangeStep(
  operations: readonly PlannedOperation[],
  schema: SchemaDraft,
  { dialect, naming }: Means,
): ArrangedStep {
  const positions = operations.flatMap(({ standing, operation }, i) =>
    standing === 'pending' && operation.kind !== 'assert' ? [i] : [],
  );
  const pending = positions.map((i) => operations[i]?.operation as Operation);
  if (pending.length === 0) return { operations, segments: [], rows: [], losses: [] };
  const input = { operations: pending, before: draftSchema(schema), naming };
  const place = <T extends { readonly operation: number }>(one: T): T => ({
    ...one,
    operation: positions[one.operation] ?? 0,
  });
  const step: ArrangedStep = {
    operations,
    segments: dialect
      .compile(input)
      .map(({ mode, statements }) => ({ mode, statements: statements.map(place) })),
    rows: dialect.rowQuestions(input).map(place),
    losses: dialect.lossQuestions(input).map(place),
  };
  for (const operation of pending) applyTo(schema, operation);
  return step;
}
