// In: an engine. Out: a database of its own, written to behind Surefoot's back, and its catalogue as the server tells it.
// Must not know: what is proven on it. The catalogue is read by queries of its own, never by Surefoot's introspection.

import { DatabaseSync } from 'node:sqlite';
import { createConnection } from 'mysql2/promise';
import { Client } from 'pg';
import type { SurefootOptions } from '../../src/library/api.ts';
import { type Engine, freshDatabase } from '../servers/index.ts';
import { mysqlUri } from '../servers/probe.ts';

export type Row = Readonly<Record<string, unknown>>;

export interface Bench {
  readonly engine: Engine;
  /** How Surefoot is told of this database. */
  readonly target: Pick<SurefootOptions, 'url' | 'connection'>;
  quote(name: string): string;
  run(...statements: readonly string[]): Promise<void>;
  rows(sql: string): Promise<readonly Row[]>;
  /** All that is there but Surefoot's own tables, one line for each column, index, constraint, view and trigger, in order. */
  catalogue(): Promise<readonly string[]>;
  /** Everything gone, Surefoot's tables too. */
  clear(): Promise<void>;
  close(): Promise<void>;
}

const doubleQuoted = (name: string) => `"${name.replaceAll('"', '""')}"`;
const backQuoted = (name: string) => `\`${name.replaceAll('`', '``')}\``;

const lines = (rows: readonly Row[]): readonly string[] =>
  rows.map((row) => Object.values(row).map(String).join(' ')).sort();

const sqliteCatalogue = [
  `SELECT 'column', t.name, c.name, lower(c.type), c."notnull", c.dflt_value, c.pk, c.hidden
     FROM sqlite_schema t, pragma_table_xinfo(t.name) c WHERE t.type = 'table'`,
  `SELECT 'index', t.name, CASE i.origin WHEN 'c' THEN i.name ELSE '' END, i."unique", i.partial, p.seqno, p.name, p.desc, p.coll
     FROM sqlite_schema t, pragma_index_list(t.name) i, pragma_index_xinfo(i.name) p WHERE t.type = 'table' AND p.key`,
  `SELECT 'foreign key', t.name, f.seq, f."table", f."from", f."to", f.on_update, f.on_delete FROM sqlite_schema t, pragma_foreign_key_list(t.name) f WHERE t.type = 'table'`,
  `SELECT type, tbl_name AS name, name, sql FROM sqlite_schema t WHERE type IN ('view', 'trigger')`,
].map((sql) =>
  sql.includes('WHERE t.type')
    ? `${sql} AND t.name NOT LIKE 'surefoot%' AND t.name NOT LIKE 'sqlite_%'`
    : sql,
);

const sqliteObjects = `SELECT type, name FROM sqlite_schema WHERE type IN ('view', 'table', 'trigger') AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\' ORDER BY type DESC`;

function sqliteBench(): Bench {
  // As the sqlite3 shell does.
  const db = new DatabaseSync(':memory:', { enableDoubleQuotedStringLiterals: true });
  const rows = async (sql: string) => db.prepare(sql).all();
  return {
    engine: 'sqlite',
    target: { connection: db },
    quote: doubleQuoted,
    run: async (...statements) => {
      for (const one of statements) db.exec(one);
    },
    rows,
    catalogue: async () => (await Promise.all(sqliteCatalogue.map(rows))).flatMap(lines),
    clear: async () => {
      db.exec('PRAGMA writable_schema = RESET; PRAGMA foreign_keys = OFF');
      for (const { type, name } of db.prepare(sqliteObjects).all())
        db.exec(`DROP ${String(type)} IF EXISTS ${doubleQuoted(String(name))}`);
    },
    close: async () => db.close(),
  };
}

const here = `n.nspname = current_schema()`;
const postgresCatalogue = [
  `SELECT 'column', c.relname, a.attname, format_type(a.atttypid, a.atttypmod), a.attnotnull, a.attidentity, a.attgenerated,
     pg_get_expr(d.adbin, d.adrelid), col_description(c.oid, a.attnum)
     FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid JOIN pg_namespace n ON n.oid = c.relnamespace
     LEFT JOIN pg_attrdef d ON d.adrelid = c.oid AND d.adnum = a.attnum
     WHERE ${here} AND c.relkind IN ('r', 'p', 'v', 'm') AND a.attnum > 0 AND NOT a.attisdropped AND c.relname NOT LIKE 'surefoot%'`,
  `SELECT 'index', pg_get_indexdef(i.indexrelid), i.indisvalid FROM pg_index i JOIN pg_class c ON c.oid = i.indrelid
     JOIN pg_namespace n ON n.oid = c.relnamespace WHERE ${here} AND c.relname NOT LIKE 'surefoot%'`,
  `SELECT 'constraint', c.relname, k.conname, pg_get_constraintdef(k.oid), k.convalidated FROM pg_constraint k
     JOIN pg_class c ON c.oid = k.conrelid JOIN pg_namespace n ON n.oid = c.relnamespace
     WHERE ${here} AND c.relname NOT LIKE 'surefoot%'`,
  `SELECT 'view', c.relname, c.relkind, pg_get_viewdef(c.oid) FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
     WHERE ${here} AND c.relkind IN ('v', 'm')`,
  `SELECT 'trigger', pg_get_triggerdef(t.oid) FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid
     JOIN pg_namespace n ON n.oid = c.relnamespace WHERE ${here} AND NOT t.tgisinternal`,
  `SELECT 'enum', t.typname, e.enumsortorder, e.enumlabel FROM pg_enum e JOIN pg_type t ON t.oid = e.enumtypid
     JOIN pg_namespace n ON n.oid = t.typnamespace WHERE ${here}`,
  `SELECT 'routine', pg_get_functiondef(p.oid) FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
     WHERE ${here} AND p.prokind IN ('f', 'p')`,
  `SELECT 'sequence', s.* FROM (SELECT sequencename, increment_by, cycle FROM pg_sequences WHERE schemaname = current_schema()) s
     WHERE sequencename NOT LIKE 'surefoot%'`,
];

const postgresNamespaces = `SELECT nspname AS name FROM pg_namespace
  WHERE nspname NOT LIKE 'pg\\_%' AND nspname <> 'information_schema'`;

async function postgresBench(engine: Engine): Promise<Bench> {
  const database = await freshDatabase(engine);
  const client = new Client({ connectionString: database.url });
  await client.connect();
  const rows = async (sql: string): Promise<readonly Row[]> => {
    const { rows: found } = await client.query({ text: sql, rowMode: 'array' });
    return found.map((row: readonly unknown[]) => ({ ...row }));
  };
  return {
    engine,
    target: { url: database.url },
    quote: doubleQuoted,
    run: async (...statements) => {
      if (statements.length > 0) await client.query(statements.join(';\n'));
    },
    rows: async (sql) => (await client.query(sql)).rows,
    catalogue: async () => {
      const parts: string[] = [];
      for (const sql of postgresCatalogue) parts.push(...lines(await rows(sql)));
      return parts;
    },
    clear: async () => {
      const { rows: found } = await client.query(postgresNamespaces);
      for (const { name } of found) await client.query(`DROP SCHEMA ${doubleQuoted(String(name))} CASCADE`);
      await client.query('CREATE SCHEMA public');
    },
    close: async () => {
      await client.end();
      await database.drop();
    },
  };
}

const mysqlCatalogue = [
  `SELECT 'column', table_name, column_name, column_type, is_nullable, column_default, extra, collation_name, column_comment,
     generation_expression FROM information_schema.columns WHERE table_schema = database() AND table_name NOT LIKE 'surefoot%'`,
  `SELECT 'index', table_name, index_name, non_unique, seq_in_index, column_name, sub_part, collation, index_type
     FROM information_schema.statistics WHERE table_schema = database() AND table_name NOT LIKE 'surefoot%'`,
  `SELECT 'foreign key', k.table_name, k.constraint_name, k.column_name, k.ordinal_position, k.referenced_table_name,
     k.referenced_column_name, r.update_rule, r.delete_rule FROM information_schema.key_column_usage k
     JOIN information_schema.referential_constraints r USING (constraint_schema, constraint_name)
     WHERE k.table_schema = database() AND k.table_name = r.table_name`,
  `SELECT 'view', table_name, view_definition FROM information_schema.views WHERE table_schema = database()`,
  `SELECT 'check', c.constraint_name, c.check_clause FROM information_schema.check_constraints c
     WHERE constraint_schema = database()`,
  `SELECT 'trigger', trigger_name, event_object_table, action_statement FROM information_schema.triggers
     WHERE trigger_schema = database()`,
];

async function mysqlBench(engine: Engine): Promise<Bench> {
  const database = await freshDatabase(engine);
  const connection = await createConnection({ uri: mysqlUri(database.url), multipleStatements: true });
  const name = backQuoted(new URL(database.url).pathname.slice(1));
  const query = async (sql: string, rowsAsArray: boolean) =>
    (await connection.query({ sql, rowsAsArray }))[0] as readonly Row[];
  return {
    engine,
    target: { url: database.url },
    quote: backQuoted,
    run: async (...statements) => {
      // One by one: what ends a statement would become a part of a trigger.
      for (const sql of statements) await connection.query(sql);
    },
    rows: (sql) => query(sql, false),
    catalogue: async () => {
      const parts: string[] = [];
      for (const sql of mysqlCatalogue) parts.push(...lines(await query(sql, true)));
      // A view says in which database its tables are.
      return parts.map((line) => line.replaceAll(`${name}.`, ''));
    },
    clear: async () => {
      await connection.query(
        `DROP DATABASE ${name}; CREATE DATABASE ${name} CHARACTER SET utf8mb4; USE ${name}`,
      );
    },
    close: async () => {
      await connection.end();
      await database.drop();
    },
  };
}

/** An empty database of that engine. */
export async function openBench(engine: Engine): Promise<Bench> {
  if (engine === 'sqlite') return sqliteBench();
  return engine === 'mariadb' || engine === 'mysql9' ? await mysqlBench(engine) : await postgresBench(engine);
}
