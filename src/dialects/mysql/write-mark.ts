import { setTimeout as sleep } from 'node:timers/promises';
import type { Connection, Row } from '../../dialect/connection.ts';
import type { BookkeepingNames } from '../../dialect/dialect.ts';
import { numberOf, textOf } from '../../dialect/rows.ts';
import { keptJournal } from './backup-script.ts';
import { literal, quote } from './quote.ts';

// InnoDB remembers when a table was last written, to the second, until the server is restarted or the table leaves its
// cache. So only a table whose moment is known, older than the first mark, and the same at the second is surely unwritten.

interface Mark {
  /** Seconds since 1970. */
  readonly startedAt: number;
  readonly readAt: number;
  /** Created and last written, by table; `null`: the server does not know. */
  readonly tables: Readonly<Record<string, string | null>>;
}

async function startOf(connection: Connection): Promise<Pick<Mark, 'startedAt' | 'readAt'>> {
  const uptime = await connection.query("SHOW GLOBAL STATUS LIKE 'Uptime'");
  const clock = await connection.query('SELECT UNIX_TIMESTAMP() AS now');
  const readAt = numberOf(clock.rows[0], 'now') ?? 0;
  return { readAt, startedAt: readAt - Number(textOf(uptime.rows[0], 'Value') ?? 0) };
}

function stateOf(row: Row): string | null {
  const [created, updated] = [textOf(row, 'created'), textOf(row, 'updated')];
  // Of a partitioned table the server tells the moment of one of its parts.
  const isPartitioned = (textOf(row, 'options') ?? '').includes('partitioned');
  return created === null || updated === null || isPartitioned ? null : `${created}/${updated}`;
}

/** Of a table that has no row before and has none after, nothing can be lost. */
async function emptyOrNull(connection: Connection, name: string): Promise<'empty' | null> {
  const { rows } = await connection.query(`SELECT 1 FROM ${quote(name)} LIMIT 1`);
  return rows.length === 0 ? 'empty' : null;
}

/** Of a sequence the server keeps no time, but its next number says whether it was used. */
async function nextOf(connection: Connection, name: string): Promise<string> {
  const { rows } = await connection.query(`SELECT next_not_cached_value AS next FROM ${quote(name)}`);
  return `next ${textOf(rows[0], 'next')}`;
}

async function readMark(connection: Connection, names: BookkeepingNames): Promise<Mark> {
  const own = [names.version, names.journal, names.lock, keptJournal].map(literal).join(', ');
  const { rows } = await connection.query(
    `SELECT table_name AS name, UNIX_TIMESTAMP(create_time) AS created, UNIX_TIMESTAMP(update_time) AS updated, create_options AS options, table_type AS kind
FROM information_schema.tables WHERE table_schema = DATABASE() AND table_type <> 'VIEW' AND table_name NOT IN (${own}) ORDER BY 1`,
  );
  const tables: (readonly [string, string | null])[] = [];
  for (const row of rows) {
    const name = textOf(row, 'name') ?? '';
    const isSequence = textOf(row, 'kind') === 'SEQUENCE';
    tables.push([
      name,
      isSequence ? await nextOf(connection, name) : (stateOf(row) ?? (await emptyOrNull(connection, name))),
    ]);
  }
  return { ...(await startOf(connection)), tables: Object.fromEntries(tables) };
}

const lastWrite = ({ tables }: Mark): number =>
  Math.max(0, ...Object.values(tables).map((state) => Number(state?.split('/')[1] ?? 0)));

/** A text that says when each table was last written. */
export async function writeMark(connection: Connection, names: BookkeepingNames): Promise<string> {
  const { rows } = await connection.query("SHOW VARIABLES LIKE 'information_schema_stats_expiry'");
  if (rows.length > 0) await connection.query('SET SESSION information_schema_stats_expiry = 0');
  const mark = await readMark(connection, names);
  // A write of this very second would look the same as one that comes later in it.
  if (lastWrite(mark) < mark.readAt) return JSON.stringify(mark);
  await sleep(1100);
  return JSON.stringify(await readMark(connection, names));
}

/** True: every table was surely left alone between the two. */
export function isUnwritten(before: string | null, after: string | null): boolean {
  if (before === null || after === null) return false;
  const [first, second] = [JSON.parse(before) as Mark, JSON.parse(after) as Mark];
  // Both are whole seconds, read one after the other.
  if (Math.abs(first.startedAt - second.startedAt) > 2) return false;
  const names = Object.keys(second.tables);
  return (
    names.length === Object.keys(first.tables).length &&
    lastWrite(second) < first.readAt &&
    names.every((name) => second.tables[name] !== null && second.tables[name] === first.tables[name])
  );
}
