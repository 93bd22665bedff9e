import type { QueryResult, SqlValue } from '../dialect/connection.ts';
import { SurefootError } from '../kernel/errors.ts';
import { firstKeywords } from '../kernel/sql-text.ts';
import type { RunReference } from '../operations/operation.ts';
import type { RunContext } from '../revisions/operation-builder.ts';
import type { RunnerContext, StepContext } from './outcome.ts';
import { cancelled } from './watcher.ts';

const transactionWords: ReadonlySet<string> = new Set([
  'begin',
  'start',
  'commit',
  'rollback',
  'end',
  'abort',
  'prepare',
]);

function refusal(sql: string, repeatable: boolean, context: RunnerContext): string | null {
  const { dialect } = context.session;
  const first = firstKeywords(sql, dialect.syntax)[0]?.toLowerCase() ?? '';
  if (transactionWords.has(first))
    return 'it would end the transaction that the step and its journal entry share';
  return repeatable ? null : dialect.refuseInData(sql, context.live);
}

/** Runs a data step's function. Its connection stands in the step's transaction, and refuses what would leave it. */
export async function runCode(
  revision: string,
  reference: RunReference,
  context: StepContext,
): Promise<void> {
  const { session, signal, watcher } = context;
  const query = async (sql: string, parameters: readonly SqlValue[] = []): Promise<QueryResult> => {
    const reason = refusal(sql, reference.repeatable, context);
    if (reason !== null) throw refused(revision, sql, reason);
    if (signal?.aborted) throw cancelled(revision);
    const watched = { revision, sql, startMs: null, waitMs: null };
    return await watcher.during(watched, () => session.send(sql, parameters));
  };
  const connection = { query, native: session.connection.native };
  const given: RunContext = {
    connection,
    dialect: session.dialect.name,
    flavor: session.dialect.traits.flavor,
    kysely: () => context.kysely(connection, session.dialect),
  } as RunContext;
  await context.code(revision, reference)(given);
}

function refused(revision: string, sql: string, reason: string): SurefootError {
  return new SurefootError(
    'run/implicit-commit',
    `revision ${revision}: this statement may not stand in a data step, since ${reason}: ${sql.slice(0, 100)}`,
    {
      details: { revision, sql },
      hint: 'Use an operation of its own for it, or say `repeatable: true` if running the step twice does no harm.',
    },
  );
}
