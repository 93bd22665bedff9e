// What a user hands in, told apart by its members: classes differ between versions and copies of a package.
// In: any value. Out: Database. Must not know revisions or plans.

import type { DatabaseSync } from 'node:sqlite';
import type { Database } from '../dialect/connection.ts';
import { type MysqlPool, type MysqlSession, mysql2Database } from '../drivers/mysql2.ts';
import { nodeSqlite } from '../drivers/node-sqlite.ts';
import { type PgClient, type PgPool, pgDatabase } from '../drivers/pg.ts';
import { type PgliteInstance, pgliteDatabase } from '../drivers/pglite.ts';
import { SurefootError } from '../kernel/errors.ts';
import type { DialectName } from '../schema/schema.ts';

interface Recognised {
  readonly database: Database;
  readonly dialectName: DialectName;
}

const lent = new WeakMap<object, Recognised>();

/** Something to hand in as a connection, for a database that Surefoot has opened itself. */
export function lend(database: Database, dialectName: DialectName): object {
  const handle = {};
  lent.set(handle, { database, dialectName });
  return handle;
}

/** The database behind a connection, pool or handle. */
export async function recogniseConnection(value: unknown): Promise<Recognised> {
  const handle = unwrap(value);
  const own = typeof handle === 'object' && handle !== null ? lent.get(handle) : undefined;
  if (own !== undefined) return own;
  if (hasMethods(handle, ['prepare', 'exec']) && (await isDatabaseSync(handle))) {
    return { database: nodeSqlite({ handle: handle as DatabaseSync }), dialectName: 'sqlite' };
  }
  const postgres = postgresDatabase(handle);
  if (postgres !== null) return { database: postgres, dialectName: 'postgres' };
  const mysql = mysqlDatabase(handle);
  if (mysql !== null) return { database: mysql, dialectName: 'mysql' };
  throw new SurefootError('usage/invalid', 'the connection is not of a kind that Surefoot knows', {
    details: { argument: 'connection' },
    hint: 'Give a Pool or Client of pg, a connection or pool of mysql2, a DatabaseSync, a PGlite, or a URL.',
  });
}

/** A Drizzle database carries its client. */
function unwrap(value: unknown): unknown {
  return typeof value === 'object' && value !== null && '$client' in value ? value.$client : value;
}

function hasMethods(value: unknown, names: readonly string[]): value is object {
  if (typeof value !== 'object' || value === null) return false;
  const members = value as Readonly<Record<string, unknown>>;
  return names.every((name) => typeof members[name] === 'function');
}

/** Other SQLite libraries have the same methods with other meanings. */
async function isDatabaseSync(handle: object): Promise<boolean> {
  const sqlite = await import('node:sqlite');
  return handle instanceof sqlite.DatabaseSync;
}

function postgresDatabase(handle: unknown): Database | null {
  if (hasMethods(handle, ['query', 'exec', 'execProtocol'])) {
    return pgliteDatabase({ instance: handle as PgliteInstance });
  }
  if (!hasMethods(handle, ['query', 'connect'])) return null;
  if (isPgPool(handle)) return pgDatabase({ pool: handle });
  return hasMethods(handle, ['escapeIdentifier']) ? pgDatabase({ client: handle as PgClient }) : null;
}

function isPgPool(handle: object): handle is PgPool {
  return 'totalCount' in handle && 'idleCount' in handle;
}

function mysqlDatabase(handle: unknown): Database | null {
  if (hasMethods(handle, ['query', 'execute', 'getConnection'])) {
    return mysql2Database({ pool: handle as MysqlPool });
  }
  return hasMethods(handle, ['query', 'execute', 'beginTransaction', 'changeUser'])
    ? mysql2Database({ connection: handle as MysqlSession })
    : null;
}
