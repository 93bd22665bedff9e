// What a statement outside of transactions leaves half-built where it fails.
// In: such a statement. Out: the same, tidied up after. Must not know why it failed.

import type { Leftover, Watch } from '../dialect/waiting.ts';
import { isSurefootError } from '../kernel/errors.ts';
import type { LockedSession } from './session.ts';

/** Does the work; where it fails, what it left is removed, if the locks for that can be had. */
export async function tidily<T>(
  sql: string,
  { session, lockMs }: { readonly session: LockedSession; readonly lockMs: number },
  work: () => Promise<T>,
): Promise<T> {
  const { watch, isPatient } = session.dialect.waiting;
  if (watch === null || !isPatient(sql)) return await work();
  await remove(await watch.inTheWay(session.connection, sql), { session, lockMs });
  const before = await watch.leftovers(session.connection);
  try {
    return await work();
  } catch (error) {
    await removeNew({ sql, session, lockMs, watch, before }).catch((refusal: unknown) => {
      // Whoever was in the way may still be: the next run finds what is left, and builds it anew.
      if (!isSurefootError(refusal)) throw refusal;
    });
    throw error;
  }
}

interface Failed {
  readonly sql: string;
  readonly session: LockedSession;
  readonly lockMs: number;
  readonly watch: Watch;
  readonly before: readonly Leftover[];
}

async function removeNew({ sql, session, lockMs, watch, before }: Failed): Promise<void> {
  const old = new Set(before.map((one) => one.sql));
  const left = (await watch.leftovers(session.connection)).filter(
    (one) => !old.has(one.sql) && sql.includes(one.name),
  );
  await remove(left, { session, lockMs });
}

async function remove(
  left: readonly Leftover[],
  { session, lockMs }: { readonly session: LockedSession; readonly lockMs: number },
): Promise<void> {
  if (left.length === 0) return;
  await session.verify();
  await session.limit(lockMs);
  for (const one of left) await session.send(one.sql);
}
