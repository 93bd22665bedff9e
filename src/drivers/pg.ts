// PostgreSQL through the package pg.
// In: a URL, or a client or pool of the user's. Out: Database. Must not know revisions or plans.

import type { ConnectionOptions } from 'node:tls';
import type { Connection, Database, Login, QueryResult, Row, SqlValue } from '../dialect/connection.ts';
import { SurefootError } from '../kernel/errors.ts';
import { importPackage } from '../kernel/import-package.ts';
import { borrowedDatabase, lentConnection, rememberPostgres } from './borrowed.ts';
import { parseUrl } from './connection-info.ts';
import { databaseError } from './failure.ts';
import type { PgSubmittable } from './pg-batch.ts';
import { pgBatch } from './pg-batch.ts';
import { postgresFailure } from './postgres-failure.ts';
import { postgresAffected, postgresReader } from './postgres-values.ts';
import type { ServerInfo } from './server-url.ts';
import { tlsOptions } from './tls-info.ts';
import { refuseUrl } from './url-text.ts';

/** What Surefoot needs of a `pg` client, from whichever version or copy of the package it comes. */
export interface PgClient {
  query(config: PgQuery): Promise<PgResult | readonly PgResult[]>;
  on(event: 'error', listener: (error: Error) => void): unknown;
  removeListener(event: 'error', listener: (error: Error) => void): unknown;
}

/** A `pg` client that a pool has lent. */
export interface PgPoolClient extends PgClient {
  release(broken?: Error | boolean): void;
}

/** What Surefoot needs of a `pg` pool. */
export interface PgPool {
  connect(): Promise<PgPoolClient>;
}

interface PgQuery {
  readonly text: string;
  readonly values?: unknown[];
  readonly types?: { getTypeParser(type: number): (text: string) => unknown };
}

interface PgResult {
  readonly rows: readonly Row[];
  readonly rowCount: number | null;
  readonly command: string;
}

/** A server to connect to, or what the user has already connected. */
export type PgOptions =
  | { readonly url: string; readonly folder?: string; readonly tls?: ConnectionOptions }
  | { readonly server: ServerInfo; readonly tls?: ConnectionOptions }
  | { readonly client: PgClient }
  | { readonly pool: PgPool };

/** A PostgreSQL database. With a client of the user's every session is that client. */
export function pgDatabase(options: PgOptions): Database {
  if ('client' in options) return clientDatabase(options.client);
  if ('pool' in options) return poolDatabase(options.pool);
  return serverDatabase('server' in options ? options.server : serverOf(options), options.tls);
}

function serverOf(options: { readonly url: string; readonly folder?: string }): ServerInfo {
  const info = parseUrl(options.url, options.folder ?? '.');
  if (info.driver === 'pg') return info;
  return refuseUrl(options.url, 'it is not one of a PostgreSQL server');
}

function clientDatabase(client: PgClient): Database {
  const description = 'postgres (a client of yours)';
  return borrowedDatabase({
    description,
    remember: rememberPostgres,
    async open() {
      refuseUnconnected(client);
      return connectionOf(client, { description, end: async () => undefined });
    },
  });
}

/** A client that was never connected keeps every query waiting. */
function refuseUnconnected(client: object): void {
  const waits =
    '_connected' in client && '_connecting' in client && !client._connected && !client._connecting;
  if (!waits) return;
  throw new SurefootError('usage/invalid', 'the client is not connected', {
    details: { argument: 'connection' },
    hint: 'Connect it first: await client.connect()',
  });
}

function poolDatabase(pool: PgPool): Database {
  const description = 'postgres (a pool of yours)';
  return {
    description,
    sessions: 'many',
    async connect() {
      const client = await connecting(description, () => pool.connect());
      return await lentConnection({
        connection: connectionOf(client, { description, end: async () => undefined }),
        remember: rememberPostgres,
        release: (state) => client.release(state === 'broken'),
      });
    },
    close: async () => undefined,
  };
}

function serverDatabase(server: ServerInfo, tls: ConnectionOptions | undefined): Database {
  const opened = new Set<Connection>();
  return {
    description: server.description,
    sessions: 'many',
    async connect() {
      const client = await connecting(server.description, () => openClient(server, tls));
      const connection: Connection = connectionOf(client, {
        description: server.description,
        saysPooler: server.saysPooler,
        async end() {
          opened.delete(connection);
          await client.end();
        },
      });
      opened.add(connection);
      return Object.assign(connection, { batch: batchOf(client, server.description) });
    },
    close: async () => void (await Promise.all([...opened].map((connection) => connection.close()))),
  };
}

async function connecting<T>(description: string, connect: () => Promise<T>): Promise<T> {
  try {
    return await connect();
  } catch (error) {
    if (error instanceof SurefootError) throw error;
    throw databaseError(postgresFailure(error, 'connect'), { database: description }, error);
  }
}

async function openClient(server: ServerInfo, tls: ConnectionOptions | undefined) {
  const { default: pg } = await importPackage('pg', () => import('pg'));
  const ssl = tls ?? (server.tls === null ? false : await tlsOptions(server.tls));
  const open = async (encryption: ConnectionOptions | false) => {
    const client = new pg.Client({ ...clientConfig(server), ssl: encryption });
    // Also after the session has ended, and while it is being opened.
    client.on('error', () => undefined);
    await client.connect();
    return client;
  };
  if (server.tls?.mode !== 'prefer' || tls !== undefined) return await open(ssl);
  return await open(ssl).catch((error: unknown) => {
    if (/does not support SSL/i.test(String(error))) return open(false);
    throw error;
  });
}

function clientConfig(server: ServerInfo) {
  return {
    host: server.socket ?? server.host,
    port: server.port,
    ...(server.user === null ? {} : { user: server.user }),
    ...(server.password === null ? {} : { password: server.password }),
    ...(server.database === null ? {} : { database: server.database }),
    ...(server.options === null ? {} : { options: server.options }),
    application_name: server.applicationName ?? 'surefoot',
    connectionTimeoutMillis: server.connectTimeoutMs,
    keepAlive: true,
  };
}

/** A client of our own, which takes queries of other kinds, too. */
interface OwnClient extends PgClient {
  query(config: PgQuery): Promise<PgResult | readonly PgResult[]>;
  query(batch: PgSubmittable): unknown;
}

/** Sends statements in one round trip; the number of those that succeeded tells which one failed. */
function batchOf(client: OwnClient, description: string): NonNullable<Connection['batch']> {
  return async (queries, onDone) => {
    let done = 0;
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const counted = (result: QueryResult) => {
      done += 1;
      onDone(result);
    };
    client.query(pgBatch(queries, { onDone: counted, onEnd: resolve, onError: reject }));
    try {
      await promise;
    } catch (error) {
      const sql = queries[done]?.sql ?? '';
      throw databaseError(postgresFailure(error, 'query'), { database: description, sql }, error);
    }
  };
}

interface SessionOptions {
  readonly description: string;
  readonly saysPooler?: boolean;
  readonly end: () => Promise<void>;
}

/** The number that came with the key for cancelling. */
function loginOf(client: object, saysPooler: boolean): Login {
  const session = 'processID' in client && typeof client.processID === 'number' ? client.processID : null;
  return { session, saysPooler };
}

function connectionOf(
  client: PgClient,
  { description, end, saysPooler = false }: SessionOptions,
): Connection {
  let closed = false;
  // What happens to the socket between two queries is emitted; the next query tells it, and nobody must die of it.
  const onError = () => undefined;
  client.on('error', onError);
  const send = async (query: PgQuery): Promise<QueryResult> => {
    try {
      return readResult(await client.query(query));
    } catch (error) {
      throw databaseError(postgresFailure(error, 'query'), { database: description, sql: query.text }, error);
    }
  };
  return {
    native: client,
    login: loginOf(client, saysPooler),
    query: (sql, parameters = []) => send({ text: sql, types, ...bound(parameters) }),
    async script(statements) {
      if (statements.length > 0) await send({ text: statements.join('\n;\n') });
    },
    async close() {
      if (closed) return;
      closed = true;
      client.removeListener('error', onError);
      await end();
    },
  };
}

const types = { getTypeParser: postgresReader };

/** Without values pg sends a simple query, which poolers and every statement understand. */
function bound(parameters: readonly SqlValue[]): { values?: unknown[] } {
  return parameters.length === 0 ? {} : { values: parameters.map(bindable) };
}

function bindable(value: SqlValue): unknown {
  return value instanceof Uint8Array ? Buffer.from(value.buffer, value.byteOffset, value.byteLength) : value;
}

/** A simple query of several statements gives a result for each; the last one counts. */
function readResult(result: PgResult | readonly PgResult[]): QueryResult {
  const last = isList(result) ? result.at(-1) : result;
  return { rows: last?.rows ?? [], affected: postgresAffected(last?.command, last?.rowCount) };
}

function isList(result: PgResult | readonly PgResult[]): result is readonly PgResult[] {
  return Array.isArray(result);
}
