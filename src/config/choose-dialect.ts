// Names become objects: the only place where a dialect is chosen.
// In: a URL, or what the user has connected. Out: Database, Dialect. Must not know revisions or plans.

import type { Connection, Database } from '../dialect/connection.ts';
import type { Dialect, ServerFacts, Traits } from '../dialect/dialect.ts';
import { type ConnectionInfo, parseUrl } from '../drivers/connection-info.ts';
import { mysql2Database } from '../drivers/mysql2.ts';
import { nodeSqlite } from '../drivers/node-sqlite.ts';
import { pgDatabase } from '../drivers/pg.ts';
import { pgliteDatabase } from '../drivers/pglite.ts';
import type { DialectName } from '../schema/schema.ts';
import { recogniseConnection } from './recognise-connection.ts';

/**
 * A database to use: by URL, or by what the user has connected: a `pg` Pool or Client, a `mysql2` connection or pool
 * (either flavour), a `DatabaseSync`, a PGlite. What the user connected is never closed.
 */
export type DatabaseTarget =
  | {
      readonly url: string;
      readonly folder?: string;
      /** `true`: it is only looked at. What is not there is an empty database then, and is not created. */
      readonly reading?: boolean;
      /** `false`: a file that is not there is refused. */
      readonly create?: boolean;
    }
  | { readonly connection: unknown };

/** A database and the family it belongs to. */
export interface ChosenDatabase {
  readonly database: Database;
  readonly dialectName: DialectName;
}

/** Opens a database; no session is begun yet. Relative paths of a URL are resolved against `folder`. */
export async function openDatabase(target: DatabaseTarget): Promise<ChosenDatabase> {
  if ('connection' in target) return await recogniseConnection(target.connection);
  return databaseOf(parseUrl(target.url, target.folder ?? '.'), target);
}

function databaseOf(
  info: ConnectionInfo,
  { reading = false, create = true }: { readonly reading?: boolean; readonly create?: boolean },
): ChosenDatabase {
  switch (info.driver) {
    case 'node-sqlite':
      return {
        database: nodeSqlite({ ...info, reading, create: info.create && create }),
        dialectName: 'sqlite',
      };
    case 'pglite': {
      const options = info.dir === null ? ({ memory: true } as const) : { dir: info.dir, reading };
      return { database: pgliteDatabase(options), dialectName: 'postgres' };
    }
    case 'pg':
      return { database: pgDatabase({ server: info }), dialectName: 'postgres' };
    case 'mysql2':
      return { database: mysql2Database({ server: info }), dialectName: 'mysql' };
  }
}

/** A dialect that knows the server at hand, and what that server says about itself. */
export interface ConnectedDialect {
  readonly dialect: Dialect;
  readonly facts: ServerFacts;
}

/** Asks the server what it is and gives its dialect. Only the family that is needed is loaded. */
export async function connectDialect(name: DialectName, connection: Connection): Promise<ConnectedDialect> {
  switch (name) {
    case 'postgres':
      return await (await import('../dialects/postgres/index.ts')).connectPostgres(connection);
    case 'mysql':
      return await (await import('../dialects/mysql/index.ts')).connectMysql(connection);
    case 'sqlite':
      return await (await import('../dialects/sqlite/index.ts')).connectSqlite(connection);
  }
}

/** `PostgreSQL 14.2 (Debian 14.2-1)`, `MySQL 8.0.36`: the version in what a server said of itself. */
function versionIn(product: string | undefined): Traits['version'] | null {
  const [, major, minor = '0', patch = '0'] = /\b(\d+)(?:\.(\d+))?(?:\.(\d+))?/.exec(product ?? '') ?? [];
  return major === undefined ? null : [Number(major), Number(minor), Number(patch)];
}

const families = { postgresql: 'postgres', mysql: 'mysql', mariadb: 'mariadb', sqlite: 'sqlite' } as const;
type Family = (typeof families)[keyof typeof families];

/** Which server says that of itself. */
function familyIn(product: string | undefined): Family | null {
  const word = /^[a-z]+/i.exec(product ?? '')?.[0].toLowerCase() ?? '';
  return Object.entries(families).find(([name]) => name === word)?.[1] ?? null;
}

/** The server of a URL, which `told` knows better where the URL leaves open what it is. */
function familyOf(url: string, told: Family | null, folder: string): Family {
  const { driver } = parseUrl(url, folder);
  if (driver === 'node-sqlite') return 'sqlite';
  if (driver !== 'mysql2') return 'postgres';
  if (told === 'mysql' || told === 'mariadb') return told;
  return url.startsWith('mariadb') ? 'mariadb' : 'mysql';
}

/**
 * The dialect for a script, as nobody is asked. `url` names the family; `product` is what a server said of itself some day:
 * its version, and its family where no URL is given. Without it the server is one of the newest kind.
 */
export async function offlineDialect(
  options: { readonly url?: string | undefined; readonly product?: string | undefined },
  folder: string,
): Promise<Dialect> {
  const told = familyIn(options.product);
  const family = options.url === undefined ? (told ?? 'sqlite') : familyOf(options.url, told, folder);
  // What another kind of server said is no version of this one.
  const version = told === family ? versionIn(options.product) : null;
  if (family === 'sqlite') return (await import('../dialects/sqlite/index.ts')).createSqlite();
  if (family !== 'postgres') {
    const { createMysql, defaultMariadbTraits, defaultMysqlTraits } = await import(
      '../dialects/mysql/index.ts'
    );
    const traits = family === 'mariadb' ? defaultMariadbTraits : defaultMysqlTraits;
    return createMysql(version ? { ...traits, version } : traits);
  }
  const { createPostgres, defaultPostgresTraits } = await import('../dialects/postgres/index.ts');
  return createPostgres(version ? { ...defaultPostgresTraits, version } : defaultPostgresTraits);
}
