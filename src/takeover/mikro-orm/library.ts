// MikroORM on a session that is given to it.
// In: MikroORM's own code, the user's options, a session. Out: a driver and a config, as migrations are made with.
// Must not know migrations.

import { SurefootError } from '../../kernel/errors.ts';
import type { DialectName } from '../../schema/schema.ts';
import type { MikroOptions } from '../../sources/mikro-orm-types.ts';
import { lineage } from '../../sources/mikro-orm-types.ts';
import type { KyselyLibrary } from '../programs/kysely-dialect.ts';
import { kyselyDialectOn } from '../programs/kysely-dialect.ts';
import { isRecord, loadLibrary } from '../programs/load.ts';
import type { ProgramSession } from '../programs/session.ts';

/** A driver of MikroORM, as far as migrations of it are run. */
export interface Driver {
  execute(query: unknown, values: unknown, method: string, transaction: unknown): Promise<unknown>;
  getConnection(): {
    transactional<T>(work: (transaction: unknown) => Promise<T>): Promise<T>;
  };
  getPlatform(): {
    getSchemaHelper(): {
      getSchemaBeginning(charset: string, disableForeignKeys?: boolean): string;
      getSchemaEnd(disableForeignKeys?: boolean): string;
    };
  };
}

/** A `MikroORM` that is connected to nothing but the session. */
export interface OpenOrm {
  readonly driver: Driver;
  readonly config: { get(key: string): unknown };
  close(): Promise<void>;
}

interface Orm {
  readonly em: { getDriver(): Driver };
  readonly config: OpenOrm['config'];
  close(force?: boolean): Promise<void>;
}

interface Library {
  readonly Utils?: { getORMVersion?(): string };
  readonly MikroORM: { init(options: MikroOptions): Promise<Orm> };
}

/** The options that tell of a server, a pool, a log or a cache, or that load what no migration needs. */
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
  'extensions',
  'subscribers',
  'seeder',
  'metadataCache',
  'resultCache',
  'preferEnvVars',
  'entitiesTs',
  'attachDatabases',
]);

/** The family of a config's driver. */
export function familyOf({ driver }: MikroOptions): DialectName | null {
  const names = typeof driver === 'function' ? lineage(driver.prototype).join(' ') : '';
  if (/postgre/i.test(names)) return 'postgres';
  if (/mysql|mariadb/i.test(names)) return 'mysql';
  return /sqlite|libsql/i.test(names) ? 'sqlite' : null;
}

const packages: Readonly<Record<DialectName, readonly (readonly [string, string])[]>> = {
  postgres: [['@mikro-orm/postgresql', 'PostgreSqlDriver']],
  mysql: [
    ['@mikro-orm/mariadb', 'MariaDbDriver'],
    ['@mikro-orm/mysql', 'MySqlDriver'],
  ],
  sqlite: [
    ['@mikro-orm/sqlite', 'SqliteDriver'],
    ['@mikro-orm/libsql', 'LibSqlDriver'],
    ['@mikro-orm/sql', 'SqliteDriver'],
  ],
};

/** The driver of the config, where it is one for the database; else the first of the family's that the project has. */
async function driverFor(given: MikroOptions, folder: string, name: DialectName): Promise<unknown> {
  if (familyOf(given) === name) return given['driver'];
  let missing: unknown;
  for (const [specifier, driver] of packages[name]) {
    try {
      return (await loadLibrary<Readonly<Record<string, unknown>>>(folder, specifier))[driver];
    } catch (error) {
      missing ??= error;
    }
  }
  throw missing;
}

/** Entities that stand in the config itself; patterns would load the whole application. */
const entitiesIn = ({ entities }: MikroOptions): readonly unknown[] =>
  Array.isArray(entities) ? entities.filter((one) => typeof one !== 'string') : [];

/** Before version 7 it rests on Knex, and takes no dialect of Kysely's. */
function refuseOld({ Utils }: Library): void {
  const version = Utils?.getORMVersion?.() ?? '7';
  if (Number.parseInt(version, 10) >= 7) return;
  throw new SurefootError('driver/missing', `the project has MikroORM ${version}; version 7 is read`, {
    details: { package: '@mikro-orm/core' },
    hint: 'Move the project to MikroORM 7 first, or a copy of it: its migrations stay as they are.',
  });
}

/** MikroORM, whose only connection is the session. */
export async function ormOn(given: MikroOptions, folder: string, session: ProgramSession): Promise<OpenOrm> {
  const core = await loadLibrary<Library>(folder, '@mikro-orm/core');
  refuseOld(core);
  const kysely = await loadLibrary<KyselyLibrary>(folder, 'kysely');
  const driver = await driverFor(given, folder, session.dialect.name);
  const orm = await core.MikroORM.init({
    dbName: 'surefoot',
    ...Object.fromEntries(Object.entries(given).filter(([key]) => !left.has(key))),
    driver,
    driverOptions: kyselyDialectOn(kysely, session),
    entities: entitiesIn(given),
    discovery: { ...(isRecord(given['discovery']) ? given['discovery'] : {}), warnWhenNoEntities: false },
    connect: false,
    ensureDatabase: false,
    debug: false,
    logger: () => undefined,
  });
  return { driver: orm.em.getDriver(), config: orm.config, close: () => orm.close(true) };
}
