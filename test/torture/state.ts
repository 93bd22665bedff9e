// What a database looks like afterwards. In: a database and its project. Out: text to compare. Must not know what was
// done to it.

import { openDatabase } from '../../src/config/choose-dialect.ts';
import type { Connection } from '../../src/dialect/connection.ts';
import type { Surefoot } from '../../src/library/api.ts';

/** Works on a session of its own. */
export async function withConnection<T>(
  url: string,
  work: (connection: Connection) => Promise<T>,
): Promise<T> {
  const { database } = await openDatabase({ url });
  try {
    const connection = await database.connect();
    try {
      return await work(connection);
    } finally {
      await connection.close();
    }
  } finally {
    await database.close();
  }
}

const telling: ReadonlySet<string> = new Set(['finished', 'satisfied', 'moved']);

/** What the journal says was done, entry by entry. */
export async function doneEntries(surefoot: Surefoot): Promise<readonly string[]> {
  const log = await surefoot.log();
  return log
    .filter(({ event }) => telling.has(event))
    .map(({ event, revision, direction, statement }) => `${event} ${direction} ${revision} ${statement}`);
}

const number = (value: unknown): unknown => (typeof value === 'bigint' ? Number(value) : value);

async function rowsOf(connection: Connection, table: string): Promise<readonly unknown[]> {
  try {
    const { rows } = await connection.query(`SELECT * FROM ${table} ORDER BY 1`);
    return rows.map((row) => Object.fromEntries(Object.entries(row).map(([key, one]) => [key, number(one)])));
  } catch {
    return ['no such table'];
  }
}

async function invalidIndexes(connection: Connection, url: string): Promise<number> {
  if (!url.startsWith('postgres')) return 0;
  return (await connection.query('SELECT 1 FROM pg_index WHERE NOT indisvalid')).rows.length;
}

/** Schema, rows, recorded heads and what the journal says was done. */
export async function stateOf(surefoot: Surefoot, url: string): Promise<string> {
  const { heads } = await surefoot.current();
  const rest = await withConnection(url, async (connection) => {
    const rows: Record<string, readonly unknown[]> = {};
    for (const table of ['item', 'owner', 'raw_one', 'present'])
      rows[table] = await rowsOf(connection, table);
    return { rows, invalid: await invalidIndexes(connection, url) };
  });
  const entries = await doneEntries(surefoot);
  return JSON.stringify({ heads, ...rest, schema: await surefoot.dump(), entries }, null, 1);
}
