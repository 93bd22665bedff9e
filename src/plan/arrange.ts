import type { RowQuestion } from '../dialect/dialect.ts';
import type { Segment } from '../dialect/statement.ts';
import { applyTo, touches } from '../operations/apply.ts';
import type { Operation } from '../operations/operation.ts';
import type { SchemaDraft } from '../schema/draft.ts';
import { copyDraft, draftSchema } from '../schema/draft.ts';
import { mentions } from '../schema/identifiers-in-sql.ts';
import { refKey } from '../schema/schema.ts';
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
  const end = copyDraft(means.live);
  const steps = standings.map((operations, i) =>
    arrangeStep(operations, (position) => outlined.steps[i]?.operations[position]?.compiled ?? [], {
      ...means,
      live: end,
    }),
  );
  return { steps };
}

/** The live schema with all pending operations applied, as written. Compiles nothing: what is missing has no SQL. */
export function endOf(outlined: Compilable, standings: Standings, means: Means): SchemaDraft {
  const end = copyDraft(means.live);
  standings.forEach((operations, i) => {
    const compiledFor = (position: number) => outlined.steps[i]?.operations[position]?.compiled ?? [];
    carryOut(operations, pendingOf(operations, compiledFor), { ...means, live: end });
  });
  return end;
}

interface Pending {
  readonly operation: Operation;
  readonly position: number;
}

function pendingOf(
  operations: readonly PlannedOperation[],
  compiledFor: (position: number) => readonly Operation[],
): readonly Pending[] {
  return operations.flatMap(({ standing, operation }, position) =>
    standing === 'pending' && operation.kind !== 'assert'
      ? compiledFor(position).map((one) => ({ operation: one, position }))
      : [],
  );
}

function carryOut(operations: readonly PlannedOperation[], pending: readonly Pending[], means: Means): void {
  for (const { operation, position } of pending) {
    advance(operation, means);
    // Where another operation stands for it, it still says what history then has.
    const meant = operations[position]?.operation;
    if (meant && meant !== operation) applyTo(means.live, meant);
  }
}

function arrangeStep(
  operations: readonly PlannedOperation[],
  compiledFor: (position: number) => readonly Operation[],
  { dialect, naming, live }: Means,
): ArrangedStep {
  const pending = pendingOf(operations, compiledFor);
  if (pending.length === 0) return { operations, segments: [], rows: [] };
  const input = { operations: pending.map(({ operation }) => operation), before: draftSchema(live), naming };
  const place = <T extends { readonly operation: number }>(one: T): T => ({
    ...one,
    operation: pending[one.operation]?.position ?? 0,
  });
  const segments = dialect.compile(input);
  const rows = dialect
    .rowQuestions(input)
    .filter((question) => !asksTooEarly(question, input.operations, segments));
  const step: ArrangedStep = {
    operations,
    segments: segments.map(({ mode, statements }) => ({ mode, statements: statements.map(place) })),
    rows: rows.map(place),
  };
  carryOut(operations, pending, { dialect, naming, live });
  return step;
}

/** Carries the operation out in the draft. What it leaves unnamed gets its name now: a later renaming does not change it. */
function advance(operation: Operation, { dialect, naming, live }: Means): void {
  const isRenaming = operation.kind === 'renameTable' || operation.kind === 'renameColumn';
  const keys = isRenaming
    ? []
    : touches(operation).flatMap((one) => (one.kind === 'table' ? refKey(one.ref) : []));
  const before = new Map(keys.map((key) => [key, live.tables.get(key)]));
  applyTo(live, operation);
  for (const [key, old] of before) {
    const table = live.tables.get(key);
    if (table && table !== old) live.tables.set(key, dialect.nameParts(table, old ?? null, naming));
  }
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
