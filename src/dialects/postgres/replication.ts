// How far the replicas of a PostgreSQL server are behind.
// In: sessions. Out: Lag. Must not know what waits for them.

import type { Connection } from '../../dialect/connection.ts';
import { numberOf, textOf } from '../../dialect/rows.ts';
import type { Lag, Replication, SeenReplica } from '../../dialect/walk.ts';
import { quoteLiteral } from './quote.ts';

/**
 * Whoever lacks pg_monitor sees rows without a state. A receiver of the log alone (pg_receivewal, a base backup) never
 * replays anything. While one catches up, `replay_lag` begins with its connection: it tells too little. And where nothing is
 * written any more, it stays what it was for a while.
 */
const reported = `SELECT concat_ws(' at ', nullif(application_name, ''), host(client_addr)) AS name, state,
  CASE WHEN replay_lsn >= pg_current_wal_lsn() THEN 0 ELSE extract(epoch FROM coalesce(replay_lag, '0')) * 1000 END::float8 AS ms
FROM pg_stat_replication
WHERE state = 'catchup' OR (state = 'streaming' AND replay_lsn IS NOT NULL)`;

async function seen(connection: Connection): Promise<readonly SeenReplica[]> {
  const { rows } = await connection.query(reported);
  return rows.map((row) => {
    const name = `replica ${textOf(row, 'name') ?? ''}`.trim();
    if (textOf(row, 'state') === 'catchup') return { name, ms: null, problem: 'catches up' };
    return { name, ms: numberOf(row, 'ms'), problem: null };
  });
}

const hidden = `SELECT count(*) AS n FROM pg_stat_replication WHERE state IS NULL`;

async function unseen(connection: Connection): Promise<number> {
  return numberOf((await connection.query(hidden)).rows[0], 'n') ?? 0;
}

/** One that has replayed as much as was written when its source was asked is not behind, however long ago that was. */
const ownSql = (place: string): string => `SELECT pg_is_in_recovery()::int AS follows,
  coalesce(pg_last_wal_replay_lsn() >= ${quoteLiteral(place)}::pg_lsn, false)::int AS level,
  (extract(epoch FROM clock_timestamp() - pg_last_xact_replay_timestamp()) * 1000)::float8 AS ms,
  CASE WHEN pg_is_in_recovery() THEN pg_is_wal_replay_paused()::int END AS paused`;

async function own(connection: Connection, place: string | null): Promise<Lag | null> {
  const [row] = (await connection.query(ownSql(place ?? '0/0'))).rows;
  if (numberOf(row, 'follows') === 0) return null;
  if (numberOf(row, 'level') === 1) return { ms: 0, problem: null };
  const problem = numberOf(row, 'paused') === 1 ? 'has paused its replay' : null;
  return { ms: numberOf(row, 'ms'), problem };
}

async function place(connection: Connection): Promise<string | null> {
  const [row] = (await connection.query('SELECT pg_current_wal_lsn()::text AS lsn')).rows;
  return textOf(row, 'lsn');
}

const sight = 'grant pg_monitor to this user, or name them in `online.replicas`';

export const postgresReplication: Replication = { seen, unseen, sight, place, own };
