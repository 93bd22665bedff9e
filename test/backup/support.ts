// Databases for backups: filled with everything that is easily lost, destroyed, and read byte by byte.

import { createHash } from 'node:crypto';
import { openDatabase } from '../../src/config/choose-dialect.ts';
import type { Row, SqlValue } from '../../src/dialect/connection.ts';
import type { Engine } from '../servers/index.ts';
import { clientTools, isServerEngine } from '../servers/index.ts';

type Asked = string | readonly [sql: string, parameters: readonly SqlValue[]];

/** Runs statements in a session of its own; the rows of the last. */
export async function ask(url: string, ...statements: readonly Asked[]): Promise<readonly Row[]> {
  const { database } = await openDatabase({ url });
  const connection = await database.connect();
  try {
    let rows: readonly Row[] = [];
    for (const one of statements) {
      const [sql, parameters] = typeof one === 'string' ? [one, []] : one;
      rows = (await connection.query(sql, parameters)).rows;
    }
    return rows;
  } finally {
    await connection.close();
    await database.close();
  }
}

/** The folder of an engine's programs; `undefined`: it needs none. */
export async function toolFolder(engine: Engine): Promise<string | undefined> {
  return isServerEngine(engine) ? (await clientTools(engine)).folder : undefined;
}

type Family = 'sqlite' | 'postgres' | 'mysql';

export function familyOf(engine: Engine): Family {
  if (engine === 'sqlite') return 'sqlite';
  return engine === 'mysql9' || engine === 'mariadb' ? 'mysql' : 'postgres';
}

const q: Readonly<Record<Family, (name: string) => string>> = {
  sqlite: (name) => `"${name.replaceAll('"', '""')}"`,
  postgres: (name) => `"${name.replaceAll('"', '""')}"`,
  mysql: (name) => `\`${name.replaceAll('`', '``')}\``,
};

export const hostile = `o'h "x" \`y\` (z); -- -w`;

const types: Readonly<
  Record<Family, { readonly blob: string; readonly number: string; readonly big: string }>
> = {
  sqlite: { blob: 'BLOB', number: 'NUMERIC', big: 'INTEGER' },
  postgres: { blob: 'bytea', number: 'numeric(30, 10)', big: 'bigint' },
  mysql: { blob: 'longblob', number: 'decimal(30, 10)', big: 'bigint' },
};

const texts: readonly (string | null)[] = [
  null,
  '',
  `it's "quoted" \\ and \`more\``,
  'line\nfeed\r\nand\ttab',
  '),(1,2);\nINSERT INTO `t` VALUES (1);',
  '\\N',
  'größe 漢字 🦶 ‮',
  'SET transaction_timeout = 0;',
  '/*!50003 CREATE*/ DEFINER=`a`@`b`',
];

const allBytes = Uint8Array.from({ length: 256 }, (_, i) => i);

const own: Readonly<Record<Family, readonly string[]>> = {
  sqlite: [
    'CREATE TABLE counted (id INTEGER PRIMARY KEY AUTOINCREMENT, twice INTEGER AS (id * 2) STORED)',
    'INSERT INTO counted (id) VALUES (7)',
    'CREATE TABLE rowless (id TEXT PRIMARY KEY) WITHOUT ROWID',
    "INSERT INTO rowless VALUES ('x')",
    'CREATE VIEW seen AS SELECT id, words FROM things WHERE id > 1',
    'CREATE TRIGGER watch AFTER INSERT ON child BEGIN UPDATE things SET words = NULL WHERE id = -1; END',
  ],
  postgres: [
    'CREATE VIEW seen AS SELECT id, words FROM things WHERE id > 1',
    "CREATE TYPE mood AS ENUM ('sad', 'o''k')",
    'CREATE DOMAIN positive AS integer CHECK (VALUE > 0)',
    'CREATE SEQUENCE numbers START 40',
    "SELECT nextval('numbers')",
    'CREATE FUNCTION twice(n integer) RETURNS integer LANGUAGE sql AS $$ SELECT n * 2 $$',
    'CREATE SCHEMA "other ""one"""',
    'CREATE TABLE "other ""one"""."in it" (id serial PRIMARY KEY, feeling mood, amount positive)',
    `INSERT INTO "other ""one"""."in it" (feeling, amount) VALUES ('o''k', 4)`,
    'CREATE MATERIALIZED VIEW summed AS SELECT count(*) AS n FROM things',
    'CREATE TABLE parted (id integer, at date) PARTITION BY RANGE (at)',
    "CREATE TABLE parted_1 PARTITION OF parted FOR VALUES FROM ('2024-01-01') TO ('2025-01-01')",
    "INSERT INTO parted VALUES (1, '2024-05-05')",
    'CREATE TYPE span AS RANGE (subtype = float8)',
    'CREATE TYPE pair AS (a integer, b text)',
    "SELECT lo_from_bytea(0, '\\xdeadbeef')",
  ],
  mysql: [
    'CREATE TABLE made (id integer PRIMARY KEY, `VALUES (` integer GENERATED ALWAYS AS (id * 2) STORED, `(x` integer)',
    'INSERT INTO made (id, `(x`) VALUES (1, 2), (2, NULL)',
    'CREATE VIEW seen AS SELECT id, words FROM things WHERE id > 1',
    'CREATE TRIGGER watch BEFORE INSERT ON child FOR EACH ROW BEGIN\nIF NEW.id < 0 THEN\nINSERT INTO things (id) VALUES (NEW.id);\nSET NEW.id = 0;\nEND IF;\nEND',
    'CREATE PROCEDURE count_them(OUT n INT) BEGIN\nINSERT INTO `things` VALUES (1,2),(3,4);\nSELECT COUNT(*) INTO n FROM things;\nEND',
    'CREATE FUNCTION twice(n INT) RETURNS INT DETERMINISTIC RETURN n * 2',
    'CREATE EVENT nightly ON SCHEDULE EVERY 1 DAY DISABLE DO DELETE FROM things WHERE id = -1',
  ],
};

/** Creates and fills everything. */
export async function fill(url: string, engine: Engine): Promise<void> {
  const family = familyOf(engine);
  const { blob, number, big } = types[family];
  const quote = q[family];
  const p = (i: number) => (family === 'postgres' ? `$${i}` : '?');
  const suffix = family === 'mysql' ? ' CHARACTER SET utf8mb4' : '';
  await ask(
    url,
    `CREATE TABLE things (id integer PRIMARY KEY, words text, bits ${blob}, amount ${number}, large ${big}, ratio double precision)${suffix}`,
    'CREATE TABLE child (id integer PRIMARY KEY, thing integer REFERENCES things (id))',
    'CREATE INDEX ix_words ON child (thing)',
    'CREATE TABLE blank (id integer)',
    `CREATE TABLE ${quote(hostile)} (${quote('sel"ect `x` (')} varchar(200), ${quote('größe VALUES')} integer)${suffix}`,
    ...texts.map(
      (text, i): Asked => [
        `INSERT INTO things VALUES (${[1, 2, 3, 4, 5, 6].map(p).join(', ')})`,
        [
          i + 1,
          text,
          i % 2 === 0 ? allBytes : null,
          '12345678901234567.0123456789',
          9007199254740993n,
          i / 3,
        ],
      ],
    ),
    ...texts.map((text, i): Asked => [`INSERT INTO ${quote(hostile)} VALUES (${p(1)}, ${p(2)})`, [text, i]]),
    'INSERT INTO child VALUES (1, 1), (2, NULL), (3, 2)',
    ...own[family],
    ...(engine === 'mariadb' ? ['CREATE SEQUENCE numbers START WITH 40', 'SELECT NEXTVAL(numbers)'] : []),
  );
}

const wreckage: Readonly<Record<Family, readonly string[]>> = {
  sqlite: ['DROP VIEW seen', 'DROP TABLE things'],
  postgres: [
    'DROP SCHEMA "other ""one""" CASCADE',
    'DROP TABLE things CASCADE',
    'CREATE SCHEMA later',
    'CREATE TABLE later.one (id integer GENERATED ALWAYS AS IDENTITY)',
    'CREATE TABLE with_identity (id integer GENERATED BY DEFAULT AS IDENTITY PRIMARY KEY, s serial)',
    "CREATE TYPE later_enum AS ENUM ('a')",
    'CREATE TYPE later_span AS RANGE (subtype = float8)',
    'CREATE TYPE later_pair AS (a integer)',
    'CREATE FUNCTION later_twice(n later_pair) RETURNS integer LANGUAGE sql AS $$ SELECT 1 $$',
    'CREATE AGGREGATE later_sum(integer) (SFUNC = int4pl, STYPE = integer)',
    'CREATE OPERATOR === (LEFTARG = integer, RIGHTARG = integer, FUNCTION = int4eq)',
    'CREATE COLLATION later_collation FROM "C"',
    'CREATE TEXT SEARCH CONFIGURATION later_search (COPY = simple)',
    'CREATE PUBLICATION later_publication',
    'CREATE MATERIALIZED VIEW later_view AS SELECT 1 AS one',
    'CREATE EXTENSION IF NOT EXISTS plpgsql',
    "SELECT lo_from_bytea(0, '\\x00')",
  ],
  mysql: [
    'SET foreign_key_checks = 0',
    'DROP TABLE things',
    'DROP PROCEDURE count_them',
    'CREATE PROCEDURE later_one() SELECT 1',
    'CREATE FUNCTION later_two() RETURNS INT DETERMINISTIC RETURN 2',
    'CREATE EVENT later_event ON SCHEDULE EVERY 1 DAY DISABLE DO SELECT 1',
    'CREATE OR REPLACE VIEW seen AS SELECT 1 AS one',
  ],
};

/** Drops, deletes, alters and adds. */
export async function destroy(url: string, engine: Engine): Promise<void> {
  const family = familyOf(engine);
  const quote = q[family];
  await ask(
    url,
    `DELETE FROM ${quote(hostile)}`,
    'UPDATE child SET thing = NULL',
    'ALTER TABLE child ADD COLUMN added integer',
    'CREATE TABLE later (id integer)',
    'CREATE VIEW on_later AS SELECT id FROM later',
    ...wreckage[family],
  );
}

const tablesSql: Readonly<Record<Family, string>> = {
  sqlite: `SELECT NULL AS namespace, name FROM sqlite_schema WHERE type IN ('table', 'view') ORDER BY name`,
  postgres: `SELECT n.nspname::text AS namespace, c.relname::text AS name, c.relkind = 'S' AS sequence FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE n.nspname !~ '^pg_' AND n.nspname <> 'information_schema' AND c.relkind IN ('r', 'p', 'v', 'm', 'S') ORDER BY 1, 2`,
  mysql: `SELECT NULL AS namespace, table_name AS name FROM information_schema.tables WHERE table_schema = DATABASE() ORDER BY 2`,
};

const programsSql: Readonly<Record<Family, string>> = {
  sqlite: `SELECT type, name, sql FROM sqlite_schema WHERE name NOT LIKE 'surefoot%' AND tbl_name NOT LIKE 'surefoot%' ORDER BY 1, 2`,
  postgres: `SELECT kind, name FROM (
      SELECT 'function' AS kind, oid::regprocedure::text AS name, pronamespace AS space FROM pg_proc
      UNION ALL SELECT 'type', t.typname, t.typnamespace FROM pg_type t
        WHERE t.typtype <> 'm' AND t.typname !~ 'surefoot'
      UNION ALL SELECT 'operator', oid::regoperator::text, oprnamespace FROM pg_operator
      UNION ALL SELECT 'collation', collname, collnamespace FROM pg_collation
      UNION ALL SELECT 'search', cfgname, cfgnamespace FROM pg_ts_config
      UNION ALL SELECT 'namespace', nspname, 0 FROM pg_namespace WHERE nspname !~ '^pg_'
      UNION ALL SELECT 'publication', pubname, 0 FROM pg_publication
      UNION ALL SELECT 'large object', encode(lo_get(oid), 'hex'), 0 FROM pg_largeobject_metadata
    ) o WHERE space = 0 OR (SELECT nspname FROM pg_namespace n WHERE n.oid = space) !~ '^(pg_|information_schema)' ORDER BY 1, 2`,
  mysql: `SELECT routine_type AS kind, routine_name AS name, routine_definition AS text FROM information_schema.routines WHERE routine_schema = DATABASE()
    UNION ALL SELECT 'trigger', trigger_name, action_statement FROM information_schema.triggers WHERE trigger_schema = DATABASE()
    UNION ALL SELECT 'event', event_name, event_definition FROM information_schema.events WHERE event_schema = DATABASE()
    UNION ALL SELECT 'view', table_name, view_definition FROM information_schema.views WHERE table_schema = DATABASE()
    UNION ALL SELECT 'index', CONCAT(table_name, '.', index_name), column_name FROM information_schema.statistics
      WHERE table_schema = DATABASE() AND table_name NOT LIKE 'surefoot%' ORDER BY 1, 2, 3`,
};

const shown = (row: Row): string =>
  JSON.stringify(Object.entries(row).map(([name, value]) => [name, shownValue(value)]));

function shownValue(value: unknown): unknown {
  if (value instanceof Uint8Array) return `bytes ${Buffer.from(value).toString('hex')}`;
  return typeof value === 'bigint' ? `${value}` : value;
}

/** Every object and a checksum of every row of every table, Surefoot's own aside. */
export async function portrait(url: string, engine: Engine): Promise<readonly string[]> {
  const family = familyOf(engine);
  const quote = q[family];
  const tables = await ask(url, tablesSql[family]);
  const lines: string[] = [];
  for (const { namespace, name, sequence } of tables) {
    if (/^(surefoot_|sqlite_)/.test(String(name))) continue;
    const table = `${namespace === null ? '' : `${quote(String(namespace))}.`}${quote(String(name))}`;
    // How many numbers the server has written ahead is its own affair.
    const columns = sequence === true ? 'last_value, is_called' : '*';
    const rows = (await ask(url, `SELECT ${columns} FROM ${table}`)).map(shown).sort();
    lines.push(`${table} ${rows.length} ${createHash('sha256').update(rows.join('\n')).digest('hex')}`);
  }
  return [...lines, ...(await ask(url, programsSql[family])).map(shown)];
}
