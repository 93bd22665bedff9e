// A real SQLite in memory, and what a runner does with segments, in its smallest form.

import { DatabaseSync } from 'node:sqlite';
import type { Connection } from '../../../src/dialect/connection.ts';
import type { Dialect } from '../../../src/dialect/dialect.ts';
import type { Segment, Statement } from '../../../src/dialect/statement.ts';
import { connectSqlite } from '../../../src/dialects/sqlite/index.ts';
import { nodeSqlite } from '../../../src/drivers/node-sqlite.ts';
import { completeAndApply } from '../../../src/operations/apply.ts';
import type { Operation } from '../../../src/operations/operation.ts';
import { closeDraft, openDraft } from '../../../src/schema/draft.ts';
import { defaultNaming } from '../../../src/schema/naming.ts';
import type { Schema, Table } from '../../../src/schema/schema.ts';
import { refuseViolations } from '../../support/violations.ts';

export const naming = defaultNaming({ length: 255, unit: 'characters' });
const scope = { hidden: [], namespaces: null };

export interface Bench {
  readonly handle: DatabaseSync;
  readonly connection: Connection;
  readonly dialect: Dialect;
  introspect(): Promise<Schema>;
  run(segments: readonly Segment[]): Promise<void>;
  /** Completes, compiles and runs; gives the live schema and the one that memory says it should be. */
  migrate(operations: readonly Operation[]): Promise<{
    readonly before: Schema;
    readonly live: Schema;
    readonly expected: Schema;
    readonly segments: readonly Segment[];
    readonly completed: readonly Operation[];
  }>;
  all(sql: string): readonly unknown[];
}

async function runStatement(connection: Connection, statement: Statement): Promise<void> {
  if (statement.kind === 'code') return;
  const { rows } = await connection.query(statement.sql, statement.parameters);
  if (statement.kind !== 'assert' || rows.length === 0) return;
  const [value] = Object.values(rows[0] ?? {});
  if (!value) throw new Error(`assertion failed: ${statement.sql}`);
}

async function transaction({ connection, dialect }: Bench, segment: Segment): Promise<void> {
  await connection.query(dialect.begin);
  try {
    for (const statement of segment.statements) await runStatement(connection, statement);
    if (segment.mode === 'rebuild') {
      await refuseViolations(connection, dialect.rebuild);
    }
    await connection.query('COMMIT');
  } catch (error) {
    await connection.query('ROLLBACK');
    throw error;
  }
}

async function runSegment(bench: Bench, segment: Segment): Promise<void> {
  const { connection, dialect } = bench;
  if (segment.mode === 'autocommit') {
    for (const statement of segment.statements) await runStatement(connection, statement);
    return;
  }
  if (segment.mode === 'transaction') return transaction(bench, segment);
  if (dialect.rebuild === null) throw new Error('SQLite rebuilds tables');
  const [state] = (await connection.query(dialect.rebuild.state)).rows;
  await connection.script(dialect.rebuild.enter);
  try {
    if ((await connection.query(dialect.rebuild.refusal)).rows.length > 0) throw new Error('settings');
    await transaction(bench, segment);
  } finally {
    await connection.script(dialect.rebuild.leave(state));
  }
}

/** A fresh database with the given SQL in it. */
export async function openBench(setup = ''): Promise<Bench> {
  const handle = new DatabaseSync(':memory:', { enableDoubleQuotedStringLiterals: true });
  const connection = await nodeSqlite({ handle }).connect();
  const { dialect } = await connectSqlite(connection);
  await connection.script(dialect.sessionSetup);
  handle.exec(setup);
  const bench: Bench = {
    handle,
    connection,
    dialect,
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
      return { before, live: await bench.introspect(), expected, segments, completed };
    },
    all: (sql) => handle.prepare(sql).all(),
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
