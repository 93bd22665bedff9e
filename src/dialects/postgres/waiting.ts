// What PostgreSQL knows about waiting for locks, and about what a cancelled statement leaves behind.
// In: a session's number. Out: who is in its way, how far it is. Must not know who waits, or what for.

import type { Connection, Row } from '../../dialect/connection.ts';
import { numberOf, textOf } from '../../dialect/rows.ts';
import type { Blocker, Leftover, Waiting, Watch, WorkProgress } from '../../dialect/waiting.ts';
import { sqlStateOf } from './bookkeeping.ts';
import { runsOutsideTransactions } from './compile-data.ts';
import { poolerFor } from './pooler.ts';
import { quoteRef } from './quote.ts';

/** lock_not_available, deadlock_detected, serialization_failure. */
const busy = new Set(['55P03', '40P01', '40001']);
const queryCancelled = '57014';

const blockersOf = `SELECT a.pid AS session, coalesce(a.usename::text, '') || coalesce('@' || host(a.client_addr), '') AS "user",
  (extract(epoch FROM clock_timestamp() - coalesce(a.xact_start, a.query_start)) * 1000)::bigint AS age_ms, a.query AS statement
FROM unnest(pg_blocking_pids($1)) AS b(pid) JOIN pg_catalog.pg_stat_activity a ON a.pid = b.pid
GROUP BY a.pid, a.usename, a.client_addr, a.xact_start, a.query_start, a.query ORDER BY age_ms DESC LIMIT 20`;

function readBlocker(row: Row): Blocker {
  return {
    session: numberOf(row, 'session') ?? 0,
    user: textOf(row, 'user') ?? '',
    ageMs: numberOf(row, 'age_ms'),
    statement: textOf(row, 'statement'),
    isCertain: true,
  };
}

/** An index says blocks and then tuples; the other commands blocks, or bytes. */
const progressOf = `SELECT phase,
  CASE WHEN tuples_total > 0 THEN tuples_done::float8 / tuples_total
    WHEN blocks_total > 0 THEN blocks_done::float8 / blocks_total
    WHEN lockers_total > 0 THEN lockers_done::float8 / lockers_total END AS share
  FROM pg_catalog.pg_stat_progress_create_index WHERE pid = $1
UNION ALL SELECT command || ': ' || phase, CASE WHEN heap_blks_total > 0 THEN heap_blks_scanned::float8 / heap_blks_total END
  FROM pg_catalog.pg_stat_progress_cluster WHERE pid = $1
UNION ALL SELECT command, CASE WHEN bytes_total > 0 THEN bytes_processed::float8 / bytes_total END
  FROM pg_catalog.pg_stat_progress_copy WHERE pid = $1
LIMIT 1`;

async function progress(connection: Connection, session: number): Promise<WorkProgress | null> {
  const [row] = (await connection.query(progressOf, [session])).rows;
  if (row === undefined) return null;
  const share = numberOf(row, 'share');
  return { phase: textOf(row, 'phase') ?? '', share: share === null ? null : Math.min(1, share) };
}

/** A session that was lent to somebody else since does not carry the comment. */
const cancelOf = `SELECT pg_cancel_backend(pid) FROM pg_catalog.pg_stat_activity
WHERE pid = $1 AND pid <> pg_backend_pid() AND position($2::text IN query) > 0`;

/** Indexes that are invalid and that nobody is building. Those of partitioned tables are invalid until all parts have theirs. */
const invalidIndexes = `SELECT n.nspname AS namespace, c.relname AS name FROM pg_catalog.pg_index i
  JOIN pg_catalog.pg_class c ON c.oid = i.indexrelid JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
WHERE NOT i.indisvalid AND c.relkind = 'i' AND n.nspname !~ '^pg_temp'
  AND i.indexrelid NOT IN (SELECT index_relid FROM pg_catalog.pg_stat_progress_create_index)`;

async function leftovers(connection: Connection): Promise<readonly Leftover[]> {
  return (await connection.query(invalidIndexes)).rows.map((row) => {
    const name = textOf(row, 'name') ?? '';
    const ref = quoteRef({ namespace: textOf(row, 'namespace'), name });
    // REINDEX CONCURRENTLY leaves the new one, or the old one, under a name made from that of the index.
    return { name: name.replace(/_cc(?:new|old)\d*$/, ''), sql: `DROP INDEX CONCURRENTLY IF EXISTS ${ref}` };
  });
}

const makesIndex =
  /^\s*create\s+(?:unique\s+)?index\s+concurrently\s+(?:if\s+not\s+exists\s+)?("(?:[^"]|"")+"|[\p{L}\p{N}_$]+)\s+on\b/iu;

/** The name that CREATE INDEX CONCURRENTLY gives, as the catalogue has it; `null`: it is something else. */
function madeIndex(sql: string): string | null {
  const name = makesIndex.exec(sql)?.[1];
  if (name === undefined) return null;
  return name.startsWith('"') ? name.slice(1, -1).replaceAll('""', '"') : name.toLowerCase();
}

async function inTheWay(connection: Connection, sql: string): Promise<readonly Leftover[]> {
  const name = madeIndex(sql);
  return name === null ? [] : (await leftovers(connection)).filter((one) => one.name === name);
}

const watch: Watch = {
  session: 'SELECT pg_backend_pid() AS session',
  isWaiting: async (connection, session) => {
    const sql = 'SELECT cardinality(pg_blocking_pids($1)) AS count';
    return (numberOf((await connection.query(sql, [session])).rows[0], 'count') ?? 0) > 0;
  },
  blockers: async (connection, session) =>
    (await connection.query(blockersOf, [session])).rows.map(readBlocker),
  progress,
  cancel: async (connection, session, comment) => void (await connection.query(cancelOf, [session, comment])),
  leftovers,
  inTheWay,
};

/** Concurrent builds wait for transactions of others without being in their way. */
function isPatient(sql: string): boolean {
  return runsOutsideTransactions(sql) && /\bconcurrently\b/i.test(sql);
}

/** In a transaction everything is SET LOCAL: behind a pooler the session is somebody else's afterwards. */
export function waitingFor(major: number): Waiting {
  return {
    limit: (ms, moment) => {
      if (moment === 'before') return [];
      return [`SET ${moment === 'inside' ? 'LOCAL ' : ''}lock_timeout = ${Math.round(ms ?? 0)}`];
    },
    isBusy: (error) => busy.has(sqlStateOf(error) ?? ''),
    isCancelled: (error) => sqlStateOf(error) === queryCancelled,
    isPatient,
    watch,
    pooler: poolerFor(major),
  };
}
