// What MySQL and MariaDB know about the sessions of other runners, and locks by name.
// In: a connection. Out: sessions, found and ended. Must not know leases, or who waits for whom.

import type { Connection, Row } from '../../dialect/connection.ts';
import type { LeaseCoordination, NamedLock, SessionState, SessionTrace } from '../../dialect/coordination.ts';
import { numberOf, textOf } from '../../dialect/rows.ts';
import { errorNumber } from './bookkeeping.ts';

/** Connection ids begin anew when the server does; in seconds since 1970. */
async function serverStart(connection: Connection): Promise<number> {
  const uptime = await connection.query("SHOW GLOBAL STATUS LIKE 'Uptime'");
  const clock = await connection.query('SELECT UNIX_TIMESTAMP() AS now');
  return (numberOf(clock.rows[0], 'now') ?? 0) - Number(textOf(uptime.rows[0], 'Value') ?? 0);
}

async function ownId(connection: Connection): Promise<number> {
  return numberOf((await connection.query('SELECT CONNECTION_ID() AS id')).rows[0], 'id') ?? 0;
}

async function session(connection: Connection): Promise<string> {
  return `${await ownId(connection)}/${await serverStart(connection)}`;
}

/** The id of a session of this very server; `null`: the server has been started since, or it is another one. */
async function idOf(connection: Connection, text: string | null): Promise<number | null> {
  const [, id, start] = /^(\d+)\/(\d+)/.exec(text ?? '') ?? [];
  if (id === undefined) return null;
  // Both numbers are whole seconds, read one after the other.
  return Math.abs((await serverStart(connection)) - Number(start)) <= 3 ? Number(id) : null;
}

function readSession(row: Row): SessionState {
  const host = textOf(row, 'Host') ?? '';
  const running = textOf(row, 'Command') !== 'Sleep';
  return {
    id: numberOf(row, 'Id') ?? 0,
    running,
    statement: textOf(row, 'Info'),
    // MySQL counts the time of an idle session from the begin of its last statement.
    forMs: running ? Math.max(0, numberOf(row, 'Time') ?? 0) * 1000 : null,
    user: `${textOf(row, 'User') ?? ''}@${host.replace(/:\d+$/, '')}`,
  };
}

async function otherSessions(connection: Connection): Promise<readonly SessionState[]> {
  const own = await ownId(connection);
  const { rows } = await connection.query('SHOW FULL PROCESSLIST');
  return rows.map(readSession).filter(({ id }) => id !== own);
}

async function sessionsOf(connection: Connection, trace: SessionTrace): Promise<readonly SessionState[]> {
  const known = await idOf(connection, trace.session);
  const { comment } = trace;
  return (await otherSessions(connection)).filter(
    ({ id, statement }) => id === known || (comment !== null && statement?.includes(comment)),
  );
}

/** No such thread: it has ended by itself. */
const gone = 1094;

async function kill(connection: Connection, what: 'CONNECTION' | 'QUERY', id: number): Promise<void> {
  try {
    await connection.query(`KILL ${what} ${Math.trunc(id)}`);
  } catch (error) {
    if (errorNumber(error) !== gone) throw error;
  }
}

/** Cancels what a session runs. */
export async function killQuery(connection: Connection, session: number): Promise<void> {
  await kill(connection, 'QUERY', session);
}

async function terminate(connection: Connection, { id }: SessionState): Promise<void> {
  const now = (await otherSessions(connection)).find((one) => one.id === id);
  if (now !== undefined && !now.running) await kill(connection, 'CONNECTION', id);
}

/** Not supported: a Galera cluster has no locks by name. */
const unsupported = 1235;

async function tryTake(connection: Connection, name: string): Promise<'taken' | 'held' | 'unavailable'> {
  try {
    // It is counted: taken twice by a session, it would have to be released twice.
    const sql = 'SELECT CASE WHEN IS_USED_LOCK(?) = CONNECTION_ID() THEN 1 ELSE GET_LOCK(?, 0) END AS taken';
    const { rows } = await connection.query(sql, [name, name]);
    return numberOf(rows[0], 'taken') === 1 ? 'taken' : 'held';
  } catch (error) {
    if (errorNumber(error) === unsupported) return 'unavailable';
    throw error;
  }
}

const namedLock: NamedLock = {
  maxLength: 64,
  tryTake,
  isMine: 'IS_USED_LOCK(?) = CONNECTION_ID()',
  async holder(connection, name) {
    const id = numberOf((await connection.query('SELECT IS_USED_LOCK(?) AS id', [name])).rows[0], 'id');
    return (await otherSessions(connection)).find((one) => one.id === id) ?? null;
  },
  release: async (connection, name) => void (await connection.query('SELECT RELEASE_LOCK(?)', [name])),
};

/** Duplicate key, deadlock, lock wait timeout, NOWAIT (MySQL), deadlock of named locks, changed since the snapshot (MariaDB). */
const contention = new Set([1062, 1213, 1205, 3572, 3058, 1020]);
/** Not the owner of the thread, SUPER or CONNECTION_ADMIN needed; denied for the database, for the table. */
const forbidden = new Set([1095, 1227, 1044, 1142]);

/** The statement's comment is seen only while it runs: idle sessions are found by their id. */
export const mysqlCoordination: LeaseCoordination = {
  kind: 'lease',
  session,
  sessionsOf,
  terminate,
  cancel: (connection, { id }) => kill(connection, 'QUERY', id),
  // The named lock, held by the very session, is the fence: a row's lock would hold up the heartbeat.
  shareRow: '',
  takeRow: 'FOR UPDATE NOWAIT',
  locker: null,
  isContention: (error) => contention.has(errorNumber(error) ?? 0),
  isForbidden: (error) => forbidden.has(errorNumber(error) ?? 0),
  namedLock,
};
