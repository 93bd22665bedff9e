// In: an engine.
// Out: two servers of it, one of which follows the other, and ways to hold the follower up.
// Must not know: who reads from which.

import { randomUUID } from 'node:crypto';
import { Client } from 'pg';
import type { ServerEngine } from './engines.ts';
import { type PrivateServer, privateServer } from './servers.ts';

export type ReplicatedEngine = Extract<ServerEngine, 'postgres18' | 'postgres14' | 'mariadb' | 'mysql9'>;

/** A server and its replica. */
export interface Replicated {
  readonly primary: PrivateServer;
  readonly replica: PrivateServer;
  /** It receives what is written, and does not carry it out. */
  hold(): Promise<void>;
  release(): Promise<void>;
  stop(): Promise<void>;
}

async function onPostgres(url: string, sql: string): Promise<void> {
  const client = new Client({ connectionString: url });
  await client.connect();
  await client.query(sql).finally(() => client.end());
}

/** Both begin as copies of the same data directory: all that was written since, the standby fetches. */
async function postgres(engine: ReplicatedEngine): Promise<Replicated> {
  const primary = await privateServer(engine);
  const { hostname, port, username, password } = new URL(primary.url);
  const source = `host=${hostname} port=${port} user=${username} password=${password} application_name=standby`;
  const replica = await privateServer(engine, {
    settings: ['-c', `primary_conninfo=${source}`],
    files: { 'standby.signal': '' },
  });
  return {
    primary,
    replica,
    hold: () => onPostgres(replica.adminUrl, 'SELECT pg_wal_replay_pause()'),
    release: () => onPostgres(replica.adminUrl, 'SELECT pg_wal_replay_resume()'),
    stop: () => stopBoth(replica, primary),
  };
}

async function stopBoth(replica: PrivateServer, primary: PrivateServer): Promise<void> {
  await replica.stop();
  await primary.stop();
}

async function onMysql(url: string, ...statements: readonly string[]): Promise<void> {
  const { createConnection } = await import('mysql2/promise');
  const connection = await createConnection(url.replace(/^mariadb:/, 'mysql:'));
  try {
    for (const sql of statements) await connection.query(sql);
  } finally {
    await connection.end();
  }
}

async function mysql(engine: ReplicatedEngine): Promise<Replicated> {
  const log = ['--log-bin=binlog', '--binlog-format=ROW'];
  const primary = await privateServer(engine, { settings: ['--server-id=1', ...log] });
  const files = engine === 'mysql9' ? { 'auto.cnf': `[auto]\nserver-uuid=${randomUUID()}\n` } : undefined;
  // One that may be killed: what it has carried out and what it has noted of that must agree.
  const settings = ['--server-id=2', '--relay-log-recovery=ON', ...log];
  const replica = await privateServer(engine, { settings, durable: true, ...(files ? { files } : {}) });
  const { hostname, port, username, password } = new URL(primary.url);
  const [change, key] = engine === 'mysql9' ? ['REPLICATION SOURCE', 'SOURCE'] : ['MASTER', 'MASTER'];
  const word = engine === 'mysql9' ? 'REPLICA' : 'SLAVE';
  const secret = engine === 'mysql9' ? ', GET_SOURCE_PUBLIC_KEY = 1' : '';
  await onMysql(
    replica.adminUrl,
    `CHANGE ${change} TO ${key}_HOST = '${hostname}', ${key}_PORT = ${port}, ${key}_USER = '${username}',
      ${key}_PASSWORD = '${password}', ${key}_LOG_FILE = 'binlog.000001', ${key}_LOG_POS = 4, ${key}_CONNECT_RETRY = 1${secret}`,
    `START ${word}`,
  );
  return {
    primary,
    replica,
    hold: () => onMysql(replica.adminUrl, `STOP ${word} SQL_THREAD`),
    release: () => onMysql(replica.adminUrl, `START ${word} SQL_THREAD`),
    stop: () => stopBoth(replica, primary),
  };
}

/** Starts both. */
export async function replicated(engine: ReplicatedEngine): Promise<Replicated> {
  return await (engine.startsWith('postgres') ? postgres(engine) : mysql(engine));
}
