// Saves and restores a database that is a file, through its library.
// In: sessions. Out: copies. Must not know which tables are whose, but for the journal.

import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Connection } from '../dialect/connection.ts';
import { insertKept } from '../dialect/kept-entries.ts';
import { numberOf, textOf } from '../dialect/rows.ts';
import { nodeSqlite } from '../drivers/node-sqlite.ts';
import type { CopyRequest } from '../drivers/sqlite-copy.ts';
import { copySqlite } from '../drivers/sqlite-copy.ts';
import { SurefootError } from '../kernel/errors.ts';
import type { Place } from './place.ts';
import { discard } from './place.ts';
import { hashFile } from './sidecar.ts';
import type { Saved, Subject } from './subject.ts';

/** Refuses while somebody else is connected. */
export function connected(database: string, sessions: readonly string[]): SurefootError {
  return new SurefootError(
    'backup/sessions-connected',
    `others are connected to ${database}: ${sessions.join('; ')}`,
    {
      details: { database, sessions },
      hint: 'Nothing was changed. Stop the application, end these sessions, and run the command again.',
    },
  );
}

const somebody = 'a process that has the file open';

/** A writer is done in a moment; one that stays is named. */
async function copyPatiently(request: CopyRequest): Promise<void> {
  for (let tries = 0; tries < 20; tries += 1) {
    if ((await copySqlite(request)) === 'copied') return;
    await sleep(250);
  }
  throw connected(request.into, [somebody]);
}

/** Does work on a file of ours. */
async function withFile<T>(file: string, work: (connection: Connection) => Promise<T>): Promise<T> {
  const database = nodeSqlite({ file, create: false });
  try {
    return await work(await database.connect());
  } finally {
    await database.close();
  }
}

const manyPages = 1_000_000_000;

/** A copy that is one file, whatever the original is. */
async function copyAlone({ connection, onProgress }: Subject, into: string): Promise<void> {
  await copyPatiently({
    from: connection,
    into,
    rate: 1000,
    onProgress: (pages) => onProgress({ stage: 'saving', unit: 'pages', ...pages }),
  });
  await withFile(into, (copy) => copy.query('PRAGMA journal_mode = DELETE'));
}

/** Saves the database; what it holds is read from the copy, so that it is of the same moment. */
export async function copyInto(subject: Subject, { partial }: Place, tool: string): Promise<Saved> {
  await copyAlone(subject, partial);
  const contents = await withFile(partial, (copy) => subject.look(copy, { countsRows: true }));
  const { size } = await stat(partial);
  return { contents, checksum: await hashFile(partial), bytes: size, tool, inventory: {}, mark: null };
}

/** Parts of the file's head that change with nothing written: versions of the journal mode, counters. */
const counters: readonly (readonly [from: number, to: number])[] = [
  [18, 20],
  [24, 28],
  [40, 44],
  [92, 100],
];

async function hashPages(file: string): Promise<string> {
  const hash = createHash('sha256');
  let isFirst = true;
  for await (const piece of createReadStream(file)) {
    const chunk = piece as Buffer;
    if (isFirst) for (const [from, to] of counters) chunk.fill(0, from, to);
    isFirst = false;
    hash.update(chunk);
  }
  return hash.digest('hex');
}

/** True: page by page, the database is what the backup is. */
export async function isSameFile(subject: Subject, file: string, place: Place): Promise<boolean> {
  try {
    await copyAlone(subject, place.partial);
    return (await hashPages(place.partial)) === (await hashPages(file));
  } finally {
    await discard(place);
  }
}

/** Nobody else reads or writes; with a write-ahead log, nobody else is even connected. */
export async function refuseUsers({ connection, dialect, facts }: Subject): Promise<void> {
  const { coordination } = dialect;
  const mode = textOf((await connection.query('PRAGMA journal_mode')).rows[0], 'journal_mode');
  try {
    await connection.query('BEGIN EXCLUSIVE');
    await connection.query('ROLLBACK');
    if (mode !== 'wal') return;
    await connection.query('PRAGMA journal_mode = DELETE');
    await connection.query('PRAGMA journal_mode = WAL');
  } catch (error) {
    if (coordination.kind !== 'file' || !coordination.isContention(error)) throw error;
    throw connected(facts.database, [somebody]);
  }
}

export interface CopyBack {
  /** The backup. */
  readonly file: string;
  /** Of the live database. */
  readonly into: string;
  /** Where the backup is made ready. */
  readonly staging: Place;
  readonly createTables: readonly string[];
}

const pageSize = async (connection: Connection): Promise<number> =>
  numberOf((await connection.query('PRAGMA page_size')).rows[0], 'page_size') ?? 0;

/** The copy gets the entries that the live journal has and it has not, and pages as large as the live ones. */
async function makeReady(subject: Subject, { staging, into, createTables }: CopyBack): Promise<void> {
  const { connection, dialect, names } = subject;
  const journal = `main.${dialect.quote(names.journal)}`;
  const wanted = await pageSize(connection);
  await withFile(staging.partial, async (copy) => {
    for (const sql of createTables) await copy.query(sql);
    await copy.query('ATTACH ? AS live', [into]);
    await copy.query(insertKept({ journal, kept: `live.${dialect.quote(names.journal)}` }));
    await copy.query('DETACH live');
    if ((await pageSize(copy)) === wanted) return;
    await copy.query(`PRAGMA page_size = ${wanted}`);
    await copy.query('VACUUM');
  });
}

/** Brings a backup back into the open database, in one transaction. */
export async function copyBack(subject: Subject, request: CopyBack): Promise<void> {
  const { file, into, staging } = request;
  const { onProgress } = subject;
  try {
    await withFile(file, (from) => copyPatiently({ from, into: staging.partial, rate: manyPages }));
    await makeReady(subject, request);
    await withFile(staging.partial, (from) =>
      copyPatiently({
        from,
        into,
        rate: 1000,
        onProgress: (pages) => onProgress({ stage: 'restoring', unit: 'pages', ...pages }),
      }),
    );
  } finally {
    await discard(staging);
  }
}
