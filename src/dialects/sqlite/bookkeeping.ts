// SQL for Surefoot's own three tables in a SQLite database.

import type { Bookkeeping, BookkeepingNames } from '../../dialect/dialect.ts';
import { messageOf } from '../../kernel/errors.ts';
import { literal, quoteRef } from './quote.ts';

const table = (names: BookkeepingNames, name: string) => quoteRef({ namespace: names.namespace, name });

function createTables(names: BookkeepingNames): readonly string[] {
  return [
    `CREATE TABLE IF NOT EXISTS ${table(names, names.journal)} (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  version_table TEXT NOT NULL,
  run TEXT NOT NULL,
  at INTEGER NOT NULL,
  event TEXT NOT NULL,
  revision TEXT,
  direction TEXT,
  statement INTEGER,
  token TEXT,
  data TEXT
)`,
    `CREATE TABLE IF NOT EXISTS ${table(names, names.lock)} (
  version_table TEXT NOT NULL PRIMARY KEY,
  token TEXT NOT NULL,
  owner TEXT NOT NULL,
  session TEXT,
  acquired_at INTEGER NOT NULL,
  heartbeat_at INTEGER NOT NULL,
  statement TEXT
)`,
  ];
}

/** SQLite keeps the whole error in its message; its codes do not tell "exists" from any other wrong statement. */
function says(error: unknown, pattern: RegExp): boolean {
  const cause = error instanceof Error ? error.cause : undefined;
  return pattern.test(messageOf(error)) || (cause !== undefined && pattern.test(messageOf(cause)));
}

export const bookkeeping: Bookkeeping = {
  createTables,
  createVersionTable: (names) => [
    `CREATE TABLE IF NOT EXISTS ${table(names, names.version)} (\n  version_num VARCHAR(255) NOT NULL PRIMARY KEY\n)`,
  ],
  isDuplicate: (error) => says(error, /\b(table|index|view) .* already exists/s),
  isMissingTable: (error) => says(error, /no such table/),
  describeVersionTable: (names) => `
    SELECT name, CASE WHEN instr(type, '(') > 0
      THEN CAST(substr(type, instr(type, '(') + 1) AS INTEGER) END AS width
    FROM pragma_table_info(${literal(names.version)}, ${literal(names.namespace ?? 'main')}) ORDER BY cid`,
  nowMs: `CAST(round(unixepoch('subsec') * 1000) AS INTEGER)`,
  fingerprint: 'SELECT schema_version AS fingerprint FROM pragma_schema_version',
};
