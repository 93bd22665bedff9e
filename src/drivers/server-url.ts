// URLs of database servers.
// In: a URL. Out: ServerInfo, as plain data. Must not know any library.

import { readMysqlTls, readPostgresTls, type TlsInfo, type UrlQuery } from './tls-info.ts';
import { decodePart, encodeHint, refuseUrl } from './url-text.ts';

/** A server, a database on it, and who asks. What is `null` is left to the library's default. */
export interface ServerInfo {
  readonly host: string;
  readonly port: number;
  readonly socket: string | null;
  readonly user: string | null;
  readonly password: string | null;
  readonly database: string | null;
  readonly tls: TlsInfo | null;
  readonly connectTimeoutMs: number;
  /** PostgreSQL's command-line options for the session (`-c name=value`). */
  readonly options: string | null;
  readonly applicationName: string | null;
  /** `pgbouncer=true`: a pooler that lends sessions by transaction. */
  readonly saysPooler: boolean;
  /** The server and its database, without secrets. */
  readonly description: string;
}

/** A URL, what follows its scheme, and the folder that relative paths in it are relative to. */
export interface UrlParts {
  readonly url: string;
  readonly rest: string;
  readonly folder: string;
}

/** What the URLs of a kind of server have of their own. */
export interface ServerKind {
  readonly port: number;
  readonly tls: (query: UrlQuery) => TlsInfo | null;
}

/** PostgreSQL. */
export const postgresServer: ServerKind = { port: 5432, tls: readPostgresTls };
/** MySQL and MariaDB. */
export const mysqlServer: ServerKind = { port: 3306, tls: readMysqlTls };

const authority = /^\/\/(?:([^/?#]*)@)?(\[[^\]]*\]|[^/?#:@]*)(?::(\d*))?(?:\/([^?#]*))?(?:\?([^#]*))?$/s;

/** Reads the URL of a server. */
export function readServer({ url, rest, folder }: UrlParts, kind: ServerKind): ServerInfo {
  const match = authority.exec(rest);
  if (match === null) return refuseUrl(url, 'its parts cannot be told apart', encodeHint);
  const [, userInfo, host = '', port, path = '', query = ''] = match;
  // Without this a password with an unescaped '/' would be taken, and shown, as part of the database's name.
  if (userInfo === undefined && path.includes('@')) refuseUrl(url, 'it has a "@" after the host', encodeHint);
  if (host.includes(',')) refuseUrl(url, 'it names several hosts', 'Name the one that may be written to.');
  const parameters = new URLSearchParams(query);
  const [user, password] = splitUser(url, userInfo ?? '');
  const hostName = parameters.get('host') ?? decodePart(url, host).replace(/^\[|\]$/g, '');
  const socket = socketOf(hostName, parameters);
  const info = {
    host: hostName === '' || socket !== null ? 'localhost' : hostName,
    port: portOf(url, port || (parameters.get('port') ?? ''), kind.port),
    socket,
    user: user ?? parameters.get('user'),
    password: password ?? parameters.get('password'),
    database: (path === '' ? null : decodePart(url, path)) ?? parameters.get('dbname'),
    tls: socket === null ? kind.tls({ url, parameters, folder }) : null,
    connectTimeoutMs: timeoutOf(url, parameters.get('connect_timeout')),
    options: optionsOf(parameters),
    applicationName: parameters.get('application_name'),
    saysPooler: parameters.get('pgbouncer') === 'true',
  };
  return { ...info, description: describe(url, info) };
}

function splitUser(url: string, userInfo: string): readonly [string | null, string | null] {
  const [, user = '', password] = /^([^:]*)(?::(.*))?$/s.exec(userInfo) ?? [];
  return [
    user === '' ? null : decodePart(url, user),
    password === undefined ? null : decodePart(url, password),
  ];
}

function socketOf(host: string, parameters: URLSearchParams): string | null {
  const named = parameters.get('socket') ?? parameters.get('unix_socket') ?? parameters.get('socketPath');
  return named ?? (host.startsWith('/') ? host : null);
}

function portOf(url: string, text: string, usual: number): number {
  if (text === '') return usual;
  const port = Number(text);
  if (!Number.isInteger(port) || port < 1 || port > 65_535) refuseUrl(url, `${text} is not a port`);
  return port;
}

function timeoutOf(url: string, seconds: string | null): number {
  if (seconds === null) return 10_000;
  const value = Number(seconds);
  if (seconds === '' || !Number.isFinite(value) || value < 0)
    refuseUrl(url, 'connect_timeout is not a number');
  return value * 1000;
}

/** Prisma writes the namespace as `schema`. Blanks and backslashes separate options unless escaped. */
function optionsOf(parameters: URLSearchParams): string | null {
  const schema = parameters.get('schema');
  const quoted = schema === null ? null : `"${schema.replaceAll('"', '""')}"`.replace(/[\\\s]/g, '\\$&');
  const path = quoted === null ? null : `-c search_path=${quoted}`;
  return [parameters.get('options'), path].filter((part) => part !== null).join(' ') || null;
}

/** The scheme as it was given; of the rest only what tells databases apart. */
function describe(url: string, info: Omit<ServerInfo, 'description'>): string {
  const scheme = /^[^:+]*/.exec(url)?.[0].toLowerCase();
  const user = info.user === null ? '' : `${encodeURIComponent(info.user)}@`;
  const host = info.host.includes(':') ? `[${info.host}]` : info.host;
  const place = info.socket === null ? `${host}:${info.port}` : encodeURIComponent(info.socket);
  return `${scheme}://${user}${place}/${encodeURIComponent(info.database ?? '')}`;
}
