// The DDL of a transaction in one round trip. In: statements. Out: what they did, or the place of the one that failed.
// Must not send anything past a data step, a question about rows, or what says by itself how long it waits.

import type { Statement } from '../dialect/statement.ts';
import { now } from '../kernel/clock.ts';
import { StepFailure } from './failure.ts';
import type { StepRun } from './step-entries.ts';
import { watchedAs } from './wait.ts';
import type { Watched } from './watcher.ts';

/** True for statements that nothing has to be asked or decided between. */
export function goTogether(statements: readonly Statement[], { step, context }: StepRun): boolean {
  const { session } = context;
  if (!session.pipelines || statements.length < 2 || step.questions.length > 0) return false;
  return statements.every(
    ({ kind, sql, endWaitMs }) =>
      kind === 'ddl' && endWaitMs === undefined && !session.dialect.waiting.isPatient(sql),
  );
}

/** Sends them at once. The server passes over those behind a failure. */
export async function performTogether(statements: readonly Statement[], stepRun: StepRun): Promise<void> {
  const { context, step, performed } = stepRun;
  const [first] = statements;
  if (first === undefined) return;
  let current = first;
  let position = 0;
  let begun = now();
  const onDone = () => {
    performed.push({ statement: current, ms: now() - begun, rows: null });
    begun = now();
    position += 1;
    current = statements[position] ?? current;
  };
  const watched: Watched = {
    ...watchedAs(first, step.revision, context),
    get sql() {
      return current.sql;
    },
  };
  try {
    await context.watcher.during(watched, () => context.session.batch(statements, onDone));
  } catch (error) {
    throw new StepFailure({ statement: current.operation, sql: current.sql }, error);
  }
}
