import { parseUrl } from '../drivers/connection-info.ts';
import { redactUrl } from '../drivers/url-text.ts';
import type { SurefootError } from '../kernel/errors.ts';

/** One database of a fleet. */
export interface FleetTarget {
  /** What it is called wherever it is shown: never with a password. */
  readonly name: string;
  /** Where the list has it, for whoever looks it up again. */
  readonly key: string;
  /** The server whose limit counts; `null`: a file, which has none. */
  readonly server: string | null;
  readonly url: string;
  /** What tells its database from others, without user and password: two targets may have one name. */
  readonly place: string;
  /** Past a pooler. */
  readonly directUrl?: string;
  /** Why it cannot be tried at all: its line in the list is wrong. */
  readonly problem?: SurefootError;
}

/** An entry of a list, as its author wrote it. */
export interface TargetWish {
  readonly name?: string | undefined;
  readonly url?: string | undefined;
  readonly directUrl?: string | undefined;
  /** A schema of the database of `url`; on MySQL and MariaDB, where a schema is a database, that one. */
  readonly schema?: string | undefined;
}

const withoutSchema = (query: string): readonly string[] =>
  query.split('&').filter((part) => part !== '' && !part.startsWith('schema='));

/** The URL for one schema of a database. */
export function urlOfSchema(url: string, schema: string): string {
  const [, base = '', query = ''] = /^([^?]*)(?:\?(.*))?$/s.exec(url) ?? [];
  const name = encodeURIComponent(schema);
  if (parseUrl(url, '.').driver === 'pg')
    return `${base}?${[...withoutSchema(query), `schema=${name}`].join('&')}`;
  const [, server = base] = /^([a-z0-9+_]+:\/\/[^/]*)/i.exec(base) ?? [];
  return `${server}/${name}${query === '' ? '' : `?${query}`}`;
}

/** True: the database of this URL has schemas, or stands beside others that play their part. */
export function hasSchemas(url: string): boolean {
  const { driver } = parseUrl(url, '.');
  return driver === 'pg' || driver === 'mysql2';
}

/** What tells a database from others, without user and password. */
function plainName(url: string, folder: string): string {
  const info = parseUrl(url, folder);
  if (info.driver === 'node-sqlite') return info.file;
  if (info.driver === 'pglite') return info.dir ?? ':memory:';
  const schema = /[?&]schema=([^&]*)/.exec(url)?.[1];
  const place = info.description.replace(/^([^:]+:\/\/)(?:[^@]*@)?/, '$1');
  return schema === undefined ? place : `${place}?schema=${schema}`;
}

function serverOf(url: string, folder: string): string | null {
  const info = parseUrl(url, folder);
  return 'host' in info ? (info.socket ?? `${info.host}:${info.port}`) : null;
}

/** What a wish comes to. A URL that cannot be read is refused. */
export function targetOf(
  wish: TargetWish,
  { key, base, folder }: { readonly key: string; readonly base: string | null; readonly folder: string },
): FleetTarget {
  const given = wish.url ?? base ?? '';
  const url = wish.schema === undefined ? given : urlOfSchema(given, wish.schema);
  const name = wish.name ?? (wish.url === undefined ? wish.schema : undefined) ?? plainName(url, folder);
  return {
    name: redactUrl(name),
    key,
    server: serverOf(url, folder),
    url,
    place: plainName(url, folder),
    ...(wish.directUrl === undefined ? {} : { directUrl: wish.directUrl }),
  };
}

/** What stands for an entry that cannot be read: it fails like any target that cannot be reached. */
export function brokenTarget(key: string, problem: SurefootError): FleetTarget {
  return { name: key, key, server: null, url: '', place: key, problem };
}
