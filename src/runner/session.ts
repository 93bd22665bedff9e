import type { Connection, QueryResult, SqlValue } from '../dialect/connection.ts';
import type { Dialect } from '../dialect/dialect.ts';
import { numberOf } from '../dialect/rows.ts';
import type { JournalEntry } from '../journal/entry.ts';
import type { SqlCommand, Stamp, Store } from '../journal/store.ts';
import { changeEntry, insertEntries, lastEntry } from '../journal/store.ts';
import { SurefootError } from '../kernel/errors.ts';
import type { Lock } from '../lock/lock.ts';

/** A session that writes only while the lock is held: every statement carries the lock's token. */
export interface LockedSession {
  readonly connection: Connection;
  readonly dialect: Dialect;
  send(sql: string, parameters?: readonly SqlValue[]): Promise<QueryResult>;
  /** Stands in front of what `send` sends. */
  readonly comment: string;
  /**
   * BEGIN, with the lock row held so that nobody takes over before COMMIT. Its statements wait so many milliseconds for
   * locks; without a number, as long as the session does.
   */
  begin(lockMs?: number): Promise<void>;
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
}

export function lockedSession(store: Store, lock: Lock, run: string): LockedSession {
  const { connection, dialect } = store;
  const stamp: Stamp = { run, token: lock.token };
  const send = (sql: string, parameters: readonly SqlValue[] = []) =>
    connection.query(`${lock.comment}${sql}`, parameters);
  const command = async ({ sql, parameters }: SqlCommand): Promise<void> => {
    await send(sql, parameters);
  };
  const limit = async (lockMs: number | null, moment: 'before' | 'inside' | 'alone') => {
    for (const sql of dialect.waiting.limit(lockMs, moment)) await send(sql);
  };
  return {
    connection,
    dialect,
    send,
    comment: lock.comment,
    begin: async (lockMs) => {
      if (lockMs !== undefined) await limit(lockMs, 'before');
      await send(dialect.begin);
      if (lockMs !== undefined) await limit(lockMs, 'inside');
      await holdLock(lock, send);
    },
    limit: (lockMs) => limit(lockMs, 'alone'),
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
    through: (other) => lockedSession({ ...store, connection: other }, lock, run),
  };
}

async function holdLock(lock: Lock, send: LockedSession['send']): Promise<void> {
  if (lock.fence === null) return lock.verify();
  const { rows } = await send(lock.fence.sql, lock.fence.parameters);
  if (rows.length > 0) return;
  throw new SurefootError(
    'lock/lost',
    'another runner took the lock over; this run stops before its next statement',
    {
      details: { owner: '' },
      hint: 'Nothing is half-done: look at `surefoot status` and run again.',
    },
  );
}
