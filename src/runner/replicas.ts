// Which replica is too far behind: of those that the server sees, and of those that the user named.
// In: sessions, URLs opened on demand. Out: one replica in words. Must not know what waits for it.

import type { Connection, Database } from '../dialect/connection.ts';
import type { Lag, Replication, SeenReplica } from '../dialect/walk.ts';
import { isSurefootError, SurefootError } from '../kernel/errors.ts';
import { within } from '../lock/heartbeat.ts';
import type { UnseenNews } from './news.ts';
import type { RunnerContext } from './outcome.ts';

/** Looks at replicas, as often as it is asked. */
export interface Lookout {
  /** The first that is further behind than this, in words; `null`: none is. */
  behind(maxLagMs: number): Promise<string | null>;
  /** Those that it cannot see, and what to do about it; `null`: it sees all, or enough are named. */
  unseen(): Promise<Pick<UnseenNews, 'replicas' | 'hint'> | null>;
  close(): Promise<void>;
}

/** A replica that the user named. Its session stays open between two looks. */
interface Named {
  readonly database: Database;
  connection: Connection | null;
}

function notAReplica({ database }: Named): SurefootError {
  const replica = database.description;
  return new SurefootError('run/not-a-replica', `${replica} is named as a replica, and follows no server`, {
    details: { replica },
    hint: 'What was finished is written down. Correct `online.replicas` in the config, or set `maxLag: null` in the revision, and run again.',
  });
}

/** A server that has frozen takes what it is sent, and never answers. */
const answerMs = 5000;

async function hangUp(named: Named): Promise<void> {
  const { connection } = named;
  named.connection = null;
  // A session that was lost cannot be closed in good order.
  // What has frozen or died cannot be left in good order.
  if (connection) await within(answerMs, connection.close(), () => undefined).catch(() => undefined);
}

const isAway = (error: unknown): boolean =>
  isSurefootError(error, 'database/unreachable') || isSurefootError(error, 'database/lost');

async function lagOf(named: Named, place: string | null, { own }: Replication): Promise<Lag> {
  named.connection ??= await named.database.connect();
  const lag = await own(named.connection, place);
  if (lag === null) throw notAReplica(named);
  return lag;
}

/** One that is away may be far behind when it comes back. */
async function ask(named: Named, place: string | null, replication: Replication): Promise<SeenReplica> {
  const name = `replica ${named.database.description}`;
  try {
    const lag = await within(answerMs, lagOf(named, place, replication), () => undefined);
    if (lag !== 'late') return { name, ...lag };
    void hangUp(named);
    return { name, ms: null, problem: 'does not answer' };
  } catch (error) {
    await hangUp(named);
    if (isAway(error)) return { name, ms: null, problem: 'cannot be reached' };
    throw error;
  }
}

/** What is said of one that is too far behind; `null`: it is not. */
function wordsOf({ name, ms, problem }: SeenReplica, maxLagMs: number): string | null {
  if (ms === null) return `${name} ${problem ?? 'is behind, and cannot say how far'}`;
  if (ms <= maxLagMs) return null;
  return `${name} ${problem === null ? '' : `${problem}: it `}is ${Math.round(ms / 1000)} s behind`;
}

/** A lookout from one session. */
export function lookoutFrom({ session, replicas }: Pick<RunnerContext, 'session' | 'replicas'>): Lookout {
  const { connection, dialect } = session;
  const { replication } = dialect.walking;
  const named = replicas.map((database): Named => ({ database, connection: null }));
  return {
    behind: async (maxLagMs) => {
      if (replication === null) return null;
      for (const one of await replication.seen(connection)) {
        const words = wordsOf(one, maxLagMs);
        if (words !== null) return words;
      }
      const place = named.length === 0 ? null : await replication.place(connection);
      for (const one of named) {
        const words = wordsOf(await ask(one, place, replication), maxLagMs);
        if (words !== null) return words;
      }
      return null;
    },
    unseen: async () => {
      const number = (await replication?.unseen(connection)) ?? 0;
      if (replication === null || number <= named.length) return null;
      return { replicas: number - named.length, hint: replication.sight };
    },
    close: async () => void (await Promise.all(named.map(hangUp))),
  };
}
