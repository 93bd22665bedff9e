import type { Connection, QueryResult, SqlValue } from '../dialect/connection.ts';
import type { Dialect } from '../dialect/dialect.ts';
import type { JournalEntry } from '../journal/entry.ts';
import type { SqlCommand, Stamp, Store } from '../journal/store.ts';
import { insertEntries } from '../journal/store.ts';
import { SurefootError } from '../kernel/errors.ts';
import type { Lock } from '../lock/lock.ts';

/** A session that writes only while the lock is held: every statement carries the lock's token. */
export interface LockedSession {
  readonly connection: Connection;
  readonly dialect: Dialect;
  send(sql: string, parameters?: readonly SqlValue[]): Promise<QueryResult>;
  /** BEGIN, with the lock row held so that nobody takes over before COMMIT. */
  begin(): Promise<void>;
  commit(): Promise<void>;
  rollback(): Promise<void>;
  /** Before a statement outside a transaction: throws if the lock is lost. */
  verify(): Promise<void>;
  write(entries: readonly JournalEntry[]): Promise<void>;
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
  return {
    connection,
    dialect,
    send,
    begin: async () => {
      await send(dialect.begin);
      await holdLock(lock, send);
    },
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
    command,
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
