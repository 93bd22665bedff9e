import type { Plan } from '../plan/plan.ts';
import type { LockedSession } from '../runner/session.ts';
import type { Opened } from './open.ts';

/** A run of a plan that may be stopped. */
export interface Stoppable {
  readonly plan: Plan;
  readonly signal: AbortSignal | null;
}

/** Data steps in TypeScript work on the driver's own object, which is in this process. */
function isSqlOnly({ steps }: Plan): boolean {
  const statements = steps.flatMap(({ segments }) => segments.flatMap((segment) => segment.statements));
  return statements.length > 0 && statements.every(({ kind }) => kind !== 'code');
}

/** Does work through a session whose statements can be stopped, where the one at hand blocks this process. */
export async function stoppably<T>(
  { plan, signal }: Stoppable,
  { session, opened }: { readonly session: LockedSession; readonly opened: Opened },
  work: (session: LockedSession) => Promise<T>,
): Promise<T> {
  const { connection, database, dialect } = opened;
  const isWanted = signal !== null && isSqlOnly(plan);
  const apart = isWanted ? ((await database.connectApart?.(connection)) ?? null) : null;
  if (apart === null) return await work(session);
  try {
    for (const statement of dialect.sessionSetup) await apart.query(statement);
    return await work(session.through(apart));
  } finally {
    await apart.close();
  }
}
