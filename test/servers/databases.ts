// In: an engine.
// Out: an empty database of its own for one test, and the way to be rid of it.
// Must not know: what the test does with it.

import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Connection, createConnection, type RowDataPacket } from 'mysql2/promise';
import { Client } from 'pg';
import type { Engine } from './engines.ts';
import { copyPglite } from './pglite.ts';
import { mysqlUri } from './probe.ts';
import { ensureServers } from './servers.ts';

export interface FreshDatabase {
  readonly url: string;
  /** Also ends the sessions that are still connected to it. */
  drop(): Promise<void>;
}

const newName = (): string => `surefoot_${randomBytes(6).toString('hex')}`;

function inDatabase(url: string, name: string): string {
  const there = new URL(url);
  there.pathname = `/${name}`;
  return there.href;
}

async function fileDatabase(scheme: 'sqlite' | 'pglite'): Promise<FreshDatabase> {
  const folder = await mkdtemp(join(tmpdir(), `surefoot-${scheme}-`));
  const path = join(folder, scheme === 'sqlite' ? 'test.db' : 'data');
  if (scheme === 'pglite') await copyPglite(path);
  return {
    url: `${scheme}:${path}`,
    drop: () => rm(folder, { recursive: true, force: true, maxRetries: 5 }),
  };
}

async function withPostgres<T>(url: string, work: (client: Client) => Promise<T>): Promise<T> {
  const client = new Client({ connectionString: url });
  client.on('error', () => undefined);
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

async function postgresDatabase(adminUrl: string, url: string): Promise<FreshDatabase> {
  const name = newName();
  await withPostgres(adminUrl, (client) => client.query(`create database ${name} template template0`));
  const drop = (): Promise<unknown> =>
    withPostgres(adminUrl, (client) => client.query(`drop database if exists ${name} with (force)`));
  return { url: inDatabase(url, name), drop: async () => void (await drop()) };
}

async function withMysql<T>(url: string, work: (connection: Connection) => Promise<T>): Promise<T> {
  const connection = await createConnection({ uri: mysqlUri(url) });
  try {
    return await work(connection);
  } finally {
    await connection.end();
  }
}

interface Session extends RowDataPacket {
  readonly id: number;
}

/** An open transaction would hold up DROP DATABASE by its metadata locks. */
async function dropMysql(connection: Connection, name: string): Promise<void> {
  const text = 'select id as id from information_schema.processlist where db = ? and id <> connection_id()';
  const [sessions] = await connection.query<Session[]>(text, [name]);
  for (const { id } of sessions) await connection.query(`kill ${Number(id)}`).catch(() => undefined);
  await connection.query(`drop database if exists ${name}`);
}

async function mysqlDatabase(adminUrl: string, url: string): Promise<FreshDatabase> {
  const name = newName();
  await withMysql(adminUrl, (connection) =>
    connection.query(`create database ${name} character set utf8mb4`),
  );
  return {
    url: inDatabase(url, name),
    drop: () => withMysql(adminUrl, (connection) => dropMysql(connection, name)),
  };
}

/** An empty database with a name of its own. The engine's server is started if need be. */
export async function freshDatabase(engine: Engine): Promise<FreshDatabase> {
  if (engine === 'sqlite' || engine === 'pglite') return fileDatabase(engine);
  const { [engine]: server } = await ensureServers([engine]);
  const make = engine === 'mariadb' || engine === 'mysql9' ? mysqlDatabase : postgresDatabase;
  return make(server.adminUrl, server.url);
}
