import type { Row } from '../dialect/connection.ts';
import type { RebuildGuard } from '../dialect/dialect.ts';
import { textOf } from '../dialect/rows.ts';
import { isSurefootError, SurefootError } from '../kernel/errors.ts';
import { invariant } from '../kernel/invariant.ts';
import type { LockedSession } from './session.ts';

/**
 * Runs a rebuild with references switched off around it; `work` calls what it is given before it commits. References that
 * the rebuild broke roll it back; those that were broken before stay as they are.
 */
export async function withRebuild(
  session: LockedSession,
  work: (beforeCommit: () => Promise<void>) => Promise<void>,
): Promise<void> {
  const guard = session.dialect.rebuild;
  invariant(guard, 'a rebuild segment needs a dialect that rebuilds');
  const { rows: state } = await session.send(guard.state);
  const before = new Set(await violations(session, guard));
  for (const sql of guard.enter) await session.send(sql);
  try {
    const { rows } = await session.send(guard.refusal);
    if (rows.length > 0) throw refusedRebuild(rows[0]);
    await work(async () => {
      const broken = (await violations(session, guard)).filter((one) => !before.has(one));
      if (broken.length > 0) throw brokenReferences(broken);
    });
  } finally {
    for (const sql of guard.leave(state[0])) await session.send(sql);
  }
}

async function violations(session: LockedSession, guard: RebuildGuard): Promise<readonly string[]> {
  const { rows } = await session.send(guard.referrers);
  const found: string[] = [];
  for (const row of rows) found.push(...(await violationsOf(textOf(row, 'name') ?? '', { session, guard })));
  return found;
}

interface Guarded {
  readonly session: LockedSession;
  readonly guard: RebuildGuard;
}

/** A reference whose key is gone is a violation itself, told in the server's words. */
async function violationsOf(table: string, { session, guard }: Guarded): Promise<readonly string[]> {
  try {
    const { rows } = await session.send(guard.violations(table));
    return rows.map((row) => textOf(row, 'violation') ?? '');
  } catch (error) {
    if (!isSurefootError(error, 'database/query-failed') || !guard.isKeyless(error.message)) throw error;
    return [error.message];
  }
}

function brokenReferences(found: readonly string[]): SurefootError {
  return new SurefootError(
    'run/foreign-key-violations',
    `rows would refer to nothing afterwards: ${found.join('; ')}`,
    {
      details: { violations: found },
      hint: 'The step was rolled back. Correct the rows, or the revision.',
    },
  );
}

function refusedRebuild(row: Row | undefined): SurefootError {
  return new SurefootError(
    'run/foreign-key-violations',
    'the session keeps its foreign keys on, so the table cannot be rebuilt without losing rows',
    {
      details: { violations: [JSON.stringify(row ?? {})] },
      hint: 'Hand Surefoot a connection that is not inside a transaction.',
    },
  );
}
