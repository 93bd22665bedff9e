import type { Connection, SqlValue } from '../dialect/connection.ts';
import type { BookkeepingNames, Dialect } from '../dialect/dialect.ts';
import { numberOf, textOf } from '../dialect/rows.ts';
import { SurefootError } from '../kernel/errors.ts';
import type { Direction } from '../plan/plan.ts';
import type { EntryData, JournalEntry, JournalEvent, StoredEntry } from './entry.ts';
import { readEntryData, withoutOperations } from './entry-data.ts';

/** Where the three tables are. */
export interface Store {
  readonly connection: Connection;
  readonly dialect: Dialect;
  readonly names: BookkeepingNames;
}

/** The version table as it is found. */
export interface VersionTable {
  readonly rows: readonly string[];
  /** The width of its column; `null`: without limit. */
  readonly width: number | null;
}

/** A table of Surefoot's own, as SQL. */
export function quoteTable({ dialect, names }: Pick<Store, 'dialect' | 'names'>, table: string): string {
  const quoted = dialect.quote(table);
  return names.namespace === null ? quoted : `${dialect.quote(names.namespace)}.${quoted}`;
}

/** Creates what is missing of the three tables. Losing the race against another runner counts as "there". */
export async function createTables(store: Store): Promise<void> {
  const { bookkeeping } = store.dialect;
  const statements = [
    ...bookkeeping.createTables(store.names),
    ...bookkeeping.createVersionTable(store.names),
  ];
  for (const statement of statements) {
    try {
      await store.connection.query(statement);
    } catch (error) {
      if (!bookkeeping.isDuplicate(error)) throw error;
    }
  }
}

/** The version rows; `null`: there is no version table. */
export async function readVersionTable(store: Store): Promise<VersionTable | null> {
  const { rows: described } = await store.connection.query(
    store.dialect.bookkeeping.describeVersionTable(store.names),
  );
  if (described.length === 0) return null;
  const columns = described.map((row) => textOf(row, 'name') ?? '');
  if (!columns.includes('version_num')) throw foreignTable(store.names.version, columns);
  const { rows } = await store.connection.query(
    `SELECT version_num FROM ${quoteTable(store, store.names.version)}`,
  );
  const width = described
    .map((row) => (textOf(row, 'name') === 'version_num' ? numberOf(row, 'width') : null))
    .find((one) => one !== null);
  return { rows: rows.map((row) => textOf(row, 'version_num') ?? '').sort(), width: width ?? null };
}

function foreignTable(table: string, columns: readonly string[]): SurefootError {
  return new SurefootError(
    'version/foreign-table',
    `${table} is not a version table: its columns are ${columns.join(', ')}`,
    {
      details: { table, columns },
      hint: 'Another tool keeps its history there. Name a table of our own in `versionTable`, or import that history.',
    },
  );
}

interface EntryFilter {
  /** Only these events; `null`: all. */
  readonly events: readonly JournalEvent[] | null;
  /** With `data`, which can be large. */
  readonly data: boolean;
  /** `false`: without the operations of revisions, which are the most of it. Default: with them. */
  readonly operations?: false;
  /** The newest so many. */
  readonly limit?: number;
}

/** The entries of this history, oldest first; none where there is no journal. */
export async function readEntries(store: Store, filter: EntryFilter): Promise<readonly StoredEntry[]> {
  const { dialect, names, connection } = store;
  const columns = `id, run, at, event, revision, direction, statement${filter.data ? ', data' : ''}`;
  const events = filter.events?.map((event) => dialect.literal(event)).join(', ');
  const sql =
    `SELECT ${columns} FROM ${quoteTable(store, names.journal)} WHERE version_table = ${dialect.placeholder(1)}` +
    `${events ? ` AND event IN (${events})` : ''} ORDER BY id DESC${filter.limit ? ` LIMIT ${filter.limit}` : ''}`;
  try {
    const { rows } = await connection.query(sql, [names.version]);
    const read = filter.operations === false ? withoutOperations : (text: string) => text;
    return rows.map((row) => toEntry(row, read)).reverse();
  } catch (error) {
    if (dialect.bookkeeping.isMissingTable(error)) return [];
    throw error;
  }
}

function toEntry(row: Readonly<Record<string, unknown>>, read: (text: string) => string): StoredEntry {
  const data = textOf(row, 'data');
  return {
    id: numberOf(row, 'id') ?? 0,
    run: textOf(row, 'run') ?? '',
    at: numberOf(row, 'at') ?? 0,
    event: (textOf(row, 'event') ?? 'finished') as JournalEvent,
    revision: textOf(row, 'revision'),
    direction: textOf(row, 'direction') as Direction | null,
    statement: numberOf(row, 'statement'),
    data: data === null ? {} : parseData(read(data)),
  };
}

function parseData(text: string): EntryData {
  try {
    return readEntryData(JSON.parse(text));
  } catch {
    // A hand has been in the journal. The entry still says what happened; only its details are lost.
    return {};
  }
}

export interface SqlCommand {
  readonly sql: string;
  readonly parameters: readonly SqlValue[];
}

/** What stamps each entry: the run, and the lock's token. */
export interface Stamp {
  readonly run: string;
  readonly token: string;
}

/** One INSERT of these entries. */
export function insertEntries(
  store: Omit<Store, 'connection'>,
  entries: readonly JournalEntry[],
  stamp: Stamp,
): SqlCommand {
  const { dialect, names } = store;
  const parameters: SqlValue[] = [];
  const bind = (value: SqlValue): string => dialect.placeholder(parameters.push(value));
  // Placeholders without numbers are filled in the order of the text.
  const rows = entries.map((entry) => {
    const data = Object.keys(entry.data).length === 0 ? null : JSON.stringify(entry.data);
    const place = [names.version, stamp.run].map(bind).join(', ');
    const facts = [entry.event, entry.revision, entry.direction, entry.statement, stamp.token, data]
      .map(bind)
      .join(', ');
    return `(${place}, ${dialect.bookkeeping.nowMs}, ${facts})`;
  });
  const columns = 'version_table, run, at, event, revision, direction, statement, token, data';
  return {
    sql: `INSERT INTO ${quoteTable(store, names.journal)} (${columns}) VALUES ${rows.join(', ')}`,
    parameters,
  };
}

/** The number of the newest entry of a run. */
export function lastEntry({ dialect, names }: Omit<Store, 'connection'>, run: string): SqlCommand {
  const journal = quoteTable({ dialect, names }, names.journal);
  return {
    sql: `SELECT MAX(id) AS id FROM ${journal} WHERE version_table = ${dialect.placeholder(1)} AND run = ${dialect.placeholder(2)}`,
    parameters: [names.version, run],
  };
}

/** What an `advanced` entry says now, and since when. No other entry is ever changed. */
export function changeEntry(
  { dialect, names }: Omit<Store, 'connection'>,
  entry: { readonly id: number; readonly data: EntryData },
): SqlCommand {
  const { nowMs } = dialect.bookkeeping;
  return {
    sql: `UPDATE ${quoteTable({ dialect, names }, names.journal)} SET data = ${dialect.placeholder(1)}, at = ${nowMs} WHERE id = ${dialect.placeholder(2)} AND event = 'advanced'`,
    parameters: [JSON.stringify(entry.data), entry.id],
  };
}

/** What turns one set of version rows into another. */
export function changeRows(
  store: Omit<Store, 'connection'>,
  from: readonly string[],
  to: readonly string[],
): readonly SqlCommand[] {
  const table = quoteTable(store, store.names.version);
  const first = store.dialect.placeholder(1);
  return [
    ...from
      .filter((id) => !to.includes(id))
      .map((id) => ({ sql: `DELETE FROM ${table} WHERE version_num = ${first}`, parameters: [id] })),
    ...to
      .filter((id) => !from.includes(id))
      .map((id) => ({ sql: `INSERT INTO ${table} (version_num) VALUES (${first})`, parameters: [id] })),
  ];
}
