// Kysely on a session that is given to it: Kysely itself, and what is built on it.
// In: Kysely's own code, a session. Out: a dialect as Kysely takes them. Must not know migrations.

import type { CompiledQuery, DatabaseConnection, Driver, Dialect as KyselyDialect } from 'kysely';
import type { DialectName } from '../../schema/schema.ts';
import { lastIdAfter } from './last-id.ts';
import type { ProgramSession } from './session.ts';

export type KyselyLibrary = typeof import('kysely');
type Family = Omit<KyselyDialect, 'createDriver'>;

const families: Readonly<Record<DialectName, (kysely: KyselyLibrary) => Family>> = {
  postgres: (kysely) => ({
    createAdapter: () => new kysely.PostgresAdapter(),
    createIntrospector: (db) => new kysely.PostgresIntrospector(db),
    createQueryCompiler: () => new kysely.PostgresQueryCompiler(),
  }),
  mysql: (kysely) => ({
    createAdapter: () => new kysely.MysqlAdapter(),
    createIntrospector: (db) => new kysely.MysqlIntrospector(db),
    createQueryCompiler: () => new kysely.MysqlQueryCompiler(),
  }),
  sqlite: (kysely) => ({
    createAdapter: () => new kysely.SqliteAdapter(),
    createIntrospector: (db) => new kysely.SqliteIntrospector(db),
    createQueryCompiler: () => new kysely.SqliteQueryCompiler(),
  }),
};

function connectionOn(session: ProgramSession): DatabaseConnection {
  const execute = async <R>({ sql, parameters }: CompiledQuery) => {
    const { rows, affected } = await session.send(sql, parameters);
    const id = await lastIdAfter(sql, session);
    return {
      rows: rows as R[],
      ...(affected === null ? {} : { numAffectedRows: BigInt(affected) }),
      ...(id === 0 ? {} : { insertId: BigInt(id) }),
    };
  };
  return {
    executeQuery: execute,
    async *streamQuery<R>(query: CompiledQuery) {
      yield await execute<R>(query);
    },
  };
}

function driverOn(session: ProgramSession): Driver {
  const connection = connectionOn(session);
  const send = (sql: string) => async () => {
    await session.send(sql);
  };
  const quoted = (name: string) => session.dialect.quote(name);
  return {
    init: async () => {},
    acquireConnection: async () => connection,
    beginTransaction: send('BEGIN'),
    commitTransaction: send('COMMIT'),
    rollbackTransaction: send('ROLLBACK'),
    savepoint: (_, name) => send(`SAVEPOINT ${quoted(name)}`)(),
    rollbackToSavepoint: (_, name) => send(`ROLLBACK TO SAVEPOINT ${quoted(name)}`)(),
    releaseSavepoint: (_, name) => send(`RELEASE SAVEPOINT ${quoted(name)}`)(),
    releaseConnection: async () => {},
    destroy: async () => {},
  };
}

/** The dialect of a family, on the session. */
export const kyselyDialectOn = (kysely: KyselyLibrary, session: ProgramSession): KyselyDialect => ({
  ...families[session.dialect.name](kysely),
  createDriver: () => driverOn(session),
});
