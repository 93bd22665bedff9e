import type { RowQuestion } from '../dialect/dialect.ts';
import type { Segment } from '../dialect/statement.ts';
import { SurefootError } from '../kernel/errors.ts';
import { applyTo, describe } from '../operations/apply.ts';
import type { Operation } from '../operations/operation.ts';
import type { SchemaDraft } from '../schema/draft.ts';
import { copyDraft, draftSchema } from '../schema/draft.ts';
import { mentions } from '../schema/identifiers-in-sql.ts';
import { type Carried, type CarryOut, carryOutIn } from './carry-out.ts';
import type { Clash } from './names.ts';
import type { PlannedOperation } from './plan.ts';
import type { PlanGround } from './request.ts';
import type { Standings } from './take-standings.ts';

/** One revision, compiled. Positions of operations are those of the revision, in statements and questions. */
export interface ArrangedStep {
  readonly operations: readonly PlannedOperation[];
  readonly segments: readonly Segment[];
  readonly rows: readonly RowQuestion[];
}

export interface Arranged {
  readonly steps: readonly ArrangedStep[];
}

/** `live`: the schema that the first of them meets. */
type Means = Pick<PlanGround, 'dialect' | 'naming'> & { readonly live: SchemaDraft };

/** By step and operation, what is compiled for it. */
export interface Compilable {
  readonly steps: readonly { readonly operations: readonly { readonly compiled: readonly Operation[] }[] }[];
}

/** Compiles each revision's pending operations against the schema that the ones before it leave. */
export function arrange(outlined: Compilable, standings: Standings, means: Means): Arranged {
  const live = copyDraft(means.live);
  const carryOut = carryOutIn(live, means);
  const steps = standings.map((operations, i) =>
    arrangeStep(pendingOf(operations, outlined.steps[i]), { ...means, live, operations, carryOut }),
  );
  return { steps };
}

/**
 * The live schema with all pending operations applied, as written. Compiles nothing: what is missing has no SQL. Refuses a
 * name that something else has by then, as the server would.
 */
export function endOf(
  outlined: Compilable,
  standings: Standings,
  means: Means & { readonly revisions: readonly string[] },
): SchemaDraft {
  const live = copyDraft(means.live);
  const carryOut = carryOutIn(live, means);
  standings.forEach((operations, i) => {
    for (const one of pendingOf(operations, outlined.steps[i])) {
      const { operation, clash } = advance(one, { live, operations, carryOut });
      if (clash) throw nameTaken(clash, { operation, revision: means.revisions[i] ?? '' });
    }
  });
  return live;
}

function nameTaken(
  { object, holder }: Clash,
  { operation, revision }: { readonly operation: Operation; readonly revision: string },
): SurefootError {
  return new SurefootError(
    'plan/name-taken',
    `${revision}: ${describe(operation)}: ${object} cannot be called so, ${holder} has the name`,
    {
      details: { revision, object, holder },
      hint: 'Nothing was changed. Give one of the two another name in its revision, or rename or drop the one that is there.',
    },
  );
}

interface Pending {
  readonly operation: Operation;
  readonly position: number;
}

function pendingOf(
  operations: readonly PlannedOperation[],
  step: Compilable['steps'][number] | undefined,
): readonly Pending[] {
  return operations.flatMap(({ standing, operation }, position) =>
    standing === 'pending' && operation.kind !== 'assert'
      ? (step?.operations[position]?.compiled ?? []).map((one) => ({ operation: one, position }))
      : [],
  );
}

/** A revision in the course of a plan. */
interface Course {
  readonly live: SchemaDraft;
  readonly operations: readonly PlannedOperation[];
  readonly carryOut: CarryOut;
}

function advance({ operation, position }: Pending, { live, operations, carryOut }: Course): Carried {
  const carried = carryOut(operation);
  // Where another operation stands for it, it still says what history then has.
  const meant = operations[position]?.operation;
  if (meant && meant !== operation) applyTo(live, meant);
  return carried;
}

function arrangeStep(pending: readonly Pending[], course: Course & Means): ArrangedStep {
  const { operations, dialect, naming } = course;
  if (pending.length === 0) return { operations, segments: [], rows: [] };
  const before = draftSchema(course.live);
  const input = { operations: pending.map((one) => advance(one, course).operation), before, naming };
  const place = <T extends { readonly operation: number }>(one: T): T => ({
    ...one,
    operation: pending[one.operation]?.position ?? 0,
  });
  const segments = dialect.compile(input);
  const rows = dialect
    .rowQuestions(input)
    .filter((question) => !asksTooEarly(question, input.operations, segments));
  return {
    operations,
    segments: segments.map(({ mode, statements }) => ({ mode, statements: statements.map(place) })),
    rows: rows.map(place),
  };
}

// A statement may carry out several operations on one table, and questions are asked before it: about a column that the
// same statement makes, nothing can be asked. The server checks it, and such a statement stands or falls as a whole.
function asksTooEarly(
  question: RowQuestion,
  operations: readonly Operation[],
  segments: readonly Segment[],
): boolean {
  const done = segments
    .flatMap(({ statements }) => statements)
    .reduce((last, { operation }) => (operation < question.operation ? Math.max(last, operation) : last), -1);
  return operations
    .slice(done + 1, question.operation)
    .some((one) => one.kind === 'addColumn' && mentions(question.sql, one.column.name));
}
