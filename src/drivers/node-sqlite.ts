// SQLite through node:sqlite.
// In: a file or an open handle. Out: Database. Must not know revisions or plans.

import { dirname, resolve } from 'node:path';
import type { DatabaseSync, StatementSync } from 'node:sqlite';
import { pathToFileURL } from 'node:url';
import type { Connection, Database, QueryResult, Row, SqlValue } from '../dialect/connection.ts';
import { SurefootError } from '../kernel/errors.ts';
import { borrowedDatabase, rememberSqlite } from './borrowed.ts';
import { databaseError } from './failure.ts';
import { sqliteFailure } from './sqlite-failure.ts';
import { isTooSmall, kindOfPath } from './sqlite-file.ts';

/** A file to open (':memory:' for none), or a handle which the user keeps. */
export type NodeSqliteOptions =
  | {
      readonly file: string;
      /** `false`: a missing file is refused instead of created. */
      readonly create?: boolean;
      readonly readOnly?: boolean;
      /** `true`: only to be looked at. A missing file is an empty database then, and is not created. */
      readonly reading?: boolean;
      readonly busyTimeoutMs?: number;
    }
  | { readonly handle: DatabaseSync; readonly description?: string };

type FileOptions = Extract<NodeSqliteOptions, { readonly file: string }>;

/** A SQLite database. In memory, and with a handle, every session is the same one. */
export function nodeSqlite(options: NodeSqliteOptions): Database {
  if ('handle' in options) return handleDatabase(options.handle, options.description);
  return options.file === ':memory:' ? memoryDatabase(options) : fileDatabase(options);
}

function handleDatabase(handle: DatabaseSync, description = 'sqlite (a handle of yours)'): Database {
  return borrowedDatabase({
    description,
    remember: rememberSqlite,
    open: async () => connectionOf(handle, { description, end: () => undefined }),
  });
}

function memoryDatabase(options: FileOptions): Database {
  const description = 'sqlite::memory:';
  let handle: DatabaseSync | null = null;
  let connection: Connection | null = null;
  return {
    description,
    sessions: 'one',
    async connect() {
      handle ??= await open(options, description);
      connection ??= connectionOf(handle, { description, end: () => undefined });
      return connection;
    },
    async close() {
      handle?.close();
      handle = null;
      connection = null;
    },
  };
}

function fileDatabase(options: FileOptions): Database {
  const description = `sqlite:${options.file}`;
  const opened = new Set<DatabaseSync>();
  const end = (handle: DatabaseSync) => {
    if (opened.delete(handle) && handle.isOpen) handle.close();
  };
  return {
    description,
    sessions: 'many',
    async connect() {
      const handle = await open(options, description);
      opened.add(handle);
      return connectionOf(handle, { description, end });
    },
    // Loaded only where something runs that may have to be stopped.
    connectApart: async (otherwise) =>
      await (await import('./sqlite-apart.ts')).sqliteApart(resolve(options.file), otherwise),
    async close() {
      for (const handle of opened) end(handle);
    },
  };
}

async function open(options: FileOptions, description: string): Promise<DatabaseSync> {
  await refuseTooSmall(options, description);
  const sqlite = await import('node:sqlite');
  let handle: DatabaseSync | null = null;
  try {
    handle = new sqlite.DatabaseSync(await location(options), {
      readOnly: options.readOnly ?? false,
      timeout: options.busyTimeoutMs ?? 5000,
    });
    // SQLite reads the header of a file only when it is first asked something.
    handle.prepare('PRAGMA schema_version').get();
    return handle;
  } catch (error) {
    handle?.close();
    throw databaseError(await sqliteFailure(error, fileOf(options)), { database: description }, error);
  }
}

async function refuseTooSmall(options: FileOptions, description: string): Promise<void> {
  const file = fileOf(options);
  if (file === null || !(await isTooSmall(file))) return;
  const failure = { kind: 'not-a-database', code: null, message: 'it is too small for one' } as const;
  throw databaseError(failure, { database: description }, undefined);
}

function fileOf(options: FileOptions): string | null {
  return options.file === ':memory:' ? null : resolve(options.file);
}

/** An absolute path, so that a name which begins with `file:` is no URI; `mode=rw` creates nothing. */
async function location(options: FileOptions): Promise<string | URL> {
  const file = fileOf(options);
  if (file === null) return ':memory:';
  const creates = options.create !== false && !options.readOnly;
  // Without its folder it cannot be made later either: SQLite then says so.
  if (creates && options.reading && (await kindOfPath(file)) === null && (await kindOfPath(dirname(file))))
    return ':memory:';
  if (options.create !== false || options.readOnly) return file;
  const url = pathToFileURL(file);
  url.searchParams.set('mode', 'rw');
  return url;
}

interface SessionOptions {
  readonly description: string;
  readonly end: (handle: DatabaseSync) => void;
}

function connectionOf(handle: DatabaseSync, { description, end }: SessionOptions): Connection {
  const guarded = async <T>(sql: string, work: () => T): Promise<T> => {
    try {
      return work();
    } catch (error) {
      if (error instanceof SurefootError) throw error;
      throw databaseError(await sqliteFailure(error, null), { database: description, sql }, error);
    }
  };
  return {
    native: handle,
    query: (sql, parameters = []) => guarded(sql, () => runStatement(handle, sql, parameters)),
    async script(statements) {
      for (const sql of statements) await guarded(sql, () => handle.exec(sql));
    },
    close: async () => end(handle),
  };
}

function runStatement(handle: DatabaseSync, sql: string, parameters: readonly SqlValue[]): QueryResult {
  const statement = handle.prepare(sql);
  refuseSecondStatement(handle, sql, statement.sourceSQL);
  statement.setReadBigInts(true);
  const bound = parameters.map(bindable);
  if (statement.columns().length > 0) return { rows: statement.all(...bound).map(readRow), affected: null };
  return { rows: [], affected: countAffected(handle, () => statement.run(...bound)) };
}

/** `changes` keeps the number of the last statement that wrote rows; only one that raises the total wrote any. */
function countAffected(handle: DatabaseSync, run: () => ReturnType<StatementSync['run']>): number {
  const total = handle.prepare('SELECT total_changes() AS n');
  const before = total.get()?.['n'];
  const { changes } = run();
  return total.get()?.['n'] === before ? 0 : Number(changes);
}

/** SQLite prepares the first statement of a text and says nothing about the rest. */
function refuseSecondStatement(handle: DatabaseSync, sql: string, first: string): void {
  const rest = sql.slice(first.length);
  if (/^[\s;]*$/.test(rest) || !holdsStatement(handle, rest)) return;
  throw new SurefootError('database/query-failed', 'one statement was expected, and more were given', {
    details: { sql, code: null },
    hint: 'Give each statement by itself.',
  });
}

function holdsStatement(handle: DatabaseSync, text: string): boolean {
  try {
    handle.prepare(text);
    return true;
  } catch (error) {
    // Only comments: node:sqlite refuses the text itself. Anything else is a statement, if a wrong one.
    return !(error instanceof TypeError || /contains no statements/.test(String(error)));
  }
}

/** A number goes to SQLite as a float, which text columns would keep as '1.0'; whole ones go as integers. */
function bindable(value: SqlValue): string | number | bigint | null | Uint8Array {
  if (typeof value === 'boolean') return value ? 1n : 0n;
  return typeof value === 'number' && Number.isSafeInteger(value) ? BigInt(value) : value;
}

function readRow(row: Row): Row {
  for (const [column, value] of Object.entries(row)) {
    if (typeof value === 'bigint') (row as Record<string, unknown>)[column] = narrow(value);
  }
  return row;
}

function narrow(value: bigint): number | bigint {
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : value;
}
