// MySQL and MariaDB through the package mysql2.
// In: a URL, or a connection or pool of the user's. Out: Database. Must not know revisions or plans.

import type { ConnectionOptions as TlsConnectionOptions } from 'node:tls';
import type { Connection, Database, QueryResult, Row, SqlValue } from '../dialect/connection.ts';
import { SurefootError } from '../kernel/errors.ts';
import { importPackage } from '../kernel/import-package.ts';
import { borrowedDatabase, lentConnection, rememberMysql } from './borrowed.ts';
import { parseUrl } from './connection-info.ts';
import { databaseError, textMember } from './failure.ts';
import { mysqlFailure } from './mysql-failure.ts';
import type { ServerInfo } from './server-url.ts';
import { tlsOptions } from './tls-info.ts';
import { refuseUrl } from './url-text.ts';

/** What Surefoot needs of a `mysql2` connection, in its promise flavour. */
export interface MysqlSession {
  query(options: MysqlQuery): Promise<readonly [unknown, ...unknown[]]>;
  execute(options: MysqlQuery): Promise<readonly [unknown, ...unknown[]]>;
  on(event: 'error', listener: (error: Error) => void): unknown;
  removeListener(event: 'error', listener: (error: Error) => void): unknown;
}

/** A `mysql2` connection that a pool has lent. */
export interface MysqlPoolSession extends MysqlSession {
  release(): void;
  destroy(): void;
}

/** What Surefoot needs of a `mysql2` pool, in its promise flavour. */
export interface MysqlPool {
  getConnection(): Promise<MysqlPoolSession>;
}

/** The callback flavour of a connection or pool, which knows its promise flavour. */
export interface MysqlCallback<T> {
  promise(): T;
}

interface MysqlQuery {
  readonly sql: string;
  readonly values?: unknown[];
  readonly supportBigNumbers: true;
  readonly bigNumberStrings: true;
  readonly dateStrings: true;
  readonly rowsAsArray: false;
  readonly nestTables: false;
  readonly namedPlaceholders: false;
  readonly typeCast: (field: MysqlField, next: () => unknown) => unknown;
}

interface MysqlField {
  readonly type: string;
  string(encoding?: string): string | null;
}

/** A server to connect to, or what the user has already connected. */
export type Mysql2Options =
  | { readonly url: string; readonly folder?: string; readonly tls?: TlsConnectionOptions }
  | { readonly server: ServerInfo; readonly tls?: TlsConnectionOptions }
  | { readonly connection: MysqlSession | MysqlCallback<MysqlSession> }
  | { readonly pool: MysqlPool | MysqlCallback<MysqlPool> };

/** A MySQL or MariaDB database. With a connection of the user's every session is that connection. */
export function mysql2Database(options: Mysql2Options): Database {
  if ('connection' in options) return connectionDatabase(promised(options.connection));
  if ('pool' in options) return poolDatabase(promised(options.pool));
  return serverDatabase('server' in options ? options.server : serverOf(options), options.tls);
}

function promised<T extends object>(object: T | MysqlCallback<T>): T {
  return 'promise' in object && typeof object.promise === 'function' ? object.promise() : (object as T);
}

function serverOf(options: { readonly url: string; readonly folder?: string }): ServerInfo {
  const info = parseUrl(options.url, options.folder ?? '.');
  if (info.driver === 'mysql2') return info;
  return refuseUrl(options.url, 'it is not one of a MySQL or MariaDB server');
}

function connectionDatabase(session: MysqlSession): Database {
  const description = 'mysql (a connection of yours)';
  return borrowedDatabase({
    description,
    remember: rememberMysql,
    open: async () => connectionOf(session, { description, end: async () => undefined }),
  });
}

function poolDatabase(pool: MysqlPool): Database {
  const description = 'mysql (a pool of yours)';
  return {
    description,
    sessions: 'many',
    async connect() {
      const session = await connecting(description, () => pool.getConnection());
      return await lentConnection({
        connection: connectionOf(session, { description, end: async () => undefined }),
        remember: rememberMysql,
        release: (state) => (state === 'broken' ? session.destroy() : session.release()),
      });
    },
    close: async () => undefined,
  };
}

function serverDatabase(server: ServerInfo, tls: TlsConnectionOptions | undefined): Database {
  const opened = new Set<Connection>();
  return {
    description: server.description,
    sessions: 'many',
    async connect() {
      const session = await connecting(server.description, () => openSession(server, tls));
      const connection: Connection = connectionOf(session, {
        description: server.description,
        async end(lost) {
          opened.delete(connection);
          if (lost) session.destroy();
          else await session.end();
        },
      });
      opened.add(connection);
      return connection;
    },
    close: async () => void (await Promise.all([...opened].map((connection) => connection.close()))),
  };
}

async function connecting<T>(description: string, connect: () => Promise<T>): Promise<T> {
  try {
    return await connect();
  } catch (error) {
    if (error instanceof SurefootError) throw error;
    throw databaseError(mysqlFailure(error, 'connect'), { database: description }, error);
  }
}

type OwnSession = MysqlSession & { end(): Promise<void>; destroy(): void };

async function openSession(server: ServerInfo, tls: TlsConnectionOptions | undefined): Promise<OwnSession> {
  const mysql = await importPackage('mysql2', () => import('mysql2/promise'));
  const ssl = tls ?? (await encryptionOf(server));
  const open = async (encryption: TlsConnectionOptions | null): Promise<OwnSession> => {
    const config = { ...sessionConfig(server), ...(encryption === null ? {} : { ssl: encryption }) };
    // The library's types lag behind what it takes: node:tls options, a type cast for one query.
    const session = (await mysql.createConnection(config as object)) as unknown as OwnSession;
    // Also after the session has ended.
    session.on('error', () => undefined);
    return session;
  };
  if (server.tls?.mode !== 'prefer' || tls !== undefined) return await open(ssl);
  return await open(ssl).catch((error: unknown) => {
    if (textMember(error, 'code') === 'HANDSHAKE_NO_SSL_SUPPORT') return open(null);
    throw error;
  });
}

/** mysql2 compares the server's name with its certificate only when asked in a word of its own, and no address at all. */
async function encryptionOf({ tls, host }: ServerInfo): Promise<TlsConnectionOptions | null> {
  if (tls === null) return null;
  if (tls.mode === 'verify-full' && (await import('node:net')).isIP(host) !== 0) {
    throw new SurefootError('usage/invalid', `the identity of ${host} cannot be verified: it is an address`, {
      details: { argument: 'url' },
      hint: 'Name the host as its certificate does, or use ssl-mode=VERIFY_CA.',
    });
  }
  const own = { verifyIdentity: tls.mode === 'verify-full' };
  return { ...(await tlsOptions(tls)), ...own };
}

function sessionConfig(server: ServerInfo) {
  return {
    ...(server.socket === null ? { host: server.host, port: server.port } : { socketPath: server.socket }),
    ...(server.user === null ? {} : { user: server.user }),
    ...(server.password === null ? {} : { password: server.password }),
    ...(server.database === null ? {} : { database: server.database }),
    charset: 'utf8mb4',
    jsonStrings: true,
    multipleStatements: false,
    connectTimeout: server.connectTimeoutMs,
    connectAttributes: { program_name: server.applicationName ?? 'surefoot' },
    enableKeepAlive: true,
  };
}

interface SessionOptions {
  readonly description: string;
  readonly end: (lost: boolean) => Promise<void>;
}

function connectionOf(session: MysqlSession, { description, end }: SessionOptions): Connection {
  let lost = false;
  let closed = false;
  // mysql2 emits what happens to a socket between two queries; the next query tells it, and nobody must die of it.
  const onError = () => {
    lost = true;
  };
  session.on('error', onError);
  const send = async (sql: string, parameters: readonly SqlValue[]): Promise<QueryResult> => {
    try {
      const [result] = await (parameters.length === 0
        ? session.query({ ...queryOptions, sql })
        : session.execute({ ...queryOptions, sql, values: parameters.map(bindable) }));
      return readResult(result);
    } catch (error) {
      const failure = mysqlFailure(error, 'query');
      if (failure.kind === 'lost') onError();
      throw databaseError(failure, { database: description, sql }, error);
    }
  };
  return {
    native: session,
    query: (sql, parameters = []) => send(sql, parameters),
    async script(statements) {
      for (const sql of statements) await send(sql, []);
    },
    async close() {
      if (closed) return;
      closed = true;
      session.removeListener('error', onError);
      await end(lost);
    },
  };
}

/** Given with every query, so that a connection of the user's reads values as our own do. */
const queryOptions = {
  supportBigNumbers: true,
  bigNumberStrings: true,
  dateStrings: true,
  rowsAsArray: false,
  nestTables: false,
  namedPlaceholders: false,
  typeCast: (field, next) => (field.type === 'JSON' ? field.string('utf8') : next()),
} as const satisfies Omit<MysqlQuery, 'sql'>;

function bindable(value: SqlValue): unknown {
  if (typeof value === 'bigint') return value.toString();
  return value instanceof Uint8Array ? Buffer.from(value.buffer, value.byteOffset, value.byteLength) : value;
}

function readResult(result: unknown): QueryResult {
  if (Array.isArray(result)) return { rows: result as readonly Row[], affected: null };
  const affected = (result as { readonly affectedRows?: unknown } | undefined)?.affectedRows;
  return { rows: [], affected: typeof affected === 'number' ? affected : null };
}
