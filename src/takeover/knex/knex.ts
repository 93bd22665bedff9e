// Knex: its migrations, and its table.
// In: a project. Out: programs for the import. Must not know how they are written down.

import { dirname, join, resolve } from 'node:path';
import { textOf } from '../../dialect/rows.ts';
import type { ProgramFile, ProgramFunctions } from '../programs/functions.ts';
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
} from '../programs/load.ts';
import { nameInFiles } from '../programs/names.ts';
import { databaseUrl } from '../programs/place.ts';
import type { ProgramAdapter, ProgramProject } from '../programs/program-tool.ts';
import { programTool } from '../programs/program-tool.ts';
import type { ProgramSession } from '../programs/session.ts';
import { momentOf, readTable } from '../read-table.ts';
import { quotedName } from '../sql-name.ts';
import type { ForeignLedger, LedgerMeans, ReadMeans } from '../tool.ts';
import type { KnexLibrary, KnexOptions } from './library.ts';
import { familyOf, knexOn } from './library.ts';

const configNames = ['ts', 'js', 'mjs', 'cjs', 'mts', 'cts'].map((ending) => `knexfile.${ending}`);

interface Config {
  readonly file: string | null;
  readonly folder: string;
  readonly options: KnexOptions;
}

/** Of a file with an entry for each environment, the one that is meant. */
function optionsIn(given: unknown, { env, dialect }: ReadMeans): KnexOptions {
  if (!isRecord(given)) return {};
  if ('client' in given || 'dialect' in given || 'migrations' in given) return given;
  const wanted = env['NODE_ENV'] ?? 'development';
  const entries = Object.entries(given).filter((entry): entry is [string, KnexOptions] => isRecord(entry[1]));
  const fits = ([, options]: (typeof entries)[number]) =>
    dialect === null || familyOf(options['client']) === dialect;
  const named = entries.find((entry) => entry[0] === wanted && fits(entry));
  return (named ?? entries.find(fits) ?? entries.find(([name]) => name === wanted) ?? entries[0])?.[1] ?? {};
}

async function configFor(path: string, means: ReadMeans): Promise<Config> {
  const file = await findUp(path, configNames, means.projectFolder);
  if (file === null) return { file, folder: path, options: {} };
  const exported = defaultOf(await loadConfig(file));
  const given: unknown = typeof exported === 'function' ? await exported() : exported;
  return { file, folder: dirname(file), options: optionsIn(given, means) };
}

/** A source of the project's own: it names them itself. */
interface MigrationSource {
  getMigrations(extensions: readonly string[]): Promise<readonly unknown[]>;
  getMigrationName(migration: unknown): string;
  getMigration(migration: unknown): unknown;
}

const isSource = (value: unknown): value is MigrationSource =>
  isRecord(value) &&
  typeof value['getMigrations'] === 'function' &&
  typeof value['getMigration'] === 'function';

const endings = [
  '.co',
  '.coffee',
  '.eg',
  '.iced',
  '.js',
  '.cjs',
  '.litcoffee',
  '.ls',
  '.ts',
  '.mjs',
  '.cts',
  '.mts',
];

async function fromSource(source: MigrationSource, file: string): Promise<readonly ProgramFile[]> {
  const migrations = await source.getMigrations(endings);
  return migrations.map((one) => ({
    name: source.getMigrationName(one),
    file,
    load: async () => await source.getMigration(one),
  }));
}

async function foldersOf(path: string, { file, folder, options }: Config): Promise<readonly string[]> {
  const given = isRecord(options['migrations']) ? options['migrations']['directory'] : undefined;
  const listed: readonly unknown[] = Array.isArray(given) ? given : [given];
  const named = listed.filter((one): one is string => typeof one === 'string');
  if (named.length > 0) return named.map((one) => resolve(folder, one));
  if (file === null && (await namesIn(path)).some(isScript)) return [path];
  const usual = join(folder, 'migrations');
  return (await isFolder(usual)) ? [usual] : [];
}

async function filesOf(
  folders: readonly string[],
  { file, options }: Config,
): Promise<readonly ProgramFile[]> {
  const migrations = isRecord(options['migrations']) ? options['migrations'] : {};
  const { migrationSource, sortDirsSeparately } = migrations;
  if (isSource(migrationSource) && file !== null) return await fromSource(migrationSource, file);
  const found = (await Promise.all(folders.map((folder) => programFiles(folder)))).flat();
  return sortDirsSeparately === true
    ? found
    : found.toSorted((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0));
}

async function open(files: readonly ProgramFile[], { folder, options }: Config, session: ProgramSession) {
  const loaded = await loadLibrary<{ readonly default: KnexLibrary }>(folder, 'knex');
  const knex = await knexOn(loaded.default, options, session);
  const migrations = isRecord(options['migrations']) ? options['migrations'] : {};
  const isPlain = (holder: ProgramFunctions['holder']) =>
    migrations['disableTransactions'] === true ||
    (isRecord(holder['config']) && holder['config']['transaction'] === false);
  const programs = await programsOf(files, async (work, holder) =>
    isPlain(holder) ? await work(knex) : await knex.transaction(async (trx) => await work(trx)),
  );
  return { programs, close: () => knex.destroy() };
}

/** Where it connects to: a text, settings, or a function that gives them. */
async function connectionIn({ connection }: KnexOptions): Promise<unknown> {
  return typeof connection === 'function' ? await connection() : connection;
}

async function find(path: string, means: ReadMeans): Promise<ProgramProject | null> {
  const config = await configFor(path, means);
  const folders = await foldersOf(path, config);
  const files = await filesOf(folders, config);
  const [first] = files;
  if (first === undefined) return null;
  const { options } = config;
  const { migrations } = options;
  const dialect = familyOf(options['client'] ?? options['dialect']);
  const schema = textIn(migrations, 'schemaName');
  const table = `${schema === null ? '' : `${schema}.`}${textIn(migrations, 'tableName') ?? 'knex_migrations'}`;
  return {
    folder: folders[0] ?? dirname(first.file),
    dialect,
    product: textIn(options, 'client') ?? textIn(options, 'dialect'),
    url: databaseUrl(await connectionIn(options), dialect, {
      config: config.folder,
      project: means.projectFolder,
    }),
    tables: [table, `${table}_lock`],
    open: (session) => open(files, config, session),
  };
}

async function ledger({ connection, dialect, history }: LedgerMeans): Promise<ForeignLedger | null> {
  const [table = 'knex_migrations', lock = 'knex_migrations_lock'] = history.tables;
  const rows = await readTable(connection, `SELECT * FROM ${quotedName(table, dialect)} ORDER BY id`);
  if (rows === null) return null;
  const locks = await readTable(connection, `SELECT is_locked FROM ${quotedName(lock, dialect)}`);
  const isLocked = locks?.some((row) => textOf(row, 'is_locked') === '1') ?? false;
  const names = history.migrations.map(({ name }) => name);
  return {
    table,
    entries: rows.map((row) => ({
      name: nameInFiles(textOf(row, 'name') ?? '', names),
      state: 'applied',
      at: momentOf(row, 'migration_time'),
      detail: `batch ${textOf(row, 'batch') ?? '?'}`,
      checksum: null,
    })),
    notes: isLocked ? [`${lock} is held: a run of Knex is under way, or was cut off`] : [],
  };
}

const adapter: ProgramAdapter = { name: 'knex', title: 'Knex', find, ledger };

/** Migrations of Knex. */
export const knex = programTool(adapter);
