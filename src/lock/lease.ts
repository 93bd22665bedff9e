// The lease row: who acts, since when, and when it was last heard of. The server's clock only.
// In: a session. Out: the row, read and written. Must not know sessions of others, or who waits.

import type { Connection, Row, SqlValue } from '../dialect/connection.ts';
import type { LeaseCoordination } from '../dialect/coordination.ts';
import { numberOf, textOf } from '../dialect/rows.ts';
import type { LockQuestion } from './request.ts';

/** The row of one history, and how its family writes it. */
export interface LeaseTable {
  readonly question: LockQuestion;
  readonly coordination: LeaseCoordination;
  readonly name: string;
  readonly p: (position: number) => string;
  /** When a session was first seen idle, by this process's own clock. */
  readonly idleSince: Map<number, number>;
}

/** The row, as the server has it at `now`. Milliseconds since 1970. */
export interface LeaseRow {
  readonly token: string;
  readonly owner: string;
  readonly session: string | null;
  readonly statement: string | null;
  readonly acquiredAt: number;
  readonly heartbeatAt: number;
  readonly locker: string | null;
  readonly now: number;
}

/** The namespace is named even where it is the default one: the second session may search elsewhere. */
export function leaseTable(question: LockQuestion, coordination: LeaseCoordination): LeaseTable {
  const { dialect, names, facts } = question;
  const namespace = names.namespace ?? facts.namespace;
  const prefix = namespace === null ? '' : `${dialect.quote(namespace)}.`;
  const p = (position: number): string => dialect.placeholder(position);
  return { question, coordination, name: prefix + dialect.quote(names.lock), p, idleSince: new Map() };
}

/** The condition that finds the row only while a token holds it. */
function ofToken({ p }: LeaseTable): string {
  return `version_table = ${p(1)} AND token = ${p(2)}`;
}

function readRow(row: Row): LeaseRow {
  return {
    token: textOf(row, 'token') ?? '',
    owner: textOf(row, 'owner') ?? '',
    session: textOf(row, 'session'),
    statement: textOf(row, 'statement'),
    acquiredAt: numberOf(row, 'acquired_at') ?? 0,
    heartbeatAt: numberOf(row, 'heartbeat_at') ?? 0,
    locker: textOf(row, 'locker'),
    now: numberOf(row, 'server_now') ?? 0,
  };
}

/** The row; `null`: nobody holds the lock; `undefined`: there is no table yet. */
export async function readLease(table: LeaseTable): Promise<LeaseRow | null | undefined> {
  const { connection, dialect, names } = table.question;
  const locker = table.coordination.locker ?? 'NULL';
  const sql = `SELECT token, owner, session, statement, acquired_at, heartbeat_at, ${locker} AS locker, ${dialect.bookkeeping.nowMs} AS server_now
FROM ${table.name} WHERE version_table = ${table.p(1)}`;
  try {
    const row = (await connection.query(sql, [names.version])).rows[0];
    return row === undefined ? null : readRow(row);
  } catch (error) {
    if (dialect.bookkeeping.isMissingTable(error)) return undefined;
    throw error;
  }
}

/** Creates the tables; whoever loses the race finds them there. */
export async function createLeaseTable(table: LeaseTable): Promise<void> {
  const { connection, dialect, names } = table.question;
  for (const sql of dialect.bookkeeping.createTables(names)) {
    try {
      await connection.query(sql);
    } catch (error) {
      const isThere = dialect.bookkeeping.isDuplicate(error) || table.coordination.isContention(error);
      if (!isThere) throw error;
    }
  }
}

/** What a new holder writes. */
export interface NewLease {
  readonly token: string;
  readonly owner: string;
  readonly session: string | null;
}

/** Writes the row. Fails with a duplicate key where there is one. */
export async function insertLease(table: LeaseTable, lease: NewLease): Promise<void> {
  const { question, p } = table;
  const { nowMs } = question.dialect.bookkeeping;
  const sql = `INSERT INTO ${table.name} (version_table, token, owner, session, acquired_at, heartbeat_at)
VALUES (${p(1)}, ${p(2)}, ${p(3)}, ${p(4)}, ${nowMs}, ${nowMs})`;
  // PostgreSQL keeps no zero character in a text.
  const owner = lease.owner.replaceAll('\0', '');
  await question.connection.query(sql, [question.names.version, lease.token, owner, lease.session]);
}

/** Renews the lease through a session. False: it is somebody else's by now. */
export async function beat(table: LeaseTable, connection: Connection, token: string): Promise<boolean> {
  const { dialect, names } = table.question;
  const sql = `UPDATE ${table.name} SET heartbeat_at = ${dialect.bookkeeping.nowMs} WHERE ${ofToken(table)}`;
  const { affected } = await connection.query(sql, [names.version, token]);
  // A session of the user's may count only rows whose values changed.
  return affected === 1 || (await holds(table, connection, token));
}

/** True: the row is this token's. */
export async function holds(table: LeaseTable, connection: Connection, token: string): Promise<boolean> {
  const sql = `SELECT token FROM ${table.name} WHERE ${ofToken(table)}`;
  return (await connection.query(sql, [table.question.names.version, token])).rows.length > 0;
}

/** The session that works is not the one that asked: a pooler stands between. */
export async function forgetSession(table: LeaseTable, token: string): Promise<void> {
  const sql = `UPDATE ${table.name} SET session = NULL WHERE ${ofToken(table)}`;
  await table.question.connection.query(sql, [table.question.names.version, token]);
}

/** Takes the row away. */
export async function deleteLease(table: LeaseTable, connection: Connection, token: string): Promise<void> {
  const sql = `DELETE FROM ${table.name} WHERE ${ofToken(table)}`;
  await connection.query(sql, [table.question.names.version, token]);
}

/**
 * Takes away a row that is still as it was read, or gives it to a new holder. False: it has changed since. Waits for
 * nobody: fails with contention where a transaction of the old holder keeps the row.
 */
export async function replaceLease(
  table: LeaseTable,
  old: LeaseRow,
  next: NewLease | null,
): Promise<boolean> {
  const { connection, dialect, names } = table.question;
  const { takeRow } = table.coordination;
  const take = `SELECT token FROM ${table.name} WHERE ${ofToken(table)} AND heartbeat_at = ${table.p(3)} ${takeRow}`;
  await connection.query(dialect.begin);
  try {
    const { rows } = await connection.query(take, [names.version, old.token, old.heartbeatAt]);
    if (rows.length > 0) {
      await deleteLease(table, connection, old.token);
      if (next !== null) await insertLease(table, next);
    }
    await connection.query('COMMIT');
    return rows.length > 0;
  } catch (error) {
    await connection.query('ROLLBACK');
    throw error;
  }
}

/** The question that gives no row once the lock is lost; `suffix` is what a transaction adds. */
export function checkOf(table: LeaseTable, token: string, name: string | null) {
  const { namedLock, shareRow } = table.coordination;
  const named = namedLock === null || name === null ? '' : ` AND ${namedLock.isMine}`;
  const sql = `SELECT token FROM ${table.name} WHERE ${ofToken(table)}${named}`;
  const parameters: readonly SqlValue[] = [
    table.question.names.version,
    token,
    ...(named === '' ? [] : [name]),
  ];
  return { check: { sql, parameters }, fence: { sql: `${sql} ${shareRow}`.trimEnd(), parameters } };
}
