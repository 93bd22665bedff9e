// Sequelize: the migrations of its command line, and their table.
// In: a project. Out: programs for the import. Must not know how they are written down.

import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join, resolve } from 'node:path';
import { textOf } from '../../dialect/rows.ts';
import { messageOf } from '../../kernel/errors.ts';
import type { DialectName } from '../../schema/schema.ts';
import type { ConnectionManager } from '../../sources/sequelize-session.ts';
import { sessionFor } from '../../sources/sequelize-session.ts';
import type { ProgramFile } from '../programs/functions.ts';
import { programFiles, programsOf } from '../programs/functions.ts';
import {
  defaultOf,
  findUp,
  isFolder,
  isRecord,
  isScript,
  loadConfig,
  loadLibrary,
  namesIn,
  textIn,
  unreadableConfig,
} from '../programs/load.ts';
import { nameInFiles } from '../programs/names.ts';
import { databaseUrl } from '../programs/place.ts';
import type { ProgramAdapter, ProgramProject } from '../programs/program-tool.ts';
import { programTool } from '../programs/program-tool.ts';
import type { ProgramSession } from '../programs/session.ts';
import { readTable } from '../read-table.ts';
import { quotedName } from '../sql-name.ts';
import type { ForeignLedger, LedgerMeans, ReadMeans } from '../tool.ts';

interface Sequelize {
  readonly config: object;
  connectionManager: ConnectionManager;
  readonly dialect: { connectionManager: ConnectionManager };
  getQueryInterface(): object;
}

interface Library {
  readonly Sequelize: new (options: object) => Sequelize;
}

type Options = Readonly<Record<string, unknown>>;

interface Config {
  readonly folder: string;
  readonly migrations: string | null;
  readonly options: Options;
}

/** `.sequelizerc` is a program of CommonJS without an ending. */
function settingsIn(file: string): Options {
  try {
    const given: unknown = createRequire(file)(file);
    return isRecord(given) ? given : {};
  } catch (cause) {
    throw unreadableConfig(file, messageOf(cause), cause);
  }
}

async function readConfig(file: string): Promise<unknown> {
  if (!file.endsWith('.json')) {
    const exported = defaultOf(await loadConfig(file));
    return typeof exported === 'function' ? await exported() : exported;
  }
  try {
    return JSON.parse((await readFile(file, 'utf8')).replace(/^\ufeff/, ''));
  } catch (cause) {
    throw unreadableConfig(file, messageOf(cause), cause);
  }
}

function familyIn(options: Options, env: ReadMeans['env']): DialectName | null {
  const variable = textIn(options, 'use_env_variable');
  const url = textIn(options, 'url') ?? (variable === null ? undefined : env[variable]) ?? '';
  const named = textIn(options, 'dialect') ?? /^(\w+):/.exec(url)?.[1] ?? '';
  if (/^postgres/.test(named)) return 'postgres';
  if (named === 'mysql' || named === 'mariadb') return 'mysql';
  return named === 'sqlite' ? 'sqlite' : null;
}

/** Of a config with an entry for each environment, the one that is meant. */
function optionsIn(given: unknown, { env, dialect }: ReadMeans): Options {
  if (!isRecord(given) || 'dialect' in given || 'url' in given) return isRecord(given) ? given : {};
  const entries = Object.entries(given).filter((entry): entry is [string, Options] => isRecord(entry[1]));
  const fits = ([, one]: (typeof entries)[number]) => dialect === null || familyIn(one, env) === dialect;
  const wanted = entries.find(([name]) => name === (env['NODE_ENV'] ?? 'development'));
  return (wanted && fits(wanted) ? wanted : (entries.find(fits) ?? wanted ?? entries[0]))?.[1] ?? {};
}

const usualConfigs = ['js', 'cjs', 'json', 'ts', 'mjs'].map((ending) => join('config', `config.${ending}`));

async function configFor(path: string, means: ReadMeans): Promise<Config> {
  const rc = await findUp(path, ['.sequelizerc'], means.projectFolder);
  const settings = rc === null ? {} : settingsIn(rc);
  const home = rc === null ? null : dirname(rc);
  const named = textIn(settings, 'config');
  const file =
    named === null ? await findUp(path, usualConfigs, means.projectFolder) : resolve(home ?? path, named);
  const folder = home ?? (file === null ? path : dirname(dirname(file)));
  const migrations = textIn(settings, 'migrations-path') ?? textIn(settings, 'migrationsPath');
  const options = file === null ? {} : optionsIn(await readConfig(file), means);
  return { folder, options, migrations: migrations === null ? null : resolve(folder, migrations) };
}

async function folderOf(path: string, { folder, migrations }: Config): Promise<string | null> {
  if (migrations !== null) return migrations;
  if ((await namesIn(path)).some((name) => isScript(name) && /^\d/.test(name))) return path;
  for (const usual of [join(path, 'migrations'), join(folder, 'migrations')])
    if (await isFolder(usual)) return usual;
  return null;
}

const names: Readonly<Record<DialectName, string>> = {
  postgres: 'postgres',
  mysql: 'mysql',
  sqlite: 'sqlite',
};

/** What says how SQL is written. */
const kept = ['define', 'quoteIdentifiers', 'schema', 'timezone', 'dialectOptions', 'minifyAliases'] as const;

async function open(files: readonly ProgramFile[], { folder, options }: Config, session: ProgramSession) {
  const library = await loadLibrary<Library>(folder, 'sequelize');
  const { dialect, connection } = session;
  const told = Object.fromEntries(
    kept.flatMap((key) => (options[key] === undefined ? [] : [[key, options[key]]])),
  );
  const spoken = dialect.traits.flavor === 'mariadb' ? 'mariadb' : names[dialect.name];
  const sequelize = new library.Sequelize({
    ...told,
    dialect: spoken,
    dialectModule: {},
    logging: false,
    databaseVersion: dialect.traits.version.join('.'),
  });
  const manager = sessionFor(spoken, {
    connection,
    dialect,
    run: async (sql) => void (await connection.query(sql)),
  });
  sequelize.connectionManager = manager;
  sequelize.dialect.connectionManager = manager;
  if (!dialect.traits.rebuildsTables)
    await session.named((database) => void Object.assign(sequelize.config, { database }));
  const queryInterface = sequelize.getQueryInterface();
  // Umzug hands what its migrations need over as a member called context.
  Object.assign(queryInterface, { context: queryInterface });
  return { programs: await programsOf(files, async (work) => await work(queryInterface, library.Sequelize)) };
}

async function find(path: string, means: ReadMeans): Promise<ProgramProject | null> {
  const config = await configFor(path, means);
  const folder = await folderOf(path, config);
  const files = folder === null ? [] : await programFiles(folder);
  if (folder === null || files.length === 0) return null;
  const { options } = config;
  const dialect = familyIn(options, means.env);
  const variable = textIn(options, 'use_env_variable');
  const url = variable === null ? null : (means.env[variable] ?? null);
  const schema = textIn(options, 'migrationStorageTableSchema');
  const table = textIn(options, 'migrationStorageTableName') ?? 'SequelizeMeta';
  const isFile = textIn(options, 'migrationStorage') === 'json';
  return {
    folder,
    dialect,
    product: textIn(options, 'dialect'),
    url: databaseUrl(url ?? options, dialect, { config: config.folder, project: means.projectFolder }),
    urlVariable: variable,
    tables: [schema === null ? table : `${schema}.${table}`],
    notes: isFile
      ? ['what is applied stands in a file of JSON, not in the database: stamp the database yourself']
      : [],
    open: (session) => open(files, config, session),
  };
}

async function ledger({ connection, dialect, history }: LedgerMeans): Promise<ForeignLedger | null> {
  const [table = 'SequelizeMeta'] = history.tables;
  const rows = await readTable(connection, `SELECT * FROM ${quotedName(table, dialect)} ORDER BY name`);
  if (rows === null) return null;
  const known = history.migrations.map(({ name }) => name);
  return {
    table,
    entries: rows.map((row) => ({
      name: nameInFiles(textOf(row, 'name') ?? '', known),
      state: 'applied',
      at: null,
      detail: null,
      checksum: null,
    })),
    notes: [],
  };
}

const adapter: ProgramAdapter = { name: 'sequelize', title: 'Sequelize', find, ledger };

/** Migrations of Sequelize's command line. */
export const sequelize = programTool(adapter);
