import type { Connection, Query, QueryResult, SqlValue } from '../dialect/connection.ts';
import type { Dialect } from '../dialect/dialect.ts';
import { numberOf } from '../dialect/rows.ts';
import type { JournalEntry } from '../journal/entry.ts';
import type { SqlCommand, Stamp, Store } from '../journal/store.ts';
import { changeEntry, insertEntries, lastEntry } from '../journal/store.ts';
import { SurefootError } from '../kernel/errors.ts';
import type { Lock } from '../lock/lock.ts';

/** When a transaction is to be on disk: with its COMMIT, or with one that follows. */
export type Flush = 'now' | 'later';

/** A session that writes only while the lock is held: every statement carries the lock's token. */
export interface LockedSession {
  readonly connection: Connection;
  readonly dialect: Dialect;
  send(sql: string, parameters?: readonly SqlValue[]): Promise<QueryResult>;
  /** True: `batch` takes one round trip. */
  readonly pipelines: boolean;
  /** Sends statements in order, at once where the driver can; the first that fails is the last. */
  batch(queries: readonly Query[], onDone?: (result: QueryResult) => void): Promise<void>;
  /** Stands in front of what `send` sends. */
  readonly comment: string;
  /**
   * BEGIN, with the lock row held so that nobody takes over before COMMIT. Its statements wait so many milliseconds for
   * locks; without a number, as long as the session does. With `later` its COMMIT waits for no disk: the next one will.
   */
  begin(lockMs?: number, flush?: Flush): Promise<void>;
  /** How long statements outside of a transaction wait for locks; `null`: until they are granted. */
  limit(lockMs: number | null): Promise<void>;
  commit(): Promise<void>;
  rollback(): Promise<void>;
  /** Before a statement outside a transaction: throws if the lock is lost. */
  verify(): Promise<void>;
  write(entries: readonly JournalEntry[]): Promise<void>;
  /** An `advanced` entry: a new one, or the one with that number, kept up to date. Gives its number. */
  advance(entry: JournalEntry, id: number | null): Promise<number>;
  /** The same lock and the same run through another session. */
  through(connection: Connection): LockedSession;
  command(command: SqlCommand): Promise<void>;
  /** The last of a transaction: entries, what moves the version rows, COMMIT. */
  conclude(entries: readonly JournalEntry[], moves: readonly SqlCommand[]): Promise<void>;
}

export function lockedSession(store: Store, lock: Lock, run: string): LockedSession {
  const { connection, dialect } = store;
  const stamp: Stamp = { run, token: lock.token };
  const send = (sql: string, parameters: readonly SqlValue[] = []) =>
    connection.query(`${lock.comment}${sql}`, parameters);
  const command = async ({ sql, parameters }: SqlCommand): Promise<void> => {
    await send(sql, parameters);
  };
  const batch = batchOn(connection, lock);
  const limit = async (lockMs: number | null) => {
    for (const sql of dialect.waiting.limit(lockMs, 'alone')) await send(sql);
  };
  return {
    connection,
    dialect,
    send,
    comment: lock.comment,
    pipelines: connection.batch !== undefined,
    batch,
    begin: (lockMs, flush = 'now') => begin({ lockMs, flush }, { dialect, lock, batch }),
    limit,
    commit: async () => {
      await send('COMMIT');
    },
    rollback: async () => {
      await send('ROLLBACK');
    },
    verify: () => lock.verify(),
    write: async (entries) => {
      if (entries.length > 0) await command(insertEntries(store, entries, stamp));
    },
    advance: async (entry, id) => {
      if (id === null) {
        await command(insertEntries(store, [entry], stamp));
        const { sql, parameters } = lastEntry(store, run);
        return numberOf((await send(sql, parameters)).rows[0], 'id') ?? 0;
      }
      await command(changeEntry(store, { id, data: entry.data }));
      return id;
    },
    command,
    conclude: (entries, moves) =>
      batch([
        ...(entries.length > 0 ? [insertEntries(store, entries, stamp)] : []),
        ...moves,
        { sql: 'COMMIT' },
      ]),
    through: (other) => lockedSession({ ...store, connection: other }, lock, run),
  };
}

type Batch = LockedSession['batch'];

/** Statements with the mark of the lock, at once where the driver can. */
function batchOn(connection: Connection, { comment }: Lock): Batch {
  return async (queries, onDone = () => undefined) => {
    const marked = queries.map(({ sql, parameters = [] }) => ({ sql: `${comment}${sql}`, parameters }));
    if (connection.batch) return await connection.batch(marked, onDone);
    for (const { sql, parameters } of marked) onDone(await connection.query(sql, parameters));
  };
}

/** Nothing is sent behind the fence before its answer is there. */
async function begin(
  { lockMs, flush }: { readonly lockMs: number | undefined; readonly flush: Flush },
  { dialect, lock, batch }: { readonly dialect: Dialect; readonly lock: Lock; readonly batch: Batch },
): Promise<void> {
  const limits = (moment: 'before' | 'inside') =>
    lockMs === undefined ? [] : dialect.waiting.limit(lockMs, moment).map((sql) => ({ sql }));
  const { fence } = lock;
  let last: QueryResult | undefined;
  const ease = flush === 'later' ? dialect.flushLater.map((sql) => ({ sql })) : [];
  const opening = [...limits('before'), { sql: dialect.begin }, ...limits('inside'), ...ease];
  await batch([...opening, ...(fence === null ? [] : [fence])], (result) => {
    last = result;
  });
  if (fence === null) await lock.verify();
  else if (last === undefined || last.rows.length === 0) throw overtaken();
}

function overtaken(): SurefootError {
  return new SurefootError(
    'lock/lost',
    'another runner took the lock over; this run stops before its next statement',
    {
      details: { owner: '' },
      hint: 'Nothing is half-done: look at `surefoot status` and run again.',
    },
  );
}
