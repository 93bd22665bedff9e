// URLs of databases, read and made safe to show.
// In: a URL. Out: ConnectionInfo, as plain data. Must not know any library or dialect.

import { resolve } from 'node:path';
import { mysqlServer, postgresServer, readServer, type ServerInfo, type UrlParts } from './server-url.ts';
import { decodePart, refuseUrl } from './url-text.ts';

/** Where a database is, and with which library it is reached. */
export type ConnectionInfo =
  | {
      readonly driver: 'node-sqlite';
      readonly file: string;
      readonly create: boolean;
      readonly readOnly: boolean;
    }
  | { readonly driver: 'pglite'; readonly dir: string | null }
  | ({ readonly driver: 'pg' } & ServerInfo)
  | ({ readonly driver: 'mysql2' } & ServerInfo);

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
      return refuseUrl(url, scheme === null ? 'it has no scheme' : `"${scheme[1]}:" is not known`);
  }
}

function readSqlite({ url, rest, folder }: UrlParts): ConnectionInfo {
  const { path, parameters } = splitPath(rest);
  const mode = parameters.get('mode');
  if (path === ':memory:' || mode === 'memory') {
    return { driver: 'node-sqlite', file: ':memory:', create: true, readOnly: false };
  }
  if (path === '') refuseUrl(url, 'it names no file');
  if (mode !== null && !['ro', 'rw', 'rwc'].includes(mode)) refuseUrl(url, `mode=${mode} is not known`);
  const file = resolve(folder, decodePart(url, path));
  return { driver: 'node-sqlite', file, create: mode !== 'rw', readOnly: mode === 'ro' };
}

function readPglite({ url, rest, folder }: UrlParts): ConnectionInfo {
  const { path } = splitPath(rest);
  const memory = path === '' || path === ':memory:' || path === 'memory://';
  return { driver: 'pglite', dir: memory ? null : resolve(folder, decodePart(url, path)) };
}

/** `//` before a path is decoration; `///abs` is an absolute path. */
function splitPath(rest: string): { path: string; parameters: URLSearchParams } {
  const [, path = '', query = ''] = /^([^?]*)(?:\?(.*))?$/s.exec(rest) ?? [];
  return { path: path.replace(/^\/\//, ''), parameters: new URLSearchParams(query) };
}

/** The same URL with its relative paths resolved against `folder`. A URL that cannot be read is refused. */
export function absoluteUrl(url: string, folder: string): string {
  const info = parseUrl(url, folder);
  if (info.driver === 'pg' || info.driver === 'mysql2') return absoluteFiles(url, folder);
  const path = info.driver === 'pglite' ? info.dir : info.file;
  if (path === null || path === ':memory:') return url;
  const query = /\?.*$/s.exec(url)?.[0] ?? '';
  const scheme = info.driver === 'pglite' ? 'pglite' : 'sqlite';
  return `${scheme}:${path.replace(/[%?]/g, encodeURIComponent)}${query}`;
}

const fileParameter = /([?&](?:sslrootcert|sslcert|sslkey|ssl-ca|ssl-cert|ssl-key)=)([^&#]+)/g;

/** Certificates and keys named by a server's URL. */
function absoluteFiles(url: string, folder: string): string {
  return url.replace(fileParameter, (whole, name: string, file: string) =>
    file === 'system' ? whole : name + encodeURIComponent(resolve(folder, decodePart(url, file))),
  );
}
