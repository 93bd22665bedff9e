// How long the statements of a step may wait for the locks of others.
// In: statements, the patience of their revision. Out: limits. Must not know how they are sent.

import type { Statement } from '../dialect/statement.ts';
import type { StepContext } from './outcome.ts';
import type { Watched } from './watcher.ts';

/** True: a second session can look after the first. */
const isWatched = ({ database, session }: StepContext): boolean =>
  session.dialect.waiting.watch !== null && database.sessions === 'many';

/** Of a driver that blocks nobody may wait for long; elsewhere only DDL has others queue up behind it. */
function isPatientData(kind: Statement['kind'], { session }: StepContext): boolean {
  return kind !== 'ddl' && session.dialect.waiting.watch !== null;
}

/** For the statements of a transaction. */
export function limitTogether(
  statements: readonly Statement[],
  revision: string,
  context: StepContext,
): number {
  const { lockMs, concurrentMs } = context.patience(revision);
  const isPatient = statements.length > 0 && statements.every(({ kind }) => isPatientData(kind, context));
  return isPatient ? Math.max(lockMs, concurrentMs) : lockMs;
}

/** For a statement outside of transactions; `null`: it is watched instead. */
export function limitAlone(statement: Statement, revision: string, context: StepContext): number | null {
  const { lockMs, concurrentMs } = context.patience(revision);
  if (context.session.dialect.waiting.isPatient(statement.sql))
    return isWatched(context) ? null : concurrentMs;
  if (isPatientData(statement.kind, context)) return Math.max(lockMs, concurrentMs);
  // Nobody could see whether it waits at its beginning, where others would wait behind it.
  return isWatched(context) ? Math.max(lockMs, statement.endWaitMs ?? 0) : lockMs;
}

/** What the watcher has to know of it. */
export function watchedAs(statement: Statement, revision: string, context: StepContext): Watched {
  const { lockMs, concurrentMs } = context.patience(revision);
  const isPatient = context.session.dialect.waiting.isPatient(statement.sql);
  return {
    revision,
    sql: statement.sql,
    startMs: statement.endWaitMs === undefined ? null : lockMs,
    waitMs: isPatient ? concurrentMs : null,
  };
}
