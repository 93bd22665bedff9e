// SQL for Surefoot's own three tables, the server's clock, and the fingerprint of the catalogue.
// In: the names of the tables. Out: SQL. Must not know what is written into them.

import type { Bookkeeping, BookkeepingNames } from '../../dialect/dialect.ts';
import { quoteLiteral, quoteRef } from './quote.ts';

function table(names: BookkeepingNames, which: 'version' | 'journal' | 'lock'): string {
  return quoteRef({ namespace: names.namespace, name: names[which] });
}

function createTables(names: BookkeepingNames): readonly string[] {
  return [
    `CREATE TABLE IF NOT EXISTS ${table(names, 'journal')} (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  version_table varchar(255) NOT NULL,
  run varchar(64) NOT NULL,
  at bigint NOT NULL,
  event varchar(32) NOT NULL,
  revision varchar(255),
  direction varchar(16),
  statement integer,
  token varchar(64),
  data text
)`,
    `CREATE TABLE IF NOT EXISTS ${table(names, 'lock')} (
  version_table varchar(255) NOT NULL PRIMARY KEY,
  token varchar(64) NOT NULL,
  owner text NOT NULL,
  session varchar(64),
  acquired_at bigint NOT NULL,
  heartbeat_at bigint NOT NULL,
  statement text
)`,
  ];
}

function createVersionTable(names: BookkeepingNames): readonly string[] {
  return [
    `CREATE TABLE IF NOT EXISTS ${table(names, 'version')} (version_num varchar(255) COLLATE "C" NOT NULL PRIMARY KEY)`,
  ];
}

/** One row for each column: `name`, and `width` in characters (`null`: no limit, or no text). */
function describeVersionTable(names: BookkeepingNames): string {
  return `SELECT a.attname::text AS name,
  CASE WHEN a.atttypid IN ('varchar'::regtype, 'bpchar'::regtype) AND a.atttypmod > 4 THEN a.atttypmod - 4 END AS width
FROM pg_catalog.pg_attribute a
WHERE a.attrelid = to_regclass(${quoteLiteral(table(names, 'version'))}) AND a.attnum > 0 AND NOT a.attisdropped
ORDER BY a.attnum`;
}

/** The SQLSTATE of an error, wherever a driver or a refusal keeps it. */
export function sqlStateOf(error: unknown): string | null {
  for (
    let one: unknown = error, depth = 0;
    typeof one === 'object' && one !== null && depth < 5;
    depth += 1
  ) {
    const code = 'code' in one ? one.code : undefined;
    if (typeof code === 'string' && /^[0-9A-Z]{5}$/.test(code)) return code;
    one = 'cause' in one ? one.cause : undefined;
  }
  return null;
}

/** duplicate_table, duplicate_object, unique_violation (two CREATE … IF NOT EXISTS at once). */
const duplicates = new Set(['42P07', '42710', '23505']);
/** undefined_table, invalid_schema_name. */
const missing = new Set(['42P01', '3F000']);

const nowMs = '(extract(epoch from clock_timestamp()) * 1000)::bigint';

const hashed = (columns: string) => `sum(hashtextextended(concat_ws('|', ${columns}), 0)::numeric)`;

/**
 * Sums of hashes over the catalogue: no sorting, and nothing in them that VACUUM, ANALYZE or writing rows would change.
 * `xmin` stands for rows that only DDL writes.
 */
const fingerprint = `WITH space AS MATERIALIZED (
  SELECT oid, nspname FROM pg_catalog.pg_namespace WHERE nspname !~ '^pg_' AND nspname <> 'information_schema'
), rel AS MATERIALIZED (
  SELECT c.* FROM pg_catalog.pg_class c JOIN space s ON s.oid = c.relnamespace
)
SELECT md5(concat_ws('/',
  (SELECT ${hashed('oid, nspname')} FROM space),
  (SELECT ${hashed(
    'c.oid, c.relname, c.relnamespace, c.relkind, c.relpersistence, c.relispartition, c.relrowsecurity, c.relforcerowsecurity, c.reloptions::text',
  )} FROM rel c),
  (SELECT ${hashed(
    'a.attrelid, a.attnum, a.attname, a.atttypid, a.atttypmod, a.attnotnull, a.atthasdef, a.attidentity, a.attgenerated, a.attcollation, a.attisdropped, a.attoptions::text',
  )} FROM pg_catalog.pg_attribute a JOIN rel c ON c.oid = a.attrelid AND a.attnum > 0),
  (SELECT ${hashed('d.oid, d.xmin')} FROM pg_catalog.pg_attrdef d JOIN rel c ON c.oid = d.adrelid),
  (SELECT ${hashed('k.oid, k.xmin')} FROM pg_catalog.pg_constraint k JOIN space s ON s.oid = k.connamespace),
  (SELECT ${hashed('i.indexrelid, i.indisunique, i.indisvalid, i.indisprimary, i.indkey, i.indoption')}
    FROM pg_catalog.pg_index i JOIN rel c ON c.oid = i.indexrelid),
  (SELECT ${hashed('q.seqrelid, q.seqtypid, q.seqstart, q.seqincrement, q.seqmin, q.seqmax, q.seqcycle')}
    FROM pg_catalog.pg_sequence q JOIN rel c ON c.oid = q.seqrelid),
  (SELECT ${hashed('h.inhrelid, h.inhparent, h.inhseqno')} FROM pg_catalog.pg_inherits h JOIN rel c ON c.oid = h.inhrelid),
  (SELECT ${hashed('t.oid, t.typname, t.typnamespace, t.typtype, t.typbasetype, t.typtypmod, t.typnotnull, t.typdefault')}
    FROM pg_catalog.pg_type t JOIN space s ON s.oid = t.typnamespace),
  (SELECT ${hashed('e.oid, e.enumtypid, e.enumsortorder, e.enumlabel')} FROM pg_catalog.pg_enum e),
  (SELECT ${hashed('p.oid, p.xmin')} FROM pg_catalog.pg_proc p JOIN space s ON s.oid = p.pronamespace),
  (SELECT ${hashed('g.oid, g.xmin')} FROM pg_catalog.pg_trigger g JOIN rel c ON c.oid = g.tgrelid),
  (SELECT ${hashed('w.oid, w.xmin')} FROM pg_catalog.pg_rewrite w JOIN rel c ON c.oid = w.ev_class),
  (SELECT ${hashed('y.oid, y.xmin')} FROM pg_catalog.pg_policy y),
  (SELECT ${hashed('e.oid, e.extname, e.extversion')} FROM pg_catalog.pg_extension e),
  (SELECT ${hashed('d.objoid, d.objsubid, d.description')}
    FROM pg_catalog.pg_description d JOIN rel c ON c.oid = d.objoid AND d.classoid = 'pg_catalog.pg_class'::regclass)
)) AS fingerprint`;

export const postgresBookkeeping: Bookkeeping = {
  createTables,
  createVersionTable,
  describeVersionTable,
  isDuplicate: (error) => duplicates.has(sqlStateOf(error) ?? ''),
  isMissingTable: (error) => missing.has(sqlStateOf(error) ?? ''),
  nowMs,
  fingerprint,
};
