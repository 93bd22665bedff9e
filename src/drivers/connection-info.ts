// URLs of databases, read and made safe to show.
// In: a URL. Out: ConnectionInfo, as plain data. Must not know any library or dialect.

import { resolve } from 'node:path';
import { SurefootError } from '../kernel/errors.ts';
import { readMysqlTls, readPostgresTls, type TlsInfo } from './tls-info.ts';

/** Where a database is, and with which library it is reached. */
export type ConnectionInfo =
  | {
      readonly driver: 'node-sqlite';
      readonly file: string;
      readonly create: boolean;
      readonly readOnly: boolean;
    }
  | { readonly driver: 'pglite'; readonly dir: string | null }
  | ({ readonly driver: 'pg' | 'mysql2' } & ServerInfo);

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
  /** The URL without its password. */
  readonly description: string;
}

const forms = [
  'sqlite:./dev.db',
  'sqlite:///absolute/path.db',
  'sqlite::memory:',
  'postgres://user:password@host:5432/database',
  'mysql://user:password@host:3306/database',
  'mariadb://user:password@host:3306/database',
  'pglite:./folder',
  'pglite:',
];

/** Reads a database URL. Relative paths in it are resolved against `folder`. */
export function parseUrl(url: string, folder: string): ConnectionInfo {
  const scheme = /^([a-z0-9]+)(?:\+[a-z0-9_]+)?:/i.exec(url);
  const rest = url.slice(scheme?.[0].length ?? 0);
  switch (scheme?.[1]?.toLowerCase()) {
    case 'sqlite':
    case 'sqlite3':
    case 'file':
      return readSqlite({ url, rest, folder });
    case 'pglite':
      return readPglite({ url, rest, folder });
    case 'postgres':
    case 'postgresql':
      return { driver: 'pg', ...readServer({ url, rest, folder }, postgresServer) };
    case 'mysql':
    case 'mariadb':
      return { driver: 'mysql2', ...readServer({ url, rest, folder }, mysqlServer) };
    default:
      return refuse(url, scheme === null ? 'it has no scheme' : `"${scheme[1]}:" is not known`);
  }
}

/** A URL that may be shown: its password, and everything that may be one, is replaced. */
export function redactUrl(url: string): string {
  // Greedy up to the last '@': a password with unescaped signs in it must not leak by half.
  return url
    .replace(/^([^:/?#]+:\/\/[^:/?#@]*):.*@/s, '$1:***@')
    .replace(/([?&](?:password|pass|pwd|sslpassword|ssl-key-password)=)[^&#]*/gi, '$1***');
}

interface UrlParts {
  readonly url: string;
  readonly rest: string;
  readonly folder: string;
}

interface ServerKind {
  readonly port: number;
  readonly tls: (parameters: URLSearchParams, folder: string) => TlsInfo | null;
}

const postgresServer: ServerKind = { port: 5432, tls: readPostgresTls };
const mysqlServer: ServerKind = { port: 3306, tls: readMysqlTls };

function readSqlite({ url, rest, folder }: UrlParts): ConnectionInfo {
  const { path, parameters } = splitPath(rest);
  const mode = parameters.get('mode');
  if (path === ':memory:' || mode === 'memory') {
    return { driver: 'node-sqlite', file: ':memory:', create: true, readOnly: false };
  }
  if (path === '') refuse(url, 'it names no file');
  if (mode !== null && !['ro', 'rw', 'rwc'].includes(mode)) refuse(url, `mode=${mode} is not known`);
  const file = resolve(folder, decode(url, path));
  return { driver: 'node-sqlite', file, create: mode !== 'rw', readOnly: mode === 'ro' };
}

function readPglite({ url, rest, folder }: UrlParts): ConnectionInfo {
  const { path } = splitPath(rest);
  const memory = path === '' || path === ':memory:' || path === 'memory';
  return { driver: 'pglite', dir: memory ? null : resolve(folder, decode(url, path)) };
}

/** `//` before a path is decoration; `///abs` is an absolute path. */
function splitPath(rest: string): { path: string; parameters: URLSearchParams } {
  const [, path = '', query = ''] = /^([^?]*)(?:\?(.*))?$/s.exec(rest) ?? [];
  return { path: path.replace(/^\/\/(?!\/?$)/, ''), parameters: new URLSearchParams(query) };
}

const authority = /^\/\/(?:([^/?#]*)@)?(\[[^\]]*\]|[^/?#:@]*)(?::(\d*))?(?:\/([^?#]*))?(?:\?([^#]*))?$/s;

function readServer({ url, rest, folder }: UrlParts, kind: ServerKind): ServerInfo {
  const match = authority.exec(rest);
  if (match === null) return refuse(url, 'its parts cannot be told apart', encodeHint);
  const [, userInfo, host = '', port, path = '', query = ''] = match;
  // Without this a password with an unescaped '/' would be taken, and shown, as part of the database's name.
  if (userInfo === undefined && path.includes('@')) refuse(url, 'it has a "@" after the host', encodeHint);
  const parameters = new URLSearchParams(query);
  const [user, password] = splitUser(url, userInfo ?? '');
  const hostName = parameters.get('host') ?? decode(url, host).replace(/^\[|\]$/g, '');
  const socket = socketOf(hostName, parameters);
  return {
    host: hostName === '' || socket !== null ? 'localhost' : hostName,
    port: portOf(url, port || (parameters.get('port') ?? ''), kind.port),
    socket,
    user: user ?? parameters.get('user'),
    password: password ?? parameters.get('password'),
    database: (path === '' ? null : decode(url, path)) ?? parameters.get('dbname'),
    tls: socket === null ? readTls({ url, parameters, folder }, kind) : null,
    connectTimeoutMs: timeoutOf(url, parameters.get('connect_timeout')),
    options: optionsOf(parameters),
    applicationName: parameters.get('application_name'),
    description: redactUrl(url),
  };
}

const encodeHint =
  'Percent-encode signs that mean something in a URL: / is %2F, @ is %40, # is %23, ? is %3F, : is %3A, % is %25.';

interface TlsParts {
  readonly url: string;
  readonly parameters: URLSearchParams;
  readonly folder: string;
}

function readTls({ url, parameters, folder }: TlsParts, kind: ServerKind): TlsInfo | null {
  try {
    return kind.tls(parameters, folder);
  } catch (error) {
    if (error instanceof RangeError) return refuse(url, error.message);
    throw error;
  }
}

function splitUser(url: string, userInfo: string): readonly [string | null, string | null] {
  const [, user = '', password] = /^([^:]*)(?::(.*))?$/s.exec(userInfo) ?? [];
  return [user === '' ? null : decode(url, user), password === undefined ? null : decode(url, password)];
}

function socketOf(host: string, parameters: URLSearchParams): string | null {
  const named = parameters.get('socket') ?? parameters.get('unix_socket') ?? parameters.get('socketPath');
  return named ?? (host.startsWith('/') ? host : null);
}

function portOf(url: string, text: string, usual: number): number {
  if (text === '') return usual;
  const port = Number(text);
  if (!Number.isInteger(port) || port < 1 || port > 65_535) refuse(url, `${text} is not a port`);
  return port;
}

function timeoutOf(url: string, seconds: string | null): number {
  if (seconds === null) return 10_000;
  const value = Number(seconds);
  if (seconds === '' || !Number.isFinite(value) || value < 0) refuse(url, 'connect_timeout is not a number');
  return value * 1000;
}

/** Prisma writes the namespace as `schema`. */
function optionsOf(parameters: URLSearchParams): string | null {
  const schema = parameters.get('schema') ?? parameters.get('currentSchema');
  const path = schema === null ? null : `-c search_path=${schema.replace(/[\\ ]/g, '\\$&')}`;
  return [parameters.get('options'), path].filter((part) => part !== null).join(' ') || null;
}

function decode(url: string, text: string): string {
  try {
    return decodeURIComponent(text);
  } catch (error) {
    if (error instanceof URIError)
      return refuse(url, 'a "%" in it is not followed by two digits', encodeHint);
    throw error;
  }
}

function refuse(url: string, problem: string, hint?: string): never {
  const shown = redactUrl(url);
  throw new SurefootError('url/invalid', `${JSON.stringify(shown)} is not a database URL: ${problem}`, {
    details: { url: shown },
    hint: hint ?? `Forms: ${forms.join(', ')}`,
  });
}
