// TypeORM on a session that is given to it.
// In: TypeORM's own code, the user's options, a session. Out: a data source that can reach nothing else.
// Must not know migrations.

import type { Dialect } from '../../dialect/dialect.ts';
import type { DialectName } from '../../schema/schema.ts';
import { entityFiles } from '../../sources/entity-files.ts';
import type { Send } from '../../sources/typeorm-driver.ts';
import { likeBetterSqlite3, likeMysql2, likePg } from '../../sources/typeorm-driver.ts';
import type { DataSource, DataSourceClass, DataSourceOptions } from '../../sources/typeorm-types.ts';
import { entitiesIn } from '../../sources/typeorm-types.ts';
import { lastIdAfter } from '../programs/last-id.ts';
import { isRecord, loadLibrary, loadProgram } from '../programs/load.ts';
import type { ProgramSession } from '../programs/session.ts';

/** What migrations are given. */
export interface QueryRunner {
  hasTable(path: string): Promise<boolean>;
  startTransaction(): Promise<void>;
  commitTransaction(): Promise<void>;
  rollbackTransaction(): Promise<void>;
  beforeMigration?(): Promise<void>;
  afterMigration?(): Promise<void>;
  release(): Promise<void>;
}

/** The family of a data source's type; `null`: it is none that Surefoot knows. */
export function familyOf(type: unknown): DialectName | null {
  if (typeof type !== 'string') return null;
  if (/postgres/.test(type)) return 'postgres';
  if (/mysql|mariadb/.test(type)) return 'mysql';
  const lite = [
    'sqlite',
    'better-sqlite3',
    'sqljs',
    'expo',
    'cordova',
    'react-native',
    'nativescript',
    'capacitor',
  ];
  return lite.includes(type) ? 'sqlite' : null;
}

const types: Readonly<Record<DialectName, (dialect: Dialect) => string>> = {
  postgres: () => 'postgres',
  mysql: ({ traits }) => traits.flavor,
  sqlite: () => 'better-sqlite3',
};

const drivers: Readonly<Record<DialectName, (send: Send) => object>> = {
  postgres: likePg,
  mysql: likeMysql2,
  sqlite: likeBetterSqlite3,
};

const kept = [
  'entityPrefix',
  'namingStrategy',
  'metadataTableName',
  'schema',
  'uuidExtension',
  'charset',
  'legacySpatialSupport',
] as const;

/** The entities, for migrations that ask an entity manager. Without those that cannot be loaded. */
async function entitiesOf(options: DataSourceOptions, folder: string): Promise<readonly unknown[]> {
  const given = options['entities'] ?? [];
  const list: readonly unknown[] = Array.isArray(given) ? given : isRecord(given) ? Object.values(given) : [];
  const files = await entityFiles(
    list.filter((one) => typeof one === 'string'),
    folder,
  );
  const loaded = await Promise.all(files.map((file) => loadProgram(file).catch(() => ({}))));
  return [
    ...list.filter((one) => typeof one !== 'string'),
    ...entitiesIn(loaded.flatMap((one) => Object.values(one))),
  ];
}

async function classOf(own: DataSource | null, folder: string): Promise<DataSourceClass> {
  if (own !== null) return own.constructor as DataSourceClass;
  return (await loadLibrary<{ readonly DataSource: DataSourceClass }>(folder, 'typeorm')).DataSource;
}

interface QueryAnswer {
  raw?: unknown;
  records?: unknown;
}

type AskedQuery = (sql: string, values?: readonly unknown[], structured?: boolean) => Promise<QueryAnswer>;

interface RunnerMaker {
  createQueryRunner(mode: string): { query: AskedQuery };
}

/** The driver of SQLite answers at once, the session later: whoever asks is made to wait. */
function waiting(driver: RunnerMaker, session: ProgramSession): void {
  const make = driver.createQueryRunner.bind(driver);
  driver.createQueryRunner = (mode) => {
    const runner = make(mode);
    const ask = runner.query.bind(runner);
    runner.query = async (sql, values = [], structured = false) => {
      const answer = await ask(sql, values, true);
      const rows = await answer.raw;
      const id = await lastIdAfter(sql, session);
      answer.raw = id === 0 ? rows : id;
      if (Array.isArray(rows)) answer.records = rows;
      return structured ? answer : (answer.raw as QueryAnswer);
    };
    return runner;
  };
}

/** A data source whose only connection is the session. */
export async function dataSourceOn(
  own: DataSource | null,
  session: ProgramSession,
  folders: { readonly project: string; readonly migrations: string },
): Promise<DataSource> {
  const { dialect } = session;
  const given = own?.options ?? {};
  const told = Object.fromEntries(
    kept.flatMap((key) => (given[key] === undefined ? [] : [[key, given[key]]])),
  );
  const Made = await classOf(own, folders.migrations);
  const dataSource = new Made({
    ...told,
    type: types[dialect.name](dialect),
    ...(dialect.traits.rebuildsTables ? { database: ':memory:' } : {}),
    driver: drivers[dialect.name]((sql, parameters = []) => session.send(sql, parameters)),
    connectorPackage: 'mysql2',
    // What the entities ask for was made when they were first used, not by a migration.
    installExtensions: false,
    entities: await entitiesOf(given, folders.project),
    logging: false,
  });
  await dataSource.driver.connect();
  Object.assign(dataSource, { isInitialized: true });
  if (dialect.name === 'sqlite') waiting(dataSource.driver as unknown as RunnerMaker, session);
  if (!dialect.traits.rebuildsTables)
    await session.named((database) => void Object.assign(dataSource.driver, { database }));
  await dataSource.buildMetadatas();
  await dataSource.driver.afterConnect();
  return dataSource;
}
