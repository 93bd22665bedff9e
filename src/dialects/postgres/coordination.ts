// What PostgreSQL knows about the sessions of other runners.
// In: a connection. Out: sessions, found and ended. Must not know leases, or who waits for whom.

import type { Connection, Row } from '../../dialect/connection.ts';
import type { LeaseCoordination, SessionState, SessionTrace } from '../../dialect/coordination.ts';
import { onlySession } from '../../dialect/coordination.ts';
import { numberOf, textOf } from '../../dialect/rows.ts';
import { sqlStateOf } from './bookkeeping.ts';

/** A process id is given again, the moment of its start is not. */
const identity = "pid::text || '/' || extract(epoch FROM backend_start)::text";

const ownSession = `SELECT coalesce((SELECT
  CASE WHEN backend_type = 'standalone backend' THEN '${onlySession}' ELSE ${identity} END FROM pg_catalog.pg_stat_activity WHERE pid = pg_backend_pid()),
  pg_backend_pid()::text) AS session`;

const sessionsOfHolder = `SELECT pid AS id, coalesce(state, '') AS state, query AS statement,
  coalesce((extract(epoch FROM clock_timestamp() - state_change) * 1000)::bigint, 0) AS for_ms,
  coalesce(usename::text, '') || coalesce('@' || host(client_addr), '') AS "user"
FROM pg_catalog.pg_stat_activity
WHERE datname = current_database() AND pid <> pg_backend_pid() AND backend_type = 'client backend'
  AND (position($2::text IN query) > 0 OR backend_xid::text = $4
    OR ${identity} = $1 AND (xact_start IS NULL OR $3::bigint IS NULL OR xact_start <= to_timestamp($3::bigint / 1000.0 + 5)))`;

/** Asked and done at once: a session that has begun to run in between is left alone. */
const terminateIdle = `SELECT pg_terminate_backend(pid) FROM pg_catalog.pg_stat_activity
WHERE pid = $1 AND pid <> pg_backend_pid() AND state LIKE 'idle%'`;

function readSession(row: Row): SessionState {
  return {
    id: numberOf(row, 'id') ?? 0,
    // Where the server was told to keep no states, nothing is sure to be idle.
    running: !(textOf(row, 'state') ?? '').startsWith('idle'),
    statement: textOf(row, 'statement'),
    forMs: numberOf(row, 'for_ms') ?? 0,
    user: textOf(row, 'user') ?? '',
  };
}

async function sessionsOf(connection: Connection, trace: SessionTrace): Promise<readonly SessionState[]> {
  // No text holds itself twice over: a comment that nobody wrote is found nowhere.
  const comment = trace.comment ?? '/* nobody */ /* nobody */';
  const parameters = [trace.session ?? '', comment, trace.lastSignAt, trace.locker];
  return (await connection.query(sessionsOfHolder, parameters)).rows.map(readSession);
}

/** unique_violation, deadlock_detected, serialization_failure, lock_not_available, query_canceled by a deadlock's end. */
const contention = new Set(['23505', '40P01', '40001', '55P03', '42P07']);

/**
 * Nothing here lives in a session: behind a pooler in transaction mode each statement may come to another one, so that
 * advisory locks exclude nobody.
 */
export const postgresCoordination: LeaseCoordination = {
  kind: 'lease',
  session: async (connection) => textOf((await connection.query(ownSession)).rows[0], 'session') ?? '',
  sessionsOf,
  terminate: async (connection, { id }) => void (await connection.query(terminateIdle, [id])),
  cancel: async (connection, { id }) => void (await connection.query('SELECT pg_cancel_backend($1)', [id])),
  shareRow: 'FOR KEY SHARE',
  takeRow: 'FOR UPDATE NOWAIT',
  // Only the holder locks the row and goes on, and no two transactions have the same number while either is there.
  locker: 'xmax::text',
  isContention: (error) => contention.has(sqlStateOf(error) ?? ''),
  isForbidden: (error) => sqlStateOf(error) === '42501',
  namedLock: null,
};
