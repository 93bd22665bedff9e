// TypeORM → Schema: TypeORM makes its schema on a throw-away database, which is read back.
// In: files that export a DataSource, or entities. Out: the way to make them. Must not know the user's database: what is
// told of it is left out, and the driver's package is replaced by one that cannot connect.

import type { SqlValue } from '../dialect/connection.ts';
import type { Dialect } from '../dialect/dialect.ts';
import { isSurefootError } from '../kernel/errors.ts';
import { importAs } from '../kernel/load-module.ts';
import { firstKeywords, splitStatements } from '../kernel/sql-text.ts';
import type { DialectName } from '../schema/schema.ts';
import { entityFiles, loadInTurn } from './entity-files.ts';
import { unreadable } from './load-models.ts';
import { refusalOf } from './refusal.ts';
import type { Source, SourceRequest, Workshop } from './source.ts';
import type { Send } from './typeorm-driver.ts';
import { likeBetterSqlite3, likeMysql2, likePg } from './typeorm-driver.ts';
import type { DataSource, DataSourceClass, DataSourceOptions, EntityMetadata } from './typeorm-types.ts';
import { dataSourcesIn, decoratedClasses, entitiesIn } from './typeorm-types.ts';

const name = 'TypeORM';

interface Family {
  /** The types of data sources that speak to it; those that come first are made as they are. */
  readonly types: readonly string[];
  /** What the others are made as. */
  type(dialect: Dialect): string;
  readonly driver: (send: Send) => object;
}

const families: Readonly<Record<DialectName, Family>> = {
  postgres: {
    types: ['postgres', 'aurora-postgres'],
    type: () => 'postgres',
    driver: likePg,
  },
  mysql: {
    types: ['mysql', 'mariadb', 'aurora-mysql'],
    type: ({ traits }) => traits.flavor,
    driver: likeMysql2,
  },
  sqlite: {
    types: [
      'better-sqlite3',
      'sqlite',
      'sqljs',
      'expo',
      'cordova',
      'react-native',
      'nativescript',
      'capacitor',
    ],
    type: () => 'better-sqlite3',
    driver: likeBetterSqlite3,
  },
};

/** The types whose schema differs from that of the family's own type. */
const distinct: ReadonlySet<unknown> = new Set(['mysql', 'mariadb']);

/** The options that say something of the schema. All that tells of a server, a pool, a log or a migration is left out. */
const schemaOptions = [
  'entityPrefix',
  'namingStrategy',
  'metadataTableName',
  'schema',
  'entitySkipConstructor',
  'uuidExtension',
  'installExtensions',
  'extensions',
  'charset',
  'legacySpatialSupport',
] as const;

interface Models {
  readonly request: SourceRequest;
  readonly own: DataSource | null;
  readonly entities: readonly unknown[];
}

const placeOf = ({ files }: SourceRequest) => ({ source: name, file: files.join(', ') });

/** What the files export: one data source at most, and the entities of the files that export none. */
async function readFiles(request: SourceRequest): Promise<Models> {
  const exports = await loadInTurn(name, request.files);
  const found = [...new Set(exports.flatMap(dataSourcesIn))];
  if (found.length > 1) throw unreadable(placeOf(request), `${found.length} data sources are exported`);
  const own = found[0] ?? null;
  const loose = exports.filter((one) => dataSourcesIn(one).length === 0);
  const entities = entitiesIn(loose.flatMap((one) => Object.values(one)));
  return { request, own, entities: [...(await ownEntities(own, request)), ...entities] };
}

/** The entities of a data source, with those files loaded that it names by patterns. */
async function ownEntities(own: DataSource | null, request: SourceRequest): Promise<readonly unknown[]> {
  const given = own?.options['entities'] ?? [];
  const list: readonly unknown[] = Array.isArray(given) ? given : Object.values(given);
  const patterns = list.filter((one) => typeof one === 'string');
  const loaded = await loadInTurn(name, await entityFiles(patterns, request.projectFolder));
  const found = entitiesIn(loaded.flatMap((exports) => Object.values(exports)));
  if (patterns.length > 0 && found.length === 0)
    throw unreadable(placeOf(request), `there are no entities in ${patterns.join(', ')}`);
  return [...list.filter((one) => typeof one !== 'string'), ...found];
}

const asking = new Set(
  'select show pragma with explain start begin commit rollback savepoint release set'.split(' '),
);

/** What asks goes to the session itself; what makes something passes the judgement of the workshop. */
function sendTo({ connection, dialect, run }: Workshop): Send {
  return async (text, parameters = []) => {
    const values = parameters.map((value): SqlValue => value ?? null);
    const [first = ''] = firstKeywords(text, dialect.syntax);
    if (values.length > 0 || asking.has(first)) return await connection.query(text, values);
    for (const { sql } of splitStatements(text, dialect.syntax)) await run(sql);
    return { rows: [], affected: 0 };
  };
}

/** Only a cache that is a table of the database is a part of the schema. */
function tableCache(cache: unknown): unknown {
  if (typeof cache !== 'object' || cache === null) return cache;
  const { type = 'database', provider } = cache as { readonly type?: unknown; readonly provider?: unknown };
  return type === 'database' && provider === undefined ? cache : false;
}

function optionsOn(workshop: Workshop, { own, entities, request }: Models): DataSourceOptions {
  const family = families[request.dialect.name];
  const given = own?.options ?? {};
  const type = given['type'] ?? family.type(request.dialect);
  if (!family.types.some((one) => one === type))
    throw unreadable(placeOf(request), `the data source is of type ${String(type)}, the database is another`);
  const kept = schemaOptions.filter((key) => given[key] !== undefined).map((key) => [key, given[key]]);
  return {
    ...Object.fromEntries(kept),
    type: distinct.has(type) ? type : family.type(request.dialect),
    // SQLite's driver wants a name; it opens nothing.
    ...(request.dialect.traits.namespaces ? {} : memory(request.dialect)),
    driver: family.driver(sendTo(workshop)),
    // Asked for by 0.3, where the driver of MySQL is given.
    connectorPackage: 'mysql2',
    cache: tableCache(given['cache']) ?? false,
    entities,
    logging: false,
  };
}

/** Where tables are rebuilt the database is a file, for which the driver asks. */
const memory = ({ traits }: Dialect) => (traits.rebuildsTables ? { database: ':memory:' } : {});

async function dataSourceClass({ own, request }: Models): Promise<DataSourceClass> {
  if (own !== null) return own.constructor as DataSourceClass;
  const [file = request.projectFolder] = request.files;
  return (await importAs<{ readonly DataSource: DataSourceClass }>(file, 'typeorm')).DataSource;
}

/** Entities with methods of their own (BaseEntity) are told the data source; they get the user's back. */
async function buildMetadatas(dataSource: DataSource): Promise<void> {
  const targets = decoratedClasses().filter((target): target is object => typeof target === 'function');
  const before = targets.map((target) => Object.getOwnPropertyDescriptor(target, 'dataSource'));
  try {
    await dataSource.buildMetadatas();
  } finally {
    for (const [index, target] of targets.entries()) {
      Reflect.deleteProperty(target, 'dataSource');
      const own = before[index];
      if (own !== undefined) Object.defineProperty(target, 'dataSource', own);
    }
  }
}

/** What TypeORM would make of itself without a word. */
function problemIn(metadatas: readonly EntityMetadata[]): string | null {
  const tables = new Map<string, string>();
  for (const { name: entity, tablePath, tableType, synchronize, database } of metadatas) {
    if (!synchronize) continue;
    if (database !== undefined) return `${entity} stands in another database, ${database}`;
    if (tableType === 'entity-child') continue;
    const other = tables.get(tablePath);
    if (other !== undefined) return `table ${tablePath} is declared twice, by ${other} and ${entity}`;
    tables.set(tablePath, entity);
  }
  return null;
}

/** TypeORM creates tables in namespaces, but not the namespaces. */
async function createNamespaces({ entityMetadatas }: DataSource, { dialect, run }: Workshop): Promise<void> {
  if (!dialect.traits.namespaces) return;
  const made = entityMetadatas.filter(({ synchronize }) => synchronize).map(({ schema }) => schema);
  for (const namespace of new Set(made))
    if (namespace !== undefined) await run(`CREATE SCHEMA IF NOT EXISTS ${dialect.quote(namespace)}`);
}

/** TypeORM's notes on views and generated columns are no part of the models. */
async function dropNotes(dataSource: DataSource): Promise<void> {
  const { driver, metadataTableName, entityMetadatas } = dataSource;
  if (entityMetadatas.some(({ tableName }) => tableName === metadataTableName)) return;
  const path = driver.buildTableName(metadataTableName, driver.schema, driver.database);
  const runner = dataSource.createQueryRunner();
  try {
    if (await runner.hasTable(path)) await runner.dropTable(path);
  } finally {
    await runner.release();
  }
}

async function synchronize(dataSource: DataSource, workshop: Workshop, models: Models): Promise<void> {
  await dataSource.driver.connect();
  // As `initialize` does, which goes on to what the options were stripped of.
  Object.assign(dataSource, { isInitialized: true });
  try {
    await buildMetadatas(dataSource);
    const problem = problemIn(dataSource.entityMetadatas);
    if (problem !== null) throw unreadable(placeOf(models.request), problem);
    await createNamespaces(dataSource, workshop);
    await dataSource.driver.afterConnect();
    await dataSource.synchronize();
    await dropNotes(dataSource);
  } finally {
    await dataSource.destroy();
  }
}

async function make(workshop: Workshop, models: Models): Promise<readonly []> {
  const options = optionsOn(workshop, models);
  const Made = await dataSourceClass(models);
  try {
    await synchronize(new Made(options), workshop, models);
    return [];
  } catch (cause) {
    if (isSurefootError(cause, 'source/unreadable')) throw cause;
    throw unreadable(placeOf(models.request), refusalOf(cause), cause);
  }
}

/** Entities of TypeORM, and its data sources. */
export const typeormSource: Source = {
  name,
  recognises: async (file) => {
    const exports = await file.exports();
    return dataSourcesIn(exports).length > 0 || entitiesIn(Object.values(exports)).length > 0;
  },
  read: async (request) => {
    const models = await readFiles(request);
    return { kind: 'made', make: (workshop) => make(workshop, models) };
  },
};
