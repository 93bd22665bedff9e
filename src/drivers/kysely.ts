import type { CompiledQuery, DatabaseConnection, Driver, Kysely, Dialect as KyselyDialect } from 'kysely';
import type { Connection, SqlValue } from '../dialect/connection.ts';
import type { Dialect } from '../dialect/dialect.ts';
import { SurefootError } from '../kernel/errors.ts';
import { importPackage } from '../kernel/import-package.ts';
import type { DialectName } from '../schema/schema.ts';

type KyselyModule = typeof import('kysely');
type Family = Omit<KyselyDialect, 'createDriver'>;
type Session = Pick<Connection, 'query'>;

/** The part of Kysely that belongs to a family. */
function familyOf(kysely: KyselyModule, name: DialectName): Family {
  const families: Readonly<Record<DialectName, () => Family>> = {
    postgres: () => ({
      createAdapter: () => new kysely.PostgresAdapter(),
      createIntrospector: (db) => new kysely.PostgresIntrospector(db),
      createQueryCompiler: () => new kysely.PostgresQueryCompiler(),
    }),
    mysql: () => ({
      createAdapter: () => new kysely.MysqlAdapter(),
      createIntrospector: (db) => new kysely.MysqlIntrospector(db),
      createQueryCompiler: () => new kysely.MysqlQueryCompiler(),
    }),
    sqlite: () => ({
      createAdapter: () => new kysely.SqliteAdapter(),
      createIntrospector: (db) => new kysely.SqliteIntrospector(db),
      createQueryCompiler: () => new kysely.SqliteQueryCompiler(),
    }),
  };
  return families[name]();
}

/** A value as a driver takes it: dates as ISO text in UTC, objects as JSON. */
function toSqlValue(value: unknown): SqlValue {
  if (value === null || value === undefined) return null;
  if (value instanceof Date) return value.toISOString().replace('T', ' ').replace('Z', '');
  if (value instanceof Uint8Array) return value;
  if (typeof value === 'object') return JSON.stringify(value);
  return value as SqlValue;
}

function refuseTransaction(): never {
  throw new SurefootError('run/implicit-commit', 'a data step stands in a transaction already', {
    details: { revision: '', sql: 'BEGIN' },
    hint: 'Use the Kysely instance as it is: the step commits with its journal entry.',
  });
}

function databaseConnection(session: Session): DatabaseConnection {
  return {
    executeQuery: async <R>({ sql, parameters }: CompiledQuery) => {
      const { rows, affected } = await session.query(sql, parameters.map(toSqlValue));
      return { rows: rows as R[], ...(affected === null ? {} : { numAffectedRows: BigInt(affected) }) };
    },
    // biome-ignore lint/correctness/useYield: the interface asks for a generator; streaming is not offered.
    streamQuery: async function* () {
      throw new SurefootError('operation/unsupported', 'streaming is not offered in a data step', {
        details: { operation: 'stream', dialect: 'any' },
        hint: 'Read in pages instead.',
      });
    },
  };
}

function driverOn(session: Session): Driver {
  const connection = databaseConnection(session);
  return {
    init: async () => {},
    acquireConnection: async () => connection,
    beginTransaction: async () => refuseTransaction(),
    commitTransaction: async () => refuseTransaction(),
    rollbackTransaction: async () => refuseTransaction(),
    releaseConnection: async () => {},
    destroy: async () => {},
  };
}

/** A Kysely instance on a session of ours: what it runs stands in the step's transaction. */
export async function kyselyOn(session: Session, dialect: Pick<Dialect, 'name'>): Promise<Kysely<unknown>> {
  const kysely = await importPackage('kysely', () => import('kysely'));
  return new kysely.Kysely<unknown>({
    dialect: { ...familyOf(kysely, dialect.name), createDriver: () => driverOn(session) },
  });
}
