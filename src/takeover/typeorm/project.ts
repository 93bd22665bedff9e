// Where a project of TypeORM keeps its data source and its migrations.
// In: a path. Out: the data source, and the classes of migrations with their files. Must not know a session.

import { join, relative, resolve } from 'node:path';
import { entityFiles } from '../../sources/entity-files.ts';
import type { DataSource, DataSourceOptions } from '../../sources/typeorm-types.ts';
import { dataSourcesIn, isDataSource } from '../../sources/typeorm-types.ts';
import {
  findUp,
  isFolder,
  isRecord,
  isScript,
  loadConfig,
  loadProgram,
  namesIn,
  withoutCompiled,
} from '../programs/load.ts';
import type { ReadMeans } from '../tool.ts';

/** A migration: TypeORM makes an instance of its class. */
export type MigrationClass = new () => {
  readonly name?: string;
  readonly transaction?: boolean;
  up(runner: unknown): Promise<unknown>;
  down(runner: unknown): Promise<unknown>;
};

/** A class of the project's, or why its file gave none. */
export type FoundMigration =
  | { readonly file: string; readonly migration: MigrationClass }
  | { readonly file: string; readonly error: unknown };

export interface TypeormProject {
  readonly dataSource: DataSource | null;
  readonly folder: string;
  readonly files: readonly string[];
  /** Classes that the data source names itself, with the file of the data source. */
  readonly classes: readonly FoundMigration[];
  readonly notes: readonly string[];
}

const stems = [
  'data-source',
  'datasource',
  'dataSource',
  'typeorm.config',
  'ormconfig',
  'typeorm-config',
  'orm.config',
  'typeorm',
];
const places = ['', 'src', 'src/database', 'src/db', 'src/config', 'database', 'db', 'config', 'src/typeorm'];
const configNames = places.flatMap((place) =>
  stems.flatMap((stem) =>
    ['ts', 'js', 'mts', 'mjs', 'cjs'].map((ending) => join(place, `${stem}.${ending}`)),
  ),
);
const usualFolders = ['', ...places].flatMap((place) => [
  join(place, 'migrations'),
  join(place, 'migration'),
]);

const isMigration = (value: unknown): value is MigrationClass =>
  typeof value === 'function' &&
  isRecord(value.prototype) &&
  typeof value.prototype['up'] === 'function' &&
  typeof value.prototype['down'] === 'function';

/** The data source that a file exports, or makes. */
async function dataSourceOf(file: string): Promise<DataSource | null> {
  const exports = await loadConfig(file);
  const [found] = dataSourcesIn(exports);
  if (found !== undefined) return found;
  const given: unknown = await exports['default'];
  return isDataSource(given) ? given : null;
}

/** The classes of a file. What it throws is kept for the report. */
export async function migrationsOf(file: string): Promise<readonly FoundMigration[]> {
  try {
    const exports = await loadProgram(file);
    const values = Object.values(exports).flatMap((one) => (isRecord(one) ? Object.values(one) : [one]));
    return [...new Set(values.filter(isMigration))].map((migration) => ({ file, migration }));
  } catch (error) {
    return [{ file, error }];
  }
}

const optionsOf = (dataSource: DataSource | null): DataSourceOptions => dataSource?.options ?? {};

function listed(value: unknown): readonly unknown[] {
  if (Array.isArray(value)) return value;
  return isRecord(value) ? Object.values(value) : [];
}

async function folderWithScripts(path: string): Promise<string | null> {
  for (const folder of [path, ...usualFolders.map((one) => join(path, one))])
    if (
      (await isFolder(folder)) &&
      (await namesIn(folder)).some((name) => isScript(name) && /^\d{13}/.test(name))
    )
      return folder;
  return null;
}

/** Files by pattern; where compiled ones are not there, those that they are made of. */
async function filesByPattern(patterns: readonly string[], folder: string): Promise<readonly string[]> {
  const found = await entityFiles(patterns, folder);
  if (found.length > 0) return withoutCompiled(found);
  const sources = patterns.map((one) =>
    one.replace(/\b(?:dist|build|out|lib)\b/, 'src').replace(/\.js$/, '.ts'),
  );
  return withoutCompiled(await entityFiles(sources, folder));
}

async function inFolder(folder: string): Promise<readonly string[]> {
  return withoutCompiled(await namesIn(folder))
    .filter(isScript)
    .map((name) => join(folder, name));
}

/** All of a project. */
export async function findProject(
  path: string,
  { projectFolder }: ReadMeans,
): Promise<TypeormProject | null> {
  const own = (await isFolder(path)) ? null : path;
  const file = own ?? (await findUp(path, configNames, projectFolder));
  const dataSource = file === null ? null : await dataSourceOf(file);
  const given = listed(optionsOf(dataSource)['migrations']);
  const classes = given.filter(isMigration).map((migration) => ({ file: file ?? path, migration }));
  const patterns = given.filter((one) => typeof one === 'string');
  const byPattern = patterns.length > 0 ? await filesByPattern(patterns, projectFolder) : [];
  if (own !== null && dataSource === null)
    return { dataSource, folder: resolve(own, '..'), files: [own], classes: [], notes: [] };
  const fallback = byPattern.length + classes.length === 0 ? await folderWithScripts(path) : null;
  const files = byPattern.length > 0 ? byPattern : fallback === null ? [] : await inFolder(fallback);
  if (files.length + classes.length === 0) return null;
  const notes =
    patterns.length > 0 && fallback !== null
      ? [
          `the data source names ${patterns.join(', ')}, where nothing is; read ${relative(projectFolder, fallback)}`,
        ]
      : [];
  return { dataSource, folder: resolve(files[0] ?? file ?? path, '..'), files, classes, notes };
}
