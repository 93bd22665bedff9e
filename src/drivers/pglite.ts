// PostgreSQL in the process, through the package @electric-sql/pglite.
// In: a folder, nothing, or an instance of the user's. Out: Database. Must not know revisions or plans.

import { existsSync } from 'node:fs';
import type { Extension, Extensions } from '@electric-sql/pglite';
import type { Connection, Database, QueryResult, Row, SqlValue } from '../dialect/connection.ts';
import { importPackage } from '../kernel/import-package.ts';
import { invariant } from '../kernel/invariant.ts';
import { borrowedDatabase, rememberPostgres } from './borrowed.ts';
import { databaseError } from './failure.ts';
import { emptyPglite } from './pglite-template.ts';
import { postgresFailure } from './postgres-failure.ts';
import { postgresAffected, postgresReaders } from './postgres-values.ts';

/** What Surefoot needs of a PGlite instance. */
export interface PgliteInstance {
  query(sql: string, parameters?: unknown[], options?: { readonly parsers?: object }): Promise<PgliteResult>;
  exec(sql: string): Promise<unknown>;
  close(): Promise<void>;
}

interface PgliteResult {
  readonly rows: readonly unknown[];
  readonly affectedRows?: number;
  readonly command?: string;
}

/** A folder that keeps the data, memory, or an instance which the user keeps. */
export type PgliteOptions =
  | {
      readonly dir: string;
      /** `true`: only to be looked at. A missing folder is an empty database then, and is not created. */
      readonly reading?: boolean;
    }
  | { readonly memory: true }
  | { readonly instance: PgliteInstance };

/** A PGlite database: one session, whatever asks for it. */
export function pgliteDatabase(options: PgliteOptions): Database {
  if ('instance' in options) return instanceDatabase(options.instance);
  return 'dir' in options ? ownDatabase(options.dir, options) : ownDatabase(null);
}

function instanceDatabase(instance: PgliteInstance): Database {
  const description = 'pglite (an instance of yours)';
  return borrowedDatabase({
    description,
    remember: rememberPostgres,
    open: async () => connectionOf(instance, description),
  });
}

function ownDatabase(dir: string | null, { reading = false } = {}): Database {
  const description = dir === null ? 'pglite:' : `pglite:${dir}`;
  let instance: Promise<PgliteInstance> | null = null;
  return {
    description,
    sessions: 'one',
    async connect() {
      instance ??= open(reading && dir !== null && !existsSync(dir) ? null : dir, description);
      return connectionOf(await instance, description);
    },
    async close() {
      const closing = instance;
      instance = null;
      await (await closing)?.close();
    },
  };
}

async function open(dir: string | null, description: string): Promise<PgliteInstance> {
  const { PGlite } = await importPackage('@electric-sql/pglite', () => import('@electric-sql/pglite'));
  try {
    if (dir !== null) return await PGlite.create(dir);
    return await emptyPglite((given) => PGlite.create(given), { extensions: await extensions() });
  } catch (error) {
    throw databaseError(postgresFailure(error, 'connect'), { database: description }, error);
  }
}

/** The extensions that a throw-away database offers, as a server does: models and revisions rest on them. */
const offered = [
  'btree_gin',
  'btree_gist',
  'citext',
  'cube',
  'fuzzystrmatch',
  'hstore',
  'intarray',
  'ltree',
  'pg_trgm',
  'pgcrypto',
  'unaccent',
  'uuid_ossp',
] as const;

/** Those of them that the installed release brings. */
async function extensions(): Promise<Extensions> {
  const found = await Promise.allSettled(offered.map(async (name) => [name, await extension(name)] as const));
  return Object.fromEntries(found.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : [])));
}

async function extension(name: string): Promise<Extension> {
  const loaded: Readonly<Record<string, Extension>> = await import(
    /* @vite-ignore */ `@electric-sql/pglite/contrib/${name}`
  );
  const found = loaded[name];
  invariant(found !== undefined, `@electric-sql/pglite/contrib/${name} exports ${name}`);
  return found;
}

const parsers = postgresReaders();

function connectionOf(instance: PgliteInstance, description: string): Connection {
  const guarded = async <T>(sql: string, work: () => Promise<T>): Promise<T> => {
    try {
      return await work();
    } catch (error) {
      throw databaseError(postgresFailure(error, 'query'), { database: description, sql }, error);
    }
  };
  return {
    native: instance,
    query: (sql, parameters = []) =>
      guarded(sql, async () => readResult(await instance.query(sql, bound(parameters), { parsers }))),
    async script(statements) {
      const sql = statements.join('\n;\n');
      if (sql !== '') await guarded(sql, () => instance.exec(sql));
    },
    // The one session belongs to the database: it ends when the database is closed.
    close: async () => undefined,
  };
}

function bound(parameters: readonly SqlValue[]): unknown[] {
  return [...parameters];
}

function readResult(result: PgliteResult): QueryResult {
  return {
    rows: result.rows as readonly Row[],
    affected: postgresAffected(result.command, result.affectedRows),
  };
}
