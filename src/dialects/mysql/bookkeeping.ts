// SQL for Surefoot's own three tables, the server's clock, and the fingerprint of the catalogue.
// In: the names of the tables. Out: SQL. Must not know what is written into them.

import type { Bookkeeping, BookkeepingNames } from '../../dialect/dialect.ts';
import { literal, quoteRef } from './quote.ts';

const options = 'ENGINE=InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin ROW_FORMAT=DYNAMIC';

function table(names: BookkeepingNames, which: 'version' | 'journal' | 'lock'): string {
  return quoteRef({ namespace: names.namespace, name: names[which] });
}

function createTables(names: BookkeepingNames): readonly string[] {
  return [
    `CREATE TABLE IF NOT EXISTS ${table(names, 'journal')} (
  id bigint NOT NULL AUTO_INCREMENT PRIMARY KEY,
  version_table varchar(255) NOT NULL,
  run varchar(64) NOT NULL,
  at bigint NOT NULL,
  event varchar(32) NOT NULL,
  revision varchar(255) NULL,
  direction varchar(16) NULL,
  statement int NULL,
  token varchar(64) NULL,
  data longtext NULL
) ${options}`,
    `CREATE TABLE IF NOT EXISTS ${table(names, 'lock')} (
  version_table varchar(255) NOT NULL PRIMARY KEY,
  token varchar(64) NOT NULL,
  owner text NOT NULL,
  session varchar(64) NULL,
  acquired_at bigint NOT NULL,
  heartbeat_at bigint NOT NULL,
  statement text NULL
) ${options}`,
  ];
}

function createVersionTable(names: BookkeepingNames): readonly string[] {
  return [
    `CREATE TABLE IF NOT EXISTS ${table(names, 'version')} (version_num varchar(255) NOT NULL PRIMARY KEY) ${options}`,
  ];
}

/** One row for each column: `name`, and `width` in characters (`null`: no limit, or no text). */
function describeVersionTable(names: BookkeepingNames): string {
  const namespace = names.namespace === null ? 'DATABASE()' : literal(names.namespace);
  return `SELECT column_name AS name, character_maximum_length AS width FROM information_schema.columns
WHERE table_schema = ${namespace} AND table_name = ${literal(names.version)} ORDER BY ordinal_position`;
}

/** The number of an error of the server, wherever a driver or a refusal keeps it. */
export function errorNumber(error: unknown): number | null {
  for (let one = error, depth = 0; typeof one === 'object' && one !== null && depth < 5; depth += 1) {
    const number = 'errno' in one ? Number(one.errno) : Number.NaN;
    if (Number.isInteger(number) && number > 0) return number;
    one = 'cause' in one ? one.cause : undefined;
  }
  return null;
}

/** Table exists, name exists. */
const duplicates = new Set([1050, 1007, 1304, 1359]);
/** No such table, unknown table, unknown database. */
const missing = new Set([1146, 1051, 1109, 1049]);

/** NOW does not move within a statement; UTC whatever the session's zone. Microseconds, so that the sum is exact. */
const nowMs = 'CAST(FLOOR(UNIX_TIMESTAMP(NOW(3)) * 1000) AS SIGNED)';

/**
 * A sum that no order of rows changes, of hashes of each row's columns; QUOTE tells NULL from a text. MySQL 9 has
 * neither MD5 nor SHA1 unless a component brings them.
 */
function hashed(source: string, columns: readonly string[]): string {
  const row = `SHA2(CONCAT_WS(',', ${columns.map((column) => `QUOTE(${column})`).join(', ')}), 256)`;
  const half = (from: number) =>
    `COALESCE(SUM(CAST(CONV(SUBSTRING(${row}, ${from}, 12), 16, 10) AS UNSIGNED)), 0)`;
  return `(SELECT CONCAT(COUNT(*), ':', ${half(1)}, ':', ${half(13)}) FROM information_schema.${source})`;
}

const here = (column: string): string => `WHERE ${column} = DATABASE()`;

/** What the schema consists of, without what writing rows changes: no row counts, no next number, no statistics. */
const parts: readonly string[] = [
  hashed(`tables ${here('table_schema')} AND table_type <> 'VIEW'`, [
    'table_name',
    'table_type',
    'engine',
    'table_collation',
    'create_options',
    'table_comment',
  ]),
  hashed(`columns ${here('table_schema')}`, [
    'table_name',
    'column_name',
    'ordinal_position',
    'column_default',
    'is_nullable',
    'column_type',
    'collation_name',
    'extra',
    'column_comment',
    'generation_expression',
  ]),
  hashed(`key_column_usage ${here('table_schema')}`, [
    'table_name',
    'constraint_name',
    'column_name',
    'ordinal_position',
    'referenced_table_schema',
    'referenced_table_name',
    'referenced_column_name',
  ]),
  hashed(`referential_constraints ${here('constraint_schema')}`, [
    'table_name',
    'constraint_name',
    'update_rule',
    'delete_rule',
  ]),
  hashed(`views ${here('table_schema')}`, ['table_name', 'view_definition', 'check_option']),
  hashed(`triggers ${here('trigger_schema')}`, [
    'trigger_name',
    'event_object_table',
    'action_order',
    'action_timing',
    'event_manipulation',
    'action_statement',
  ]),
  hashed(`routines ${here('routine_schema')}`, [
    'routine_name',
    'routine_type',
    'dtd_identifier',
    'routine_definition',
    'is_deterministic',
    'sql_data_access',
    'security_type',
    'routine_comment',
  ]),
  hashed(`parameters ${here('specific_schema')}`, [
    'specific_name',
    'ordinal_position',
    'parameter_mode',
    'parameter_name',
    'dtd_identifier',
  ]),
];

const indexColumns: readonly string[] = [
  'table_name',
  'index_name',
  'non_unique',
  'seq_in_index',
  'column_name',
  'collation',
  'sub_part',
  'index_type',
];

const flavored: Readonly<Record<'mysql' | 'mariadb', readonly string[]>> = {
  mysql: [
    hashed(`statistics ${here('table_schema')}`, [...indexColumns, 'expression', 'is_visible']),
    hashed(`check_constraints ${here('constraint_schema')}`, ['constraint_name', 'check_clause']),
    hashed(`table_constraints ${here('table_schema')} AND constraint_type = 'CHECK'`, [
      'table_name',
      'constraint_name',
      'enforced',
    ]),
  ],
  mariadb: [
    hashed(`statistics ${here('table_schema')}`, indexColumns),
    hashed(`check_constraints ${here('constraint_schema')}`, [
      'table_name',
      'constraint_name',
      'level',
      'check_clause',
    ]),
  ],
};

/** Everything about Surefoot's own tables. */
export function bookkeepingFor(flavor: 'mysql' | 'mariadb'): Bookkeeping {
  return {
    createTables,
    createVersionTable,
    isDuplicate: (error) => duplicates.has(errorNumber(error) ?? 0),
    isMissingTable: (error) => missing.has(errorNumber(error) ?? 0),
    describeVersionTable,
    nowMs,
    fingerprint: `SELECT SHA2(CONCAT_WS('/', ${[...parts, ...flavored[flavor]].join(', ')}), 256) AS fingerprint`,
  };
}
