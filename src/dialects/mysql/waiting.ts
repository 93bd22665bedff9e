// What MySQL and MariaDB know about waiting for metadata locks and rows.
// In: a session's number. Out: who is in its way, how far it is. Must not know who waits, or what for.

import type { Connection, Row } from '../../dialect/connection.ts';
import { numberOf, textOf } from '../../dialect/rows.ts';
import type { Blocker, Waiting, Watch, WorkProgress } from '../../dialect/waiting.ts';
import { isSurefootError } from '../../kernel/errors.ts';
import { errorNumber } from './bookkeeping.ts';
import { killQuery } from './coordination.ts';
import type { MysqlTraits } from './traits.ts';

/** Lock wait timeout, deadlock, NOWAIT (MySQL), changed since the snapshot (MariaDB). */
const busy = new Set([1205, 1213, 3572, 1020]);
/** Query execution was interrupted. */
const interrupted = 1317;

/** A year is the longest that the server allows; it counts whole seconds, and MySQL at least one. */
const seconds = (ms: number | null): number => (ms === null ? 31_536_000 : Math.max(1, Math.ceil(ms / 1000)));

function limit(ms: number | null): string {
  // The server allows rows much more than tables.
  const rows = Math.min(seconds(ms), 1_073_741_824);
  return `SET SESSION lock_wait_timeout = ${seconds(ms)}, SESSION innodb_lock_wait_timeout = ${rows}`;
}

function readBlocker(row: Row, { isCertain }: { readonly isCertain: boolean }): Blocker {
  const host = (textOf(row, 'host') ?? '').replace(/:\d+$/, '');
  const age = numberOf(row, 'age');
  return {
    session: numberOf(row, 'session') ?? 0,
    user: `${textOf(row, 'user') ?? ''}@${host}`,
    ageMs: age === null ? null : Math.max(0, age) * 1000,
    statement: textOf(row, 'statement'),
    isCertain,
  };
}

/** Who was granted a lock on the very object that the session asks for. Granted locks of its own do not count. */
const metadataBlockers = `SELECT DISTINCT t.PROCESSLIST_ID AS session, t.PROCESSLIST_USER AS user, t.PROCESSLIST_HOST AS host,
  coalesce((SELECT TIMESTAMPDIFF(SECOND, x.trx_started, NOW()) FROM information_schema.INNODB_TRX x
    WHERE x.trx_mysql_thread_id = t.PROCESSLIST_ID), t.PROCESSLIST_TIME) AS age,
  coalesce(t.PROCESSLIST_INFO, s.SQL_TEXT) AS statement
FROM performance_schema.metadata_locks w
  JOIN performance_schema.threads me ON me.THREAD_ID = w.OWNER_THREAD_ID AND me.PROCESSLIST_ID = ?
  JOIN performance_schema.metadata_locks g ON g.OBJECT_TYPE = w.OBJECT_TYPE AND g.OBJECT_SCHEMA <=> w.OBJECT_SCHEMA
    AND g.OBJECT_NAME <=> w.OBJECT_NAME AND g.LOCK_STATUS = 'GRANTED' AND g.OWNER_THREAD_ID <> w.OWNER_THREAD_ID
  JOIN performance_schema.threads t ON t.THREAD_ID = g.OWNER_THREAD_ID
  LEFT JOIN performance_schema.events_statements_current s ON s.THREAD_ID = t.THREAD_ID
WHERE w.LOCK_STATUS = 'PENDING' AND t.PROCESSLIST_ID IS NOT NULL ORDER BY age DESC LIMIT 20`;

const rowBlockers = `SELECT DISTINCT b.trx_mysql_thread_id AS session, p.USER AS user, p.HOST AS host,
  TIMESTAMPDIFF(SECOND, b.trx_started, NOW()) AS age, coalesce(b.trx_query, p.INFO) AS statement
FROM information_schema.INNODB_TRX r`;
const mysqlRowBlockers = `${rowBlockers}
  JOIN performance_schema.data_lock_waits w ON w.REQUESTING_ENGINE_TRANSACTION_ID = r.trx_id
  JOIN information_schema.INNODB_TRX b ON b.trx_id = w.BLOCKING_ENGINE_TRANSACTION_ID
  LEFT JOIN information_schema.PROCESSLIST p ON p.ID = b.trx_mysql_thread_id
WHERE r.trx_mysql_thread_id = ? LIMIT 20`;
const mariadbRowBlockers = `${rowBlockers}
  JOIN information_schema.INNODB_LOCK_WAITS w ON w.requesting_trx_id = r.trx_id
  JOIN information_schema.INNODB_TRX b ON b.trx_id = w.blocking_trx_id
  LEFT JOIN information_schema.PROCESSLIST p ON p.ID = b.trx_mysql_thread_id
WHERE r.trx_mysql_thread_id = ? LIMIT 20`;

/** MariaDB, where the plugin METADATA_LOCK_INFO is loaded: locks of everybody on the tables of the asking database. */
const pluginBlockers = `SELECT DISTINCT g.THREAD_ID AS session, p.USER AS user, p.HOST AS host,
  coalesce((SELECT TIMESTAMPDIFF(SECOND, x.trx_started, NOW()) FROM information_schema.INNODB_TRX x
    WHERE x.trx_mysql_thread_id = g.THREAD_ID), p.TIME) AS age, p.INFO AS statement
FROM information_schema.METADATA_LOCK_INFO g JOIN information_schema.PROCESSLIST p ON p.ID = g.THREAD_ID
  JOIN information_schema.PROCESSLIST me ON me.ID = ? AND me.STATE LIKE 'Waiting for table metadata lock%'
WHERE g.THREAD_ID <> me.ID AND g.TABLE_SCHEMA = me.DB AND g.LOCK_TYPE = 'Table metadata lock'
  AND (p.STATE IS NULL OR p.STATE NOT LIKE 'Waiting for%')
ORDER BY age DESC LIMIT 20`;

/** Where no table of the server tells who holds a lock: whoever of the same database has a transaction open, or works. */
const suspects = `SELECT p.ID AS session, p.USER AS user, p.HOST AS host,
  coalesce((SELECT TIMESTAMPDIFF(SECOND, x.trx_started, NOW()) FROM information_schema.INNODB_TRX x
    WHERE x.trx_mysql_thread_id = p.ID), p.TIME) AS age, p.INFO AS statement
FROM information_schema.PROCESSLIST p
  JOIN information_schema.PROCESSLIST me ON me.ID = ? AND me.STATE LIKE 'Waiting for%'
WHERE p.ID <> me.ID AND p.ID <> CONNECTION_ID() AND p.DB <=> me.DB
  AND (p.STATE IS NULL OR p.STATE NOT LIKE 'Waiting for%')
  AND (p.COMMAND <> 'Sleep' OR EXISTS (SELECT 1 FROM information_schema.INNODB_TRX x WHERE x.trx_mysql_thread_id = p.ID))
ORDER BY age DESC LIMIT 20`;

/** The same for a user who may not see transactions of others. */
const visibleSuspects = `SELECT p.ID AS session, p.USER AS user, p.HOST AS host, p.TIME AS age, p.INFO AS statement
FROM information_schema.PROCESSLIST p
  JOIN information_schema.PROCESSLIST me ON me.ID = ? AND me.STATE LIKE 'Waiting for%'
WHERE p.ID <> me.ID AND p.ID <> CONNECTION_ID() AND p.DB <=> me.DB AND (p.STATE IS NULL OR p.STATE NOT LIKE 'Waiting for%')
ORDER BY age DESC LIMIT 20`;

/** A question that this server, or this user, may have no answer to. */
async function askIfKnown(connection: Connection, sql: string, session: number): Promise<readonly Row[]> {
  try {
    return (await connection.query(sql, [session])).rows;
  } catch (error) {
    if (isSurefootError(error, 'database/query-failed')) return [];
    throw error;
  }
}

const certain: Readonly<Record<'mysql' | 'mariadb', readonly string[]>> = {
  mysql: [metadataBlockers, mysqlRowBlockers],
  mariadb: [metadataBlockers, pluginBlockers, mariadbRowBlockers],
};

async function blockers(
  connection: Connection,
  session: number,
  flavor: 'mysql' | 'mariadb',
): Promise<readonly Blocker[]> {
  for (const sql of certain[flavor]) {
    const rows = await askIfKnown(connection, sql, session);
    if (rows.length > 0) return rows.map((row) => readBlocker(row, { isCertain: true }));
  }
  for (const sql of [suspects, visibleSuspects]) {
    const rows = await askIfKnown(connection, sql, session);
    if (rows.length > 0) return rows.map((row) => readBlocker(row, { isCertain: false }));
  }
  return [];
}

/** MySQL's stages of an ALTER TABLE count their work; they are on unless somebody switched them off. */
const mysqlStage = `SELECT s.EVENT_NAME AS phase, s.WORK_COMPLETED AS done, s.WORK_ESTIMATED AS total
FROM performance_schema.events_stages_current s JOIN performance_schema.threads t ON t.THREAD_ID = s.THREAD_ID
WHERE t.PROCESSLIST_ID = ? AND s.WORK_ESTIMATED > 0`;

/** MariaDB tells of any session how far its stage is, and how many there are. */
const mariadbStage = `SELECT STATE AS phase, ((STAGE - 1) * 100 + PROGRESS) AS done, MAX_STAGE * 100 AS total
FROM information_schema.PROCESSLIST WHERE ID = ? AND STAGE > 0 AND MAX_STAGE > 0`;

async function progress(
  connection: Connection,
  session: number,
  flavor: 'mysql' | 'mariadb',
): Promise<WorkProgress | null> {
  const [row] = await askIfKnown(connection, flavor === 'mariadb' ? mariadbStage : mysqlStage, session);
  if (row === undefined) return null;
  const total = numberOf(row, 'total') ?? 0;
  const share = total > 0 ? Math.min(1, (numberOf(row, 'done') ?? 0) / total) : null;
  return { phase: (textOf(row, 'phase') ?? '').replace(/^stage\/(?:sql|innodb)\//, ''), share };
}

/** Everybody sees the sessions of his own user. InnoDB shows in a table of its own who waits for a row. */
const isWaiting = `SELECT p.ID AS id FROM information_schema.PROCESSLIST p
WHERE p.ID = ? AND (p.STATE LIKE 'Waiting for%lock%' OR p.STATE LIKE 'Waiting for table flush%' OR EXISTS (
  SELECT 1 FROM information_schema.INNODB_TRX x WHERE x.trx_mysql_thread_id = p.ID AND x.trx_state = 'LOCK WAIT'))`;

/** The same for a user who may not see transactions. */
const isWaitingSimply = `SELECT ID AS id FROM information_schema.PROCESSLIST
WHERE ID = ? AND (STATE LIKE 'Waiting for%lock%' OR STATE LIKE 'Waiting for table flush%')`;

async function waits(connection: Connection, session: number): Promise<boolean> {
  for (const sql of [isWaiting, isWaitingSimply]) {
    if ((await askIfKnown(connection, sql, session)).length > 0) return true;
  }
  return false;
}

function watchFor(flavor: 'mysql' | 'mariadb'): Watch {
  return {
    session: 'SELECT CONNECTION_ID() AS session',
    isWaiting: waits,
    blockers: (connection, session) => blockers(connection, session, flavor),
    progress: (connection, session) => progress(connection, session, flavor),
    cancel: (connection, session) => killQuery(connection, session),
    // Neither server leaves anything of an ALTER that was cancelled.
    leftovers: async () => [],
    inTheWay: async () => [],
  };
}

/** Waiting on a server of this flavor. */
export function waitingFor({ flavor }: Pick<MysqlTraits, 'flavor'>): Waiting {
  return {
    limit: (ms, moment) => (moment === 'inside' ? [] : [limit(ms)]),
    isBusy: (error) => busy.has(errorNumber(error) ?? 0),
    isCancelled: (error) => errorNumber(error) === interrupted,
    isPatient: () => false,
    watch: watchFor(flavor === 'mariadb' ? 'mariadb' : 'mysql'),
    pooler: null,
  };
}
