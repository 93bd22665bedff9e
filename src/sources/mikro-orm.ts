// MikroORM → Schema: the statements of MikroORM's own schema generator are run on a throw-away database, which is read back.
// In: files that export a config, an ORM, or entities. Out: the way to make them. Must not know the user's database: what is
// told of it is left out, and nothing here connects.

import { isSurefootError } from '../kernel/errors.ts';
import { importAs } from '../kernel/load-module.ts';
import { splitStatements } from '../kernel/sql-text.ts';
import type { DialectName } from '../schema/schema.ts';
import { entityFiles, loadInTurn } from './entity-files.ts';
import { unreadable } from './load-models.ts';
import type { MikroLibrary, MikroOptions, Orm } from './mikro-orm-types.ts';
import { entitiesIn, lineage, optionsIn, ormsIn } from './mikro-orm-types.ts';
import { refusalOf } from './refusal.ts';
import type { Source, SourceRequest, Workshop } from './source.ts';

const name = 'MikroORM';

interface Family {
  /** Its packages and what they call their driver. */
  readonly packages: Readonly<Record<string, string>>;
  /** The platform that all its drivers extend. */
  readonly platform: string;
}

const families: Readonly<Record<DialectName, Family>> = {
  postgres: {
    packages: { '@mikro-orm/postgresql': 'PostgreSqlDriver' },
    platform: 'BasePostgreSqlPlatform',
  },
  mysql: {
    packages: { '@mikro-orm/mysql': 'MySqlDriver', '@mikro-orm/mariadb': 'MariaDbDriver' },
    platform: 'BaseMySqlPlatform',
  },
  sqlite: {
    packages: {
      '@mikro-orm/sqlite': 'SqliteDriver',
      '@mikro-orm/libsql': 'LibSqlDriver',
      '@mikro-orm/sql': 'SqliteDriver',
    },
    platform: 'SqlitePlatform',
  },
};

/** The options that tell of a server, a pool, a log, a cache or a migration, and nothing of the schema. */
const left: ReadonlySet<string> = new Set([
  'clientUrl',
  'host',
  'port',
  'user',
  'password',
  'replicas',
  'driverOptions',
  'pool',
  'onConnectionCreated',
  'onCreateConnection',
  'onReserveConnection',
  'loggerFactory',
  'slowQueryLoggerFactory',
  'debug',
  'extensions',
  'subscribers',
  'migrations',
  'seeder',
  'metadataCache',
  'resultCache',
  'preferEnvVars',
]);

interface Models {
  readonly request: SourceRequest;
  readonly given: MikroOptions;
  readonly orms: readonly Orm[];
  readonly entities: readonly unknown[];
}

const placeOf = ({ files }: SourceRequest) => ({ source: name, file: files.join(', ') });

/** What the files export: one config at most, and the entities of the files that export none. */
async function readFiles(request: SourceRequest): Promise<Models> {
  const exports = await loadInTurn(name, request.files);
  const found = [...new Set(exports.flatMap(optionsIn))];
  if (found.length > 1) throw unreadable(placeOf(request), `${found.length} configs are exported`);
  const given = found[0] ?? {};
  const loose = exports.filter((one) => optionsIn(one).length === 0);
  const entities = entitiesIn(loose.flatMap((one) => Object.values(one)));
  const own = await ownEntities(given, request);
  return { request, given, orms: exports.flatMap(ormsIn), entities: [...new Set([...own, ...entities])] };
}

const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);

/** The entities of a config, with those files loaded that it names by patterns: the TypeScript ones where it names such. */
async function ownEntities(given: MikroOptions, request: SourceRequest): Promise<readonly unknown[]> {
  const typed = listOf(given['entitiesTs']);
  const list = typed.length > 0 ? typed : listOf(given['entities']);
  const patterns = list.filter((one) => typeof one === 'string');
  const { baseDir } = given;
  const folder = typeof baseDir === 'string' ? baseDir : request.projectFolder;
  const loaded = await loadInTurn(name, await entityFiles(patterns, folder));
  const found = entitiesIn(loaded.flatMap((exports) => Object.values(exports)));
  if (patterns.length > 0 && found.length === 0)
    throw unreadable(placeOf(request), `there are no entities in ${patterns.join(', ')}`);
  return [...list.filter((one) => typeof one !== 'string'), ...found];
}

interface Library {
  readonly exports: MikroLibrary;
  readonly driver: unknown;
}

/** The first of the family's packages that the user has; the one that is called as the server is comes first. */
async function libraryFor({ files, projectFolder, dialect }: SourceRequest): Promise<Library> {
  const [file = projectFolder] = files;
  const { flavor } = dialect.traits;
  const packages = Object.entries(families[dialect.name].packages);
  const sorted = packages.toSorted(([a], [b]) => Number(b.endsWith(flavor)) - Number(a.endsWith(flavor)));
  let missing: unknown;
  for (const [specifier, driver] of sorted) {
    try {
      const exports = await importAs<MikroLibrary>(file, specifier);
      return { exports, driver: exports[driver] };
    } catch (error) {
      if (!isSurefootError(error, 'driver/missing')) throw error;
      missing ??= error;
    }
  }
  throw missing;
}

function optionsOn({ given, entities }: Models, { exports, driver }: Library): MikroOptions {
  return {
    driver,
    dbName: 'surefoot',
    ...Object.fromEntries(Object.entries(given).filter(([key]) => !left.has(key))),
    entities,
    entitiesTs: [],
    metadataCache: { enabled: false, adapter: exports['NullCacheAdapter'] },
    debug: false,
    logger: () => undefined,
  };
}

async function openOrm(models: Models): Promise<Orm> {
  const library = await libraryFor(models.request);
  const orm = await library.exports.MikroORM.init(optionsOn(models, library));
  const { dialect } = models.request;
  const platform = orm.config.getPlatform();
  if (!lineage(platform).includes(families[dialect.name].platform))
    throw unreadable(
      placeOf(models.request),
      `the config is for ${platform.constructor.name}, the database is another`,
    );
  return orm;
}

/** All that MikroORM would create. */
async function createSql(models: Models): Promise<string> {
  try {
    return await (await openOrm(models)).schema.getCreateSchemaSQL({ wrap: false });
  } finally {
    // The entities of an ORM that runs in this process know it again.
    for (const one of models.orms) one.getMetadata().decorate(one.em);
  }
}

async function make({ dialect, run }: Workshop, models: Models): Promise<readonly []> {
  try {
    for (const { sql } of splitStatements(await createSql(models), dialect.syntax)) await run(sql);
    return [];
  } catch (cause) {
    if (isSurefootError(cause, 'source/unreadable') || isSurefootError(cause, 'driver/missing')) throw cause;
    throw unreadable(placeOf(models.request), refusalOf(cause), cause);
  }
}

/** Entities of MikroORM, its configs, and instances of it. */
export const mikroOrmSource: Source = {
  name,
  recognises: async (file) => {
    const exports = await file.exports();
    return optionsIn(exports).length > 0 || entitiesIn(Object.values(exports)).length > 0;
  },
  read: async (request) => {
    const models = await readFiles(request);
    return { kind: 'made', make: (workshop) => make(workshop, models) };
  },
};
