import type { Connection } from '../../dialect/connection.ts';
import type { BookkeepingNames } from '../../dialect/dialect.ts';
import { textOf } from '../../dialect/rows.ts';
import { quoteLiteral, quoteRef } from './quote.ts';

const oidOf = (names: BookkeepingNames, table: string): string =>
  `coalesce(to_regclass(${quoteLiteral(quoteRef({ namespace: names.namespace, name: table }))})::oid, 0)`;

/**
 * What the server counts of rows written, table by table, since it was started: rolled back writes count too, and TRUNCATE
 * gives a table another file; and the last number of each sequence. A server that was restarted may have lost its counts.
 */
function markSql(names: BookkeepingNames): string {
  const own = [names.version, names.journal, names.lock].map((table) => oidOf(names, table)).join(', ');
  return `SELECT CASE WHEN current_setting('track_counts') = 'on' THEN concat_ws('/',
  (SELECT concat_ws(':', d.oid, s.stats_reset, pg_postmaster_start_time())
   FROM pg_catalog.pg_database d JOIN pg_catalog.pg_stat_database s ON s.datid = d.oid WHERE d.datname = current_database()),
  (SELECT md5(string_agg(concat_ws(':', relid, pg_relation_filenode(relid), n_tup_ins, n_tup_upd, n_tup_del), ',' ORDER BY relid))
   FROM pg_catalog.pg_stat_all_tables
   WHERE (schemaname !~ '^pg_' AND schemaname <> 'information_schema' OR relid = 'pg_catalog.pg_largeobject'::regclass)
     AND relid NOT IN (${own})),
  (SELECT md5(string_agg(concat_ws(':', c.oid, CASE WHEN has_sequence_privilege(c.oid, 'SELECT, USAGE') THEN pg_sequence_last_value(c.oid) END), ',' ORDER BY c.oid))
   FROM pg_catalog.pg_class c WHERE c.relkind = 'S' AND c.relpersistence = 'p'
     AND NOT EXISTS (SELECT FROM pg_catalog.pg_depend d WHERE d.objid = c.oid AND d.refobjid IN (${own})))) END AS mark`;
}

/** A text that changes whenever a row is written. */
export async function writeMark(connection: Connection, names: BookkeepingNames): Promise<string | null> {
  // A session reports what it wrote within a second after it has ended, or later: then the mark differs for no reason.
  await connection.query('SELECT pg_sleep(1.1)');
  return textOf((await connection.query(markSql(names))).rows[0], 'mark');
}
