// MikroORM: its migrations, and its table.
// In: a project. Out: programs for the import. Must not know how they are written down.

import { dirname, join, resolve } from 'node:path';
import { textOf } from '../../dialect/rows.ts';
import type { MikroOptions } from '../../sources/mikro-orm-types.ts';
import { lineage, optionsIn } from '../../sources/mikro-orm-types.ts';
import { brokenProgram, withoutEnding } from '../programs/functions.ts';
import {
  defaultOf,
  findUp,
  isFolder,
  isRecord,
  isScript,
  loadConfig,
  loadProgram,
  namesIn,
  textIn,
  withoutCompiled,
} from '../programs/load.ts';
import { nameInFiles } from '../programs/names.ts';
import { databaseUrl } from '../programs/place.ts';
import type { ProgramAdapter, ProgramProject } from '../programs/program-tool.ts';
import { programTool } from '../programs/program-tool.ts';
import type { ProgramSession } from '../programs/session.ts';
import type { Program } from '../programs/walk.ts';
import { momentOf, readTable } from '../read-table.ts';
import { quotedName } from '../sql-name.ts';
import type { ForeignLedger, LedgerMeans, ReadMeans } from '../tool.ts';
import type { OpenOrm } from './library.ts';
import { familyOf, ormOn } from './library.ts';

const endings = ['ts', 'js', 'mts', 'mjs', 'cts', 'cjs'];
const configNames = ['', 'src', 'dist', 'config', 'src/config'].flatMap((place) =>
  endings.map((ending) => join(place, `mikro-orm.config.${ending}`)),
);

interface Config {
  readonly file: string | null;
  readonly folder: string;
  readonly options: MikroOptions;
}

async function configFor(path: string, { projectFolder }: ReadMeans): Promise<Config> {
  const own = isScript(path) && /config/.test(path) ? path : null;
  const file = own ?? (await findUp(path, configNames, projectFolder));
  if (file === null) return { file, folder: path, options: {} };
  const exports = await loadConfig(file);
  const given: unknown = defaultOf(exports);
  const made: unknown =
    typeof given === 'function' && !/^class\b/.test(String(given)) ? await given() : given;
  const options = optionsIn(exports)[0] ?? (isRecord(made) ? made : {});
  const { baseDir } = options;
  return { file, folder: typeof baseDir === 'string' ? baseDir : projectFolder, options };
}

const sectionOf = ({ migrations }: MikroOptions): MikroOptions => (isRecord(migrations) ? migrations : {});

interface Migration {
  readonly up: () => unknown;
  readonly down: () => unknown;
  isTransactional(): boolean;
  reset(): void;
  setTransactionContext(transaction: unknown): void;
  getQueries(): readonly unknown[];
}

type MigrationClass = new (driver: unknown, config: unknown) => Migration;

interface MigrationFile {
  readonly name: string;
  readonly file: string;
  load(): Promise<unknown>;
}

const isMigration = (value: unknown): value is MigrationClass =>
  typeof value === 'function' && isRecord(value.prototype) && typeof value.prototype['up'] === 'function';

async function folderOf(path: string, config: Config): Promise<string | null> {
  const section = sectionOf(config.options);
  for (const key of ['pathTs', 'path']) {
    const named = textIn(section, key);
    const folder = named === null ? null : resolve(config.folder, named);
    if (folder !== null && (await namesIn(folder)).some(isScript)) return folder;
  }
  const has = async (folder: string) =>
    (await isFolder(folder)) &&
    (await namesIn(folder)).some((name) => isScript(name) && /migration/i.test(name));
  for (const folder of [
    path,
    join(path, 'migrations'),
    join(path, 'src', 'migrations'),
    join(config.folder, 'migrations'),
  ])
    if (await has(folder)) return folder;
  return null;
}

/** A list of the project's own, or the files of the folder by their names. */
async function filesOf(folder: string | null, { file, options }: Config): Promise<readonly MigrationFile[]> {
  const { migrationsList } = sectionOf(options);
  if (Array.isArray(migrationsList) && migrationsList.length > 0 && file !== null)
    return migrationsList.map((one: unknown) => {
      const migration: unknown = isRecord(one) ? one['class'] : one;
      const own = typeof migration === 'function' ? migration.name : '';
      return { name: withoutEnding(textIn(one, 'name') ?? own), file, load: async () => ({ migration }) };
    });
  if (folder === null) return [];
  const names = withoutCompiled(await namesIn(folder)).filter(isScript);
  return names.map((name) => {
    const path = join(folder, name);
    return { name: withoutEnding(name), file: path, load: () => loadProgram(path) };
  });
}

async function queriesOf(migration: Migration, way: 'up' | 'down', { driver, config }: OpenOrm) {
  const { disableForeignKeys } = sectionOf({ migrations: config.get('migrations') });
  const charset = config.get('charset');
  const helper = driver.getPlatform().getSchemaHelper();
  const off = disableForeignKeys === true;
  await migration[way]();
  const around = (text: string) => text.split('\n').filter((line) => line.trim() !== '');
  return [
    ...around(helper.getSchemaBeginning(typeof charset === 'string' ? charset : 'utf8', off)),
    ...migration.getQueries().filter((one) => typeof one !== 'string' || one.trim() !== ''),
    ...around(helper.getSchemaEnd(off)),
  ];
}

async function run(Made: MigrationClass, way: 'up' | 'down', orm: OpenOrm): Promise<void> {
  const { driver, config } = orm;
  const migration = new Made(driver, config);
  migration.reset();
  const send = async (transaction: unknown) => {
    for (const sql of await queriesOf(migration, way, orm))
      await driver.execute(sql, undefined, 'all', transaction);
  };
  const { transactional } = sectionOf({ migrations: config.get('migrations') });
  if (transactional === false || !migration.isTransactional()) return await send(undefined);
  await driver.getConnection().transactional(async (transaction) => {
    migration.setTransactionContext(transaction);
    await send(transaction);
  });
}

/** True where the class has a way back of its own, or one that it takes over from another of the project's. */
function hasDown({ prototype }: MigrationClass): boolean {
  for (let one: unknown = prototype; isRecord(one); one = Object.getPrototypeOf(one))
    if (Object.hasOwn(one, 'down')) return lineage(one)[0] !== 'Migration';
  return false;
}

async function programOf({ name, file, load }: MigrationFile, orm: OpenOrm): Promise<Program> {
  try {
    const exports = await load();
    const values = isRecord(exports) ? Object.values(exports) : [];
    const found = values.flatMap((one) => (isRecord(one) ? Object.values(one) : [one])).find(isMigration);
    if (found === undefined) throw new TypeError('it exports no class with an "up"');
    const down = hasDown(found) ? () => run(found, 'down', orm) : null;
    return { name, file, up: () => run(found, 'up', orm), down };
  } catch (error) {
    return brokenProgram(name, file, error);
  }
}

async function open(files: readonly MigrationFile[], { folder, options }: Config, session: ProgramSession) {
  const orm = await ormOn(options, folder, session);
  const programs: Program[] = [];
  for (const file of files) programs.push(await programOf(file, orm));
  return { programs, close: orm.close };
}

const productOf = ({ driver }: MikroOptions): string | null =>
  typeof driver === 'function' ? driver.name : null;

async function find(path: string, means: ReadMeans): Promise<ProgramProject | null> {
  const config = await configFor(path, means);
  const folder = await folderOf(path, config);
  const files = await filesOf(folder, config);
  const [first] = files;
  if (first === undefined) return null;
  const dialect = familyOf(config.options);
  const table = textIn(sectionOf(config.options), 'tableName') ?? 'mikro_orm_migrations';
  return {
    folder: folder ?? dirname(first.file),
    dialect,
    product: productOf(config.options),
    url: databaseUrl(config.options, dialect, { config: config.folder, project: means.projectFolder }),
    tables: [table],
    open: (session) => open(files, config, session),
  };
}

async function ledger({ connection, dialect, history }: LedgerMeans): Promise<ForeignLedger | null> {
  const [table = 'mikro_orm_migrations'] = history.tables;
  const rows = await readTable(connection, `SELECT * FROM ${quotedName(table, dialect)} ORDER BY id`);
  if (rows === null) return null;
  const known = history.migrations.map(({ name }) => name);
  return {
    table,
    entries: rows.map((row) => ({
      name: nameInFiles(textOf(row, 'name') ?? '', known),
      state: 'applied',
      at: momentOf(row, 'executed_at'),
      detail: null,
      checksum: null,
    })),
    notes: [],
  };
}

const adapter: ProgramAdapter = { name: 'mikro-orm', title: 'MikroORM', find, ledger };

/** Migrations of MikroORM. */
export const mikroOrm = programTool(adapter);
