import type { RowQuestion } from '../dialect/dialect.ts';
import type { Operation } from '../operations/operation.ts';
import type { TableRef } from '../schema/schema.ts';
import { refKey } from '../schema/schema.ts';
import type { Arranged } from './arrange.ts';
import { isDataStep } from './data-steps.ts';
import { openChanged, readsOf, writesOf } from './footprint.ts';
import { lossesBySteps } from './losses.ts';
import type { Assertion, Loss } from './plan.ts';
import { checkAssertion, checkRows, countLosses } from './questions.ts';
import type { PlanGround } from './request.ts';

/** What the server said before the first statement, and what can only be asked later. */
export interface Preflight {
  readonly losses: readonly Loss[];
  /** By step: the questions that wait until right before their operation. */
  readonly deferred: readonly (readonly RowQuestion[])[];
  /** By step: the assertions about what earlier steps of the plan make. */
  readonly assertions: readonly (readonly Assertion[])[];
}

const changesRows = (operation: Operation): boolean => isDataStep(operation) || operation.kind === 'execute';

/** Whose operations these are, and whether rows are asked about at all. */
export interface PreflightRequest {
  /** By step. */
  readonly revisions: readonly string[];
  readonly rowCheck: 'ask' | 'skip';
}

interface Questions {
  readonly now: readonly RowQuestion[];
  /** By step. */
  readonly rows: readonly (readonly RowQuestion[])[];
  readonly assertions: readonly (readonly Assertion[])[];
  readonly assertedNow: readonly (Assertion & { readonly revision: string })[];
}

/**
 * All is asked before the first statement, unless something of the plan comes before that may change the answer: a data
 * step, or an operation on what the question looks at.
 */
function splitQuestions({ steps }: Arranged, { live }: PlanGround, revisions: readonly string[]): Questions {
  const tables = new Map(live.tables.map((table) => [refKey(table), table]));
  const find = (ref: TableRef) => tables.get(refKey(ref));
  const now: RowQuestion[] = [];
  const assertedNow: (Assertion & { readonly revision: string })[] = [];
  const changed = openChanged();
  let rowsChanged = false;
  const split = steps.map(({ operations, rows }, step) => {
    const later: RowQuestion[] = [];
    const asserted: Assertion[] = [];
    operations.forEach(({ operation, standing }, position) => {
      if (standing !== 'pending') return;
      if (operation.kind === 'assert') {
        if (changed.mentionedIn(operation.sql)) asserted.push({ ...operation, operation: position });
        else assertedNow.push({ ...operation, operation: position, revision: revisions[step] ?? '' });
        return;
      }
      const own = rows.filter((row) => row.operation === position);
      const waits =
        rowsChanged ||
        changed.meets(readsOf(operation, find)) ||
        // Expressions may speak of what the live table does not have yet.
        own.some(({ sql }) => changed.mentionedIn(sql));
      (waits ? later : now).push(...own);
      changed.add(writesOf(operation));
      rowsChanged ||= changesRows(operation);
    });
    return { later, asserted };
  });
  return {
    now,
    assertedNow,
    rows: split.map(({ later }) => later),
    assertions: split.map(({ asserted }) => asserted),
  };
}

/** Asks the server all that decides whether the plan may start. */
export async function preflight(
  arranged: Arranged,
  request: PreflightRequest,
  ground: PlanGround,
): Promise<Preflight> {
  const { connection } = ground;
  const questions = splitQuestions(arranged, ground, request.revisions);
  for (const { revision, ...assertion } of questions.assertedNow)
    await checkAssertion(connection, revision, assertion);
  const asks = request.rowCheck === 'ask';
  if (asks) await checkRows(connection, questions.now);
  const counted = lossesBySteps(arranged.steps, ground).flatMap((losses, i) =>
    losses.map(({ subject, sql }) => ({ revision: request.revisions[i] ?? '', subject, sql })),
  );
  return {
    losses: await countLosses(connection, counted),
    deferred: asks ? questions.rows : [],
    assertions: questions.assertions,
  };
}
