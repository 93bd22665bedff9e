// A real PostgreSQL of each selected engine, and what a runner does with segments, in its smallest form.

import type { Connection, Database } from '../../../src/dialect/connection.ts';
import type { Dialect, ServerFacts } from '../../../src/dialect/dialect.ts';
import type { Segment, Statement } from '../../../src/dialect/statement.ts';
import { connectPostgres } from '../../../src/dialects/postgres/index.ts';
import { pgDatabase } from '../../../src/drivers/pg.ts';
import { pgliteDatabase } from '../../../src/drivers/pglite.ts';
import { completeAndApply } from '../../../src/operations/apply.ts';
import type { Operation } from '../../../src/operations/operation.ts';
import { closeDraft, openDraft } from '../../../src/schema/draft.ts';
import { defaultNaming } from '../../../src/schema/naming.ts';
import type { Schema, Table } from '../../../src/schema/schema.ts';
import { freshDatabase, selectedEngines } from '../../servers/index.ts';

export const naming = defaultNaming({ length: 63, unit: 'bytes' });
export const scope = { hidden: ['surefoot_version', 'surefoot_journal', 'surefoot_lock'], namespaces: null };

export type PostgresEngine = 'pglite' | 'postgres14' | 'postgres18';
export const engines = selectedEngines().filter((engine): engine is PostgresEngine =>
  ['pglite', 'postgres14', 'postgres18'].includes(engine),
);

export interface Bench {
  readonly connection: Connection;
  readonly dialect: Dialect;
  readonly facts: ServerFacts;
  introspect(): Promise<Schema>;
  run(segments: readonly Segment[]): Promise<void>;
  /** Completes, compiles and runs; gives the live schema and the one that memory says it should be. */
  migrate(operations: readonly Operation[]): Promise<Migrated>;
  rows(sql: string): Promise<readonly unknown[]>;
  exec(...statements: readonly string[]): Promise<void>;
  /** An empty database again. */
  clear(): Promise<void>;
  /** A further session of the same database; `null` where there is but one. */
  another(): Promise<Connection | null>;
  close(): Promise<void>;
}

export interface Migrated {
  readonly before: Schema;
  readonly live: Schema;
  readonly expected: Schema;
  readonly segments: readonly Segment[];
  readonly statements: readonly Statement[];
}

async function runStatement(connection: Connection, statement: Statement): Promise<void> {
  if (statement.kind === 'code') return;
  const { rows } = await connection.query(statement.sql, statement.parameters);
  if (statement.kind !== 'assert' || rows.length === 0) return;
  const [value] = Object.values(rows[0] ?? {});
  if (value !== true) throw new Error(`assertion failed: ${statement.sql}`);
}

async function runSegment({ connection, dialect }: Bench, segment: Segment): Promise<void> {
  if (segment.mode === 'autocommit') {
    for (const statement of segment.statements) await runStatement(connection, statement);
    return;
  }
  await connection.query(dialect.begin);
  try {
    for (const statement of segment.statements) await runStatement(connection, statement);
    await connection.query('COMMIT');
  } catch (error) {
    await connection.query('ROLLBACK');
    throw error;
  }
}

async function openDatabase(
  engine: PostgresEngine,
): Promise<{ database: Database; drop: () => Promise<void> }> {
  if (engine === 'pglite') return { database: pgliteDatabase({ memory: true }), drop: async () => {} };
  const fresh = await freshDatabase(engine);
  return { database: pgDatabase({ url: fresh.url }), drop: () => fresh.drop() };
}

/** A fresh database of that engine, its session set up. */
export async function openBench(engine: PostgresEngine): Promise<Bench> {
  const { database, drop } = await openDatabase(engine);
  const connection = await database.connect();
  const { dialect, facts } = await connectPostgres(connection);
  await connection.script(dialect.sessionSetup);
  const bench: Bench = {
    connection,
    dialect,
    facts,
    introspect: () => dialect.introspect(connection, scope),
    async run(segments) {
      for (const segment of segments) await runSegment(bench, segment);
    },
    async migrate(operations) {
      const before = await bench.introspect();
      const draft = openDraft(before);
      const completed = completeAndApply(operations, draft);
      const segments = dialect.compile({ operations: completed, before, naming });
      await bench.run(segments);
      const expected = dialect.normalize(closeDraft(draft));
      const statements = segments.flatMap((segment) => segment.statements);
      return { before, live: await bench.introspect(), expected, segments, statements };
    },
    rows: async (sql) => (await connection.query(sql)).rows,
    exec: (...statements) => connection.script(statements),
    async clear() {
      const { namespaces } = await bench.introspect();
      const all = ['public', ...namespaces].map(
        (name) => `DROP SCHEMA IF EXISTS ${dialect.quote(name)} CASCADE`,
      );
      await connection.script([...all, 'CREATE SCHEMA public']);
    },
    another: async () => (database.sessions === 'one' ? null : await database.connect()),
    async close() {
      await connection.close();
      await database.close();
      await drop();
    },
  };
  return bench;
}

const nameless = <T extends { readonly name: string | null }>(parts: readonly T[]) =>
  parts
    .map((part) => ({ ...part, name: null }))
    .sort((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1));

function withoutNames(table: Table): Table {
  return {
    ...table,
    primaryKey: table.primaryKey && { ...table.primaryKey, name: null },
    uniques: nameless(table.uniques),
    foreignKeys: nameless(table.foreignKeys),
    checks: nameless(table.checks),
    indexes: nameless(table.indexes),
  };
}

/** The schema without names of constraints and indexes: those that an author leaves out are ignored by equality. */
export function anonymous(schema: Schema): Schema {
  return { ...schema, tables: schema.tables.map(withoutNames) };
}
