// Stands between Surefoot and its databases, in a runner's process: every session that Surefoot opens goes through
// a function of the test's own. In: nothing (loaded with --import). Out: `tap`. Must not know what is done with it.

import { registerHooks } from 'node:module';
import type { Connection, Database } from '../../src/dialect/connection.ts';

type Query = Connection['query'];
/** Gives the query that Surefoot calls instead. */
export type Tap = (query: Query) => Query;

const here = globalThis as typeof globalThis & { surefootTap?: Tap };

export function setTap(tap: Tap): void {
  here.surefootTap = tap;
}

/** What goes in one round trip is one thing that is sent. */
function batchOf(connection: Connection): Pick<Connection, 'batch'> {
  const send = connection.batch;
  if (!send) return {};
  return {
    batch: async (queries, onDone) => {
      const whole: Query = async () => {
        await send(queries, onDone);
        return { rows: [], affected: null };
      };
      await (here.surefootTap?.(whole) ?? whole)(queries.map(({ sql }) => sql).join('; '));
    },
  };
}

function tapped(connection: Connection): Connection {
  const query: Query = (sql, parameters) => connection.query(sql, parameters);
  return { ...connection, ...batchOf(connection), query: here.surefootTap?.(query) ?? query };
}

/** Called by the changed module: what it opens, with its sessions tapped. */
export function tappedDatabase(database: Database): Database {
  return {
    description: database.description,
    sessions: database.sessions,
    connect: async () => tapped(await database.connect()),
    close: () => database.close(),
  };
}

const opens = 'export async function openDatabase(target: DatabaseTarget): Promise<ChosenDatabase> {';
const opensTapped = `import { tappedDatabase } from ${JSON.stringify(import.meta.url)};
export async function openDatabase(target: DatabaseTarget): Promise<ChosenDatabase> {
  const chosen = await openPlain(target);
  return { ...chosen, database: tappedDatabase(chosen.database) };
}
async function openPlain(target: DatabaseTarget): Promise<ChosenDatabase> {`;

registerHooks({
  load(url, context, nextLoad) {
    const loaded = nextLoad(url, context);
    if (!url.endsWith('/src/config/choose-dialect.ts')) return loaded;
    const source = String(loaded.source);
    if (!source.includes(opens)) throw new Error('openDatabase is not where the tap looks for it');
    return { ...loaded, source: source.replace(opens, () => opensTapped) };
  },
});
