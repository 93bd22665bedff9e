import type { RowQuestion } from '../dialect/dialect.ts';
import { touches } from '../operations/apply.ts';
import type { Operation } from '../operations/operation.ts';
import { refKey } from '../schema/schema.ts';
import type { Arranged } from './arrange.ts';
import { isDataStep } from './data-steps.ts';
import { lossesBySteps } from './losses.ts';
import type { Loss } from './plan.ts';
import { checkAssertion, checkRows, countLosses } from './questions.ts';
import type { PlanGround, PlanRequest } from './request.ts';

/** What the server said before the first statement, and what can only be asked later. */
export interface Preflight {
  readonly losses: readonly Loss[];
  /** By step: the questions that wait until right before their operation. */
  readonly deferred: readonly (readonly RowQuestion[])[];
}

const changesRows = (operation: Operation): boolean => isDataStep(operation) || operation.kind === 'execute';

/**
 * Rows are asked before the first statement, unless something of the plan comes before that may change the answer: a data
 * step, or another operation on the same table.
 */
function splitQuestions({ steps }: Arranged): {
  readonly now: readonly RowQuestion[];
  readonly deferred: readonly (readonly RowQuestion[])[];
} {
  const now: RowQuestion[] = [];
  const changed = new Set<string>();
  let rowsChanged = false;
  const deferred = steps.map(({ operations, rows }) => {
    const later: RowQuestion[] = [];
    operations.forEach(({ operation, standing }, position) => {
      if (standing !== 'pending') return;
      const tables = touches(operation).flatMap((object) =>
        object.kind === 'table' ? [refKey(object.ref)] : [],
      );
      const waits = rowsChanged || tables.some((table) => changed.has(table));
      (waits ? later : now).push(...rows.filter((row) => row.operation === position));
      for (const table of tables) changed.add(table);
      rowsChanged ||= changesRows(operation);
    });
    return later;
  });
  return { now, deferred };
}

/** Asks the server all that decides whether the plan may start. */
export async function preflight(
  arranged: Arranged,
  request: PlanRequest,
  ground: PlanGround,
): Promise<Preflight> {
  const revisionAt = (step: number) => request.path[step]?.revision.header.id ?? '';
  for (const [i, { operations }] of arranged.steps.entries()) {
    for (const { operation, standing } of operations) {
      if (operation.kind === 'assert' && standing === 'pending')
        await checkAssertion(ground.connection, revisionAt(i), operation);
    }
  }
  const { now, deferred } = splitQuestions(arranged);
  const asks = request.options.rowCheck === 'ask';
  if (asks) await checkRows(ground.connection, now);
  const questions = lossesBySteps(arranged.steps, ground).flatMap((losses, i) =>
    losses.map(({ subject, sql }) => ({ revision: revisionAt(i), subject, sql })),
  );
  return { losses: await countLosses(ground.connection, questions), deferred: asks ? deferred : [] };
}
