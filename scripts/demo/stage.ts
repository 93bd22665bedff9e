// In: the URL of a server, or nothing for SQLite. Out: temporary databases, and the way to be rid of them all.
// Must not know: the story.

import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { Database, Query } from '../../examples/todobox/queries.ts';

/** A database, and the session that the application has on it. */
export interface DemoDatabase {
  readonly kind: Database;
  /** How Surefoot is told where it is. */
  readonly target: { readonly url: string } | { readonly connection: unknown };
  readonly query: Query;
}

export interface Stage {
  readonly description: string;
  /** A temporary folder; it goes with the databases. */
  readonly folder: string;
  /** A new, empty database. */
  make(role: string): Promise<DemoDatabase>;
  /** Ends the sessions and drops every database that was made. */
  dispose(): Promise<void>;
}

interface Made {
  readonly database: DemoDatabase;
  end(): Promise<void>;
}

interface Server {
  readonly description: string;
  make(name: string): Promise<Made>;
  end(): Promise<void>;
}

type Rows = Awaited<ReturnType<Query>>;

/** Without a URL: SQLite, in a temporary folder. */
export async function openStage(url: string | undefined): Promise<Stage> {
  const folder = await mkdtemp(join(tmpdir(), 'surefoot-demo-'));
  const server = await serverOf(url, folder).catch(async (error: unknown) => {
    await rm(folder, { recursive: true });
    throw error;
  });
  const made: Promise<Made>[] = [];
  const run = `${process.pid}_${randomBytes(4).toString('hex')}`;
  let disposal: Promise<void> | null = null;
  return {
    description: server.description,
    folder,
    async make(role) {
      if (disposal) throw new Error('the demo was interrupted');
      const making = server.make(`surefoot_demo_${run}_${role}`);
      made.push(making);
      return (await making).database;
    },
    dispose() {
      disposal ??= endAll(server, made).finally(() =>
        rm(folder, { recursive: true, force: true, maxRetries: 5 }),
      );
      return disposal;
    },
  };
}

/** Also ends what is being made this very moment. One that cannot be ended does not keep the others. */
async function endAll(server: Server, made: readonly Promise<Made>[]): Promise<void> {
  const failures: unknown[] = [];
  for (const one of await Promise.allSettled(made)) {
    if (one.status === 'rejected') continue;
    await one.value.end().catch((error: unknown) => failures.push(error));
  }
  await server.end();
  if (failures.length > 0) throw new AggregateError(failures, 'databases are left behind');
}

async function serverOf(url: string | undefined, folder: string): Promise<Server> {
  if (url === undefined || /^sqlite3?:/.test(url)) return sqliteFiles(folder);
  if (/^pglite:/.test(url)) return pgliteInstances();
  if (/^postgres(ql)?:/.test(url)) return await postgresServer(url);
  if (/^(mysql|mariadb):/.test(url)) return await mysqlServer(url);
  throw new Error(
    `The demo knows sqlite:, pglite:, postgres://, mysql:// and mariadb://, not ${url.split(':')[0]}:`,
  );
}

function sqliteFiles(folder: string): Server {
  return {
    description: `SQLite, files in ${folder}`,
    async make(name) {
      const file = join(folder, `${name}.db`);
      const handle = new DatabaseSync(file);
      const query: Query = async (sql, values = []) => handle.prepare(sql).all(...values) as Rows;
      return {
        database: { kind: 'sqlite', target: { url: `sqlite:${file}` }, query },
        end: async () => handle.close(),
      };
    },
    end: async () => undefined,
  };
}

function pgliteInstances(): Server {
  return {
    description: 'PGlite, in memory',
    async make() {
      const { PGlite } = await import('@electric-sql/pglite');
      const instance = await PGlite.create();
      const query: Query = async (sql, values = []) => (await instance.query(sql, [...values])).rows as Rows;
      return {
        database: { kind: 'postgres', target: { connection: instance }, query },
        end: () => instance.close(),
      };
    },
    end: async () => undefined,
  };
}

/** The same server and account, another database. */
function inDatabase(url: string, name: string): string {
  const there = new URL(url);
  there.pathname = `/${name}`;
  return there.href;
}

async function postgresServer(url: string): Promise<Server> {
  const admin = await postgresSession(url);
  return {
    description: `PostgreSQL at ${new URL(url).host}`,
    async make(name) {
      await admin.query(`CREATE DATABASE ${name} TEMPLATE template0`);
      const there = inDatabase(url, name);
      const session = await postgresSession(there).catch(async (error: unknown) => {
        await admin.query(`DROP DATABASE ${name}`);
        throw error;
      });
      const query: Query = async (sql, values = []) => (await session.query(sql, [...values])).rows as Rows;
      return {
        database: { kind: 'postgres', target: { url: there }, query },
        async end() {
          await session.end();
          await admin.query(`DROP DATABASE ${name} WITH (FORCE)`);
        },
      };
    },
    end: () => admin.end(),
  };
}

async function postgresSession(url: string) {
  const { default: pg } = await import('pg');
  const session = new pg.Client({ connectionString: url, application_name: 'todobox' });
  session.on('error', () => undefined);
  await session.connect();
  return session;
}

async function mysqlServer(url: string): Promise<Server> {
  const admin = await mysqlSession(url);
  return {
    description: `${/^mariadb:/.test(url) ? 'MariaDB' : 'MySQL'} at ${new URL(url).host}`,
    async make(name) {
      await admin.query(`CREATE DATABASE ${name} CHARACTER SET utf8mb4`);
      const there = inDatabase(url, name);
      const session = await mysqlSession(there).catch(async (error: unknown) => {
        await admin.query(`DROP DATABASE ${name}`);
        throw error;
      });
      const query: Query = async (sql, values = []) => (await session.execute(sql, [...values]))[0] as Rows;
      return {
        database: { kind: 'mysql', target: { url: there }, query },
        async end() {
          await session.end();
          await admin.query(`DROP DATABASE ${name}`);
        },
      };
    },
    end: () => admin.end(),
  };
}

async function mysqlSession(url: string) {
  const { createConnection } = await import('mysql2/promise');
  // mysql2 knows no `mariadb:` scheme.
  const session = await createConnection({ uri: url.replace(/^mariadb:/, 'mysql:'), charset: 'utf8mb4' });
  session.on('error', () => undefined);
  return session;
}
