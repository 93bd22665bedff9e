// In: the name of an engine. Out: a fresh database with its dialect, and the way to run operations on it.
// Must not know: what a test asserts.

import type { Connection } from '../../../src/dialect/connection.ts';
import type { Dialect } from '../../../src/dialect/dialect.ts';
import type { Segment } from '../../../src/dialect/statement.ts';
import { connectMysql } from '../../../src/dialects/mysql/index.ts';
import { nameTable } from '../../../src/dialects/mysql/part-names.ts';
import { mysql2Database } from '../../../src/drivers/mysql2.ts';
import { completeAndApply } from '../../../src/operations/apply.ts';
import type { Operation } from '../../../src/operations/operation.ts';
import { closeDraft, openDraft } from '../../../src/schema/draft.ts';
import { defaultNaming } from '../../../src/schema/naming.ts';
import type { Schema, Table } from '../../../src/schema/schema.ts';
import { type Engine, freshDatabase, selectedEngines } from '../../servers/index.ts';

export const mysqlEngines: readonly Engine[] = selectedEngines().filter(
  (engine) => engine === 'mariadb' || engine === 'mysql9',
);

export const naming = defaultNaming({ length: 64, unit: 'characters' });
export const scope = { hidden: ['surefoot_version', 'surefoot_journal', 'surefoot_lock'], namespaces: null };

export interface Bench {
  readonly connection: Connection;
  readonly dialect: Dialect;
  readonly url: string;
  readonly introspect: () => Promise<Schema>;
  /** Compiles and runs operations against what is there; gives both schemas, the server's and the expected one. */
  readonly run: (operations: readonly Operation[]) => Promise<Outcome>;
  readonly close: () => Promise<void>;
}

export interface Outcome {
  readonly completed: readonly Operation[];
  readonly before: Schema;
  readonly expected: Schema;
  readonly actual: Schema;
  readonly segments: readonly Segment[];
}

const byName = (a: { readonly name: string | null }, b: { readonly name: string | null }): number =>
  (a.name ?? '') < (b.name ?? '') ? -1 : 1;

function sortedTable(table: Table): Table {
  return {
    ...table,
    columns: table.columns.toSorted(byName),
    indexes: table.indexes.toSorted(byName),
    foreignKeys: table.foreignKeys.toSorted(byName),
    checks: table.checks.toSorted(byName),
  };
}

/** A schema with every part named, and without an order where order means nothing. */
export function comparable(schema: Schema, dialect: Dialect): Schema {
  const normal = dialect.normalize(schema);
  return { ...normal, tables: normal.tables.map((table) => sortedTable(nameTable(table, naming))) };
}

/** Sends the statements as a runner would. */
export async function send(
  connection: Connection,
  segments: readonly Segment[],
  dialect: Dialect,
): Promise<void> {
  for (const segment of segments) {
    if (segment.mode === 'transaction') await connection.query(dialect.begin);
    for (const statement of segment.statements) {
      if (statement.kind !== 'code') await connection.query(statement.sql, statement.parameters);
    }
    if (segment.mode === 'transaction') await connection.query('COMMIT');
  }
}

export async function openBench(engine: Engine): Promise<Bench> {
  const fresh = await freshDatabase(engine);
  const database = mysql2Database({ url: fresh.url });
  const connection = await database.connect();
  const { dialect } = await connectMysql(connection);
  for (const sql of dialect.sessionSetup) await connection.query(sql);
  const introspect = () => dialect.introspect(connection, scope);
  const run = async (operations: readonly Operation[]): Promise<Outcome> => {
    const before = await introspect();
    const draft = openDraft(before);
    const completed = completeAndApply(operations, draft);
    const segments = dialect.compile({ operations: completed, before, naming });
    await send(connection, segments, dialect);
    const expected = comparable(closeDraft(draft), dialect);
    const actual = comparable(await introspect(), dialect);
    return { completed, before: comparable(before, dialect), expected, actual, segments };
  };
  const close = async () => {
    await connection.close();
    await database.close();
    await fresh.drop();
  };
  return { connection, dialect, url: fresh.url, introspect, run, close };
}
