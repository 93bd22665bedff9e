// Kysely: its migrations, and its table.
// In: a project. Out: programs for the import. Must not know how they are written down.

import { dirname, join, resolve } from 'node:path';
import type { KyselyPlugin } from 'kysely';
import { textOf } from '../../dialect/rows.ts';
import type { DialectName } from '../../schema/schema.ts';
import type { ProgramFile } from '../programs/functions.ts';
import { programFiles, programsOf, withoutEnding } from '../programs/functions.ts';
import type { KyselyLibrary } from '../programs/kysely-dialect.ts';
import { kyselyDialectOn } from '../programs/kysely-dialect.ts';
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
import { databaseUrl } from '../programs/place.ts';
import type { ProgramAdapter, ProgramProject } from '../programs/program-tool.ts';
import { programTool } from '../programs/program-tool.ts';
import type { ProgramSession } from '../programs/session.ts';
import { momentOf, readTable } from '../read-table.ts';
import { quotedName } from '../sql-name.ts';
import type { ForeignLedger, LedgerMeans, ReadMeans } from '../tool.ts';

const endings = ['ts', 'js', 'mts', 'mjs', 'cts', 'cjs'];
const configNames = [
  ...endings.map((ending) => `kysely.config.${ending}`),
  ...endings.map((ending) => join('.config', `kysely.config.${ending}`)),
];

type Options = Readonly<Record<string, unknown>>;

interface Config {
  readonly file: string | null;
  readonly folder: string;
  readonly options: Options;
}

async function configFor(path: string, { projectFolder, env }: ReadMeans): Promise<Config> {
  const file = await findUp(path, configNames, projectFolder);
  if (file === null) return { file, folder: path, options: {} };
  const exported = defaultOf(await loadConfig(file));
  const given: unknown = typeof exported === 'function' ? await exported() : exported;
  const options = isRecord(given) ? given : {};
  const own = options[`$${env['NODE_ENV'] ?? 'development'}`];
  const folder = dirname(file).replace(/[\\/]\.config$/, '');
  return { file, folder, options: isRecord(own) ? { ...options, ...own } : options };
}

const nameOfClass = (value: unknown): string =>
  isRecord(value) ? ((value.constructor as { readonly name?: string } | undefined)?.name ?? '') : '';

/** The name of a dialect, an object that is one, or a whole Kysely. */
function familyOf({ dialect, kysely }: Options): DialectName | null {
  const executor =
    isRecord(kysely) && typeof kysely['getExecutor'] === 'function' ? kysely['getExecutor']() : null;
  const adapter: unknown =
    isRecord(dialect) && typeof dialect['createAdapter'] === 'function' ? dialect['createAdapter']() : null;
  const names = [
    dialect,
    nameOfClass(dialect),
    nameOfClass(adapter),
    isRecord(executor) ? nameOfClass(executor['adapter']) : '',
  ];
  const said = names.filter((one) => typeof one === 'string').join(' ');
  if (/postgres|pg|neon|cockroach/i.test(said)) return 'postgres';
  if (/mysql|planetscale|mariadb/i.test(said)) return 'mysql';
  return /sqlite|libsql|turso|d1/i.test(said) ? 'sqlite' : null;
}

interface Provider {
  getMigrations(): Promise<Readonly<Record<string, unknown>>>;
}

const isProvider = (value: unknown): value is Provider =>
  isRecord(value) && typeof value['getMigrations'] === 'function';

const sorted = (files: readonly ProgramFile[]) => files.toSorted((a, b) => a.name.localeCompare(b.name));

async function folderOf(path: string, { file, folder, options }: Config): Promise<string | null> {
  const named = textIn(options['migrations'], 'migrationFolder');
  if (named !== null) return resolve(folder, named);
  if (file === null && (await namesIn(path)).some(isScript)) return path;
  const usual = join(folder, 'migrations');
  return (await isFolder(usual)) ? usual : null;
}

/** A provider of the project's own names them itself. */
async function filesOf(folder: string | null, { file, options }: Config): Promise<readonly ProgramFile[]> {
  const provider = isRecord(options['migrations']) ? options['migrations']['provider'] : undefined;
  if (isProvider(provider) && file !== null) {
    const given = Object.entries(await provider.getMigrations());
    return sorted(given.map(([name, migration]) => ({ name, file, load: async () => migration })));
  }
  return folder === null ? [] : sorted(await programFiles(folder, withoutEnding));
}

function pluginsIn({ plugins, kysely }: Options): readonly KyselyPlugin[] {
  const executor =
    isRecord(kysely) && typeof kysely['getExecutor'] === 'function' ? kysely['getExecutor']() : null;
  const own: unknown = isRecord(executor) ? executor['plugins'] : plugins;
  return Array.isArray(own) ? own : [];
}

async function open(files: readonly ProgramFile[], { folder, options }: Config, session: ProgramSession) {
  const library = await loadLibrary<KyselyLibrary>(folder, 'kysely');
  const dialect = kyselyDialectOn(library, session);
  const db = new library.Kysely<unknown>({ dialect, plugins: [...pluginsIn(options)] });
  const migrations = isRecord(options['migrations']) ? options['migrations'] : {};
  const isPlain =
    migrations['disableTransactions'] === true || !dialect.createAdapter().supportsTransactionalDdl;
  const programs = await programsOf(files, async (work) =>
    isPlain ? await work(db) : await db.transaction().execute(async (trx) => await work(trx)),
  );
  return { programs, close: () => db.destroy() };
}

/** What its driver was given: the options of a pool, or the name of a file's handle. */
function settingsIn({ dialectConfig }: Options): unknown {
  const { pool, database } = isRecord(dialectConfig) ? dialectConfig : {};
  if (isRecord(database)) return { filename: textIn(database, 'name') };
  if (!isRecord(pool)) return undefined;
  const connectionIn = (value: unknown) =>
    isRecord(value) && isRecord(value['config']) ? value['config']['connectionConfig'] : undefined;
  return pool['options'] ?? connectionIn(pool) ?? connectionIn(pool['pool']);
}

async function find(path: string, means: ReadMeans): Promise<ProgramProject | null> {
  const config = await configFor(path, means);
  const folder = await folderOf(path, config);
  const files = await filesOf(folder, config);
  const [first] = files;
  if (first === undefined) return null;
  const { migrations } = config.options;
  const dialect = familyOf(config.options);
  const schema = textIn(migrations, 'migrationTableSchema');
  const named = (key: string, usual: string) =>
    `${schema === null ? '' : `${schema}.`}${textIn(migrations, key) ?? usual}`;
  return {
    folder: folder ?? dirname(first.file),
    dialect,
    product: textIn(config.options, 'dialect') ?? nameOfClass(config.options['dialect']),
    url: databaseUrl(settingsIn(config.options), dialect, {
      config: config.folder,
      project: means.projectFolder,
    }),
    tables: [
      named('migrationTableName', 'kysely_migration'),
      named('migrationLockTableName', 'kysely_migration_lock'),
    ],
    open: (session) => open(files, config, session),
  };
}

async function ledger({ connection, dialect, history }: LedgerMeans): Promise<ForeignLedger | null> {
  const [table = 'kysely_migration'] = history.tables;
  const rows = await readTable(
    connection,
    `SELECT * FROM ${quotedName(table, dialect)} ORDER BY timestamp, name`,
  );
  if (rows === null) return null;
  return {
    table,
    entries: rows.map((row) => ({
      name: textOf(row, 'name') ?? '',
      state: 'applied',
      at: momentOf(row, 'timestamp'),
      detail: null,
      checksum: null,
    })),
    notes: [],
  };
}

const adapter: ProgramAdapter = { name: 'kysely', title: 'Kysely', find, ledger };

/** Migrations of Kysely. */
export const kysely = programTool(adapter);
