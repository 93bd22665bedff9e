// One engine with an empty database: revisions made in memory are planned and run on it.
// In: the name of an engine. Out: World. Must not know what a test asserts.

import { connectDialect, openDatabase } from '../../src/config/choose-dialect.ts';
import type { Connection } from '../../src/dialect/connection.ts';
import type { Dialect, RowQuestion } from '../../src/dialect/dialect.ts';
import type { Segment, Statement } from '../../src/dialect/statement.ts';
import type { Difference } from '../../src/diff/compare.ts';
import type { Operation } from '../../src/operations/operation.ts';
import { buildPlan } from '../../src/plan/build-plan.ts';
import { settledDifferences } from '../../src/plan/drift.ts';
import type { Direction, Plan, Step } from '../../src/plan/plan.ts';
import { askRows } from '../../src/plan/questions.ts';
import type { BuiltPlan } from '../../src/plan/request.ts';
import { createSpelling } from '../../src/plan/spelling.ts';
import { createBuilder } from '../../src/revisions/builder.ts';
import type { LoadedRevision } from '../../src/revisions/load.ts';
import type { OperationBuilder } from '../../src/revisions/operation-builder.ts';
import { defaultNaming } from '../../src/schema/naming.ts';
import { displayPart } from '../../src/schema/parts.ts';
import type { DialectName, Flavor, Schema } from '../../src/schema/schema.ts';
import { type Engine, freshDatabase } from '../servers/index.ts';
import { refuseViolations } from '../support/violations.ts';

export interface At {
  readonly dialect: DialectName;
  readonly flavor: Flavor;
  /** A quoted identifier. */
  readonly q: (name: string) => string;
}

export type Written = (op: OperationBuilder, at: At) => void;

export interface World {
  readonly engine: Engine;
  readonly dialect: Dialect;
  readonly connection: Connection;
  readonly at: At;
  /** An empty database again. */
  clear(): Promise<void>;
  introspect(): Promise<Schema>;
  plan(journey: Journey): Promise<BuiltPlan>;
  run(plan: Plan, path: readonly LoadedRevision[]): Promise<void>;
  /** Plans and runs. */
  go(journey: Journey): Promise<BuiltPlan>;
  /** What differs between that schema and the server's, in words. */
  differences(wanted: Schema): Promise<readonly string[]>;
  close(): Promise<void>;
}

/** Revisions to run, in the order of the run, and those that are applied before, parents first. */
export interface Journey {
  readonly direction: Direction;
  readonly applied: readonly LoadedRevision[];
  readonly path: readonly LoadedRevision[];
}

const scope = { hidden: [], namespaces: null };

/** A revision made in memory. */
export function memoryRevision(id: string, upgrade: Written, at: At, downgrade?: Written): LoadedRevision {
  const up = createBuilder('upgrade');
  const down = createBuilder('downgrade');
  upgrade(up.op, at);
  downgrade?.(down.op, at);
  return {
    header: {
      id,
      revises: [],
      message: id,
      createdAt: null,
      branchLabels: [],
      dependsOn: [],
      safety: false,
      replaces: [],
      file: `${id}.ts`,
      kind: 'ts',
      transaction: 'auto',
    },
    upgrade: up.operations(),
    downgrade: downgrade ? { kind: 'operations', operations: down.operations() } : { kind: 'auto' },
    runs: { upgrade: up.runs(), downgrade: down.runs() },
    text: '',
  };
}

/** As the runner does: what waits is asked in front of the statement that carries it out. */
async function ask(statement: Statement, step: Step, { connection, asked }: Means): Promise<void> {
  for (const question of step.questions) {
    if (question.operation > statement.operation || asked.has(question)) continue;
    asked.add(question);
    const violation = await askRows(connection, question);
    if (violation !== null) throw new Error(violation);
  }
}

async function perform(statement: Statement, step: Step, means: Means): Promise<void> {
  const { connection } = means;
  await ask(statement, step, means);
  if (statement.kind === 'code') {
    const operation = step.operations[statement.operation]?.operation;
    if (operation?.kind !== 'run') throw new Error('code without a run');
    const run = means.runs(step.revision, operation);
    await run?.({ connection, dialect: means.dialect.name, flavor: means.dialect.traits.flavor } as never);
    return;
  }
  const { rows } = await connection.query(statement.sql, statement.parameters);
  const [value] = Object.values(rows[0] ?? {});
  if (statement.kind === 'assert' && rows.length > 0 && !value)
    throw new Error(`assertion failed: ${statement.sql}`);
}

interface Means {
  readonly connection: Connection;
  readonly dialect: Dialect;
  readonly asked: Set<RowQuestion>;
  readonly runs: (
    revision: string,
    operation: Extract<Operation, { kind: 'run' }>,
  ) => LoadedRevision['runs']['upgrade'][number] | undefined;
}

async function transaction(segment: Segment, step: Step, means: Means): Promise<void> {
  const { connection, dialect } = means;
  await connection.query(dialect.begin);
  try {
    for (const statement of segment.statements) await perform(statement, step, means);
    if (segment.mode === 'rebuild') {
      await refuseViolations(connection, dialect.rebuild);
    }
    await connection.query('COMMIT');
  } catch (error) {
    await connection.query('ROLLBACK');
    throw error;
  }
}

async function runSegment(segment: Segment, step: Step, means: Means): Promise<void> {
  const { connection, dialect } = means;
  if (segment.mode === 'autocommit') {
    for (const statement of segment.statements) await perform(statement, step, means);
    return;
  }
  if (segment.mode === 'transaction' || dialect.rebuild === null) return transaction(segment, step, means);
  const [state] = (await connection.query(dialect.rebuild.state)).rows;
  await connection.script(dialect.rebuild.enter);
  try {
    await transaction(segment, step, means);
  } finally {
    await connection.script(dialect.rebuild.leave(state));
  }
}

async function runPlan(
  plan: Plan,
  path: readonly LoadedRevision[],
  means: Pick<Means, 'connection' | 'dialect'>,
): Promise<void> {
  const runs: Means['runs'] = (revision, { run }) =>
    path.find(({ header }) => header.id === revision)?.runs[run.list][run.index];
  const asked = new Set<RowQuestion>();
  for (const step of plan.steps) {
    for (const segment of step.segments) await runSegment(segment, step, { ...means, runs, asked });
  }
}

const clearings: Readonly<Record<DialectName, (connection: Connection) => Promise<void>>> = {
  sqlite: async () => {
    throw new Error('a SQLite is opened anew');
  },
  postgres: async (connection) => {
    const { rows } = await connection.query(
      `SELECT nspname AS name FROM pg_namespace WHERE nspname NOT LIKE 'pg\\_%' AND nspname <> 'information_schema'`,
    );
    const drops = rows.map(({ name }) => `DROP SCHEMA "${String(name).replaceAll('"', '""')}" CASCADE`);
    await connection.script([...drops, 'CREATE SCHEMA public']);
  },
  mysql: async (connection) => {
    const { rows } = await connection.query(
      `SELECT CONCAT('DROP ', CASE table_type WHEN 'VIEW' THEN 'VIEW' WHEN 'SEQUENCE' THEN 'SEQUENCE' ELSE 'TABLE' END, ' \`', REPLACE(table_name, '\`', '\`\`'), '\`') AS drop_sql
       FROM information_schema.tables WHERE table_schema = DATABASE()
       UNION ALL SELECT CONCAT('DROP ', routine_type, ' \`', REPLACE(routine_name, '\`', '\`\`'), '\`') FROM information_schema.routines WHERE routine_schema = DATABASE()`,
    );
    await connection.query('SET foreign_key_checks = 0');
    for (const row of rows) await connection.query(String(row['drop_sql']));
    await connection.query('SET foreign_key_checks = 1');
  },
};

interface Session {
  readonly connection: Connection;
  readonly dialect: Dialect;
  close(): Promise<void>;
}

async function openSession(url: string): Promise<Session> {
  const { database, dialectName } = await openDatabase({ url });
  const connection = await database.connect();
  const { dialect } = await connectDialect(dialectName, connection);
  await connection.script(dialect.sessionSetup);
  const close = async () => {
    await connection.close();
    await database.close();
  };
  return { connection, dialect, close };
}

const embedded: Readonly<Partial<Record<Engine, string>>> = { sqlite: 'sqlite::memory:', pglite: 'pglite:' };

/** An empty database of that engine, with a session on it. */
export async function openWorld(engine: Engine): Promise<World> {
  const fresh =
    embedded[engine] === undefined
      ? await freshDatabase(engine)
      : { url: embedded[engine], drop: async () => {} };
  let session = await openSession(fresh.url);
  const { dialect } = session;
  const naming = defaultNaming(dialect.traits.maxIdentifier);
  const at: At = { dialect: dialect.name, flavor: dialect.traits.flavor, q: dialect.quote };
  const world: World = {
    engine,
    dialect,
    at,
    get connection() {
      return session.connection;
    },
    clear: async () => {
      if (dialect.name !== 'sqlite') return clearings[dialect.name](session.connection);
      await session.close();
      session = await openSession(fresh.url);
    },
    introspect: async () => dialect.normalize(await dialect.introspect(session.connection, scope)),
    plan: async ({ direction, applied, path }) =>
      buildPlan(
        {
          direction,
          path: path.map((revision) => ({ revision, textChecksum: '' })),
          applied,
          headsBefore: [],
          headsAfter: path.map(({ header }) => [header.id]),
          inserted: [],
          attempts: new Map(),
          options: {
            strict: false,
            acceptDrift: false,
            objectAt: new Map(),
            data: { run: new Set(), skip: new Set() },
            rowCheck: 'ask',
          },
        },
        { dialect, connection: session.connection, naming, live: await world.introspect() },
      ),
    run: (plan, path) => runPlan(plan, path, { connection: session.connection, dialect }),
    go: async (journey) => {
      const built = await world.plan(journey);
      await world.run(built.plan, journey.path);
      return built;
    },
    differences: async (wanted) => {
      const spelling = createSpelling(dialect, session.connection);
      return (await settledDifferences(wanted, await world.introspect(), spelling)).map(displayDifference);
    },
    close: async () => {
      await session.close();
      await fresh.drop();
    },
  };
  return world;
}

function displayDifference({ kind, wanted, actual }: Difference): string {
  const part = wanted ?? actual;
  const said = part === null ? '' : displayPart(part);
  return `${kind} ${said}: wanted ${JSON.stringify(wanted?.form)}, found ${JSON.stringify(actual?.form)}`;
}
