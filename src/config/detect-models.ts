// A project's files → the library that declares its models, and where they stand.
// In: names of packages, a look at files. Out: library, path. Must not run anything of the project's.

import { posix } from 'node:path';
import type { DialectName } from '../schema/schema.ts';

/** A look into the project's folder, by paths from there. */
export interface ProjectFiles {
  isThere(path: string): Promise<boolean>;
  /** `null`: it is not there. */
  text(path: string): Promise<string | null>;
}

/** What was found. */
export interface FoundModels {
  /** The library as people call it; `null`: none that is known. */
  readonly orm: string | null;
  /** A file or folder of models that is there. */
  readonly models: string | null;
  /** The database that the library's own files name. */
  readonly dialect: DialectName | null;
}

/** An ORM or query builder, and the models it usually has. */
interface Detector {
  readonly title: string;
  /** Any of them among the project's dependencies tells. */
  readonly packages: readonly string[];
  /** Files and folders in which its models usually stand, the likeliest first. */
  readonly models: readonly string[];
  /** Its config, which tells as well. */
  readonly config?: {
    readonly files: readonly string[];
    /** The paths that the config's text names, the likeliest first. */
    models(text: string): readonly string[];
  };
  /** Where its config, or its models, name the database. */
  readonly dialect?: RegExp;
}

const dialects = new Map<string, DialectName>([
  ['postgresql', 'postgres'],
  ['mysql', 'mysql'],
  ['sqlite', 'sqlite'],
  ['turso', 'sqlite'],
]);

/** `./src/db/*.ts` as the folder; a file without its ending as it may be called. */
function spellings(path: string): readonly string[] {
  const plain = posix.normalize(path);
  const star = plain.search(/[*{?[]/);
  if (star >= 0) return /^[^/]*$/.test(plain.slice(star)) ? [posix.dirname(plain)] : [];
  return [plain, `${plain}.ts`, `${plain}.js`];
}

/** Several files of one folder are the folder. */
function pathsOf(written: readonly string[]): readonly string[] {
  const [first, ...others] = written;
  if (first === undefined) return [];
  if (others.length === 0) return spellings(first);
  const folders = new Set(written.map((path) => posix.dirname(posix.normalize(path))));
  return folders.size === 1 ? [...folders] : [];
}

/** What drizzle.config and prisma.config say of `schema`. */
function schemaSetting(text: string): readonly string[] {
  const [, value = ''] = /["']?\bschema["']?\s*:\s*(\[[^\]]*\]|["'`][^"'`]+["'`])/.exec(text) ?? [];
  return pathsOf([...value.matchAll(/["'`]([^"'`]+)["'`]/g)].map(([, path = '']) => path));
}

/** The folder that .sequelizerc gives sequelize-cli: `'models-path': path.resolve('db', 'models')`. */
function sequelizeModels(text: string): readonly string[] {
  const [, value = ''] = /["']models-path["']\s*:\s*([^\n(]*\([^)]*\)|["'`][^"'`]*["'`])/.exec(text) ?? [];
  const parts = [...value.matchAll(/["'`]([^"'`]+)["'`]/g)].map(([, part = '']) => part);
  return parts.length === 0 ? [] : spellings(posix.join(...parts, 'index'));
}

const endings = ['ts', 'mts', 'cts', 'js', 'mjs', 'cjs', 'json'];

const detectors: readonly Detector[] = [
  {
    title: 'Drizzle',
    packages: ['drizzle-orm'],
    models: ['src/db/schema.ts', 'src/db/schema', 'src/schema.ts', 'db/schema.ts', 'schema.ts'],
    config: { files: endings.map((ending) => `drizzle.config.${ending}`), models: schemaSetting },
    dialect: /\bdialect["']?\s*:\s*["'`](\w+)["'`]/,
  },
  {
    title: 'Prisma',
    packages: ['@prisma/client', 'prisma'],
    models: ['prisma/schema.prisma', 'prisma/schema', 'schema.prisma'],
    config: {
      files: ['prisma.config', '.config/prisma'].flatMap((name) =>
        endings.map((ending) => `${name}.${ending}`),
      ),
      models: schemaSetting,
    },
    dialect: /^\s*datasource\s+\w+\s*\{[^}]*?^\s*provider\s*=\s*"(\w+)"/m,
  },
  {
    title: 'TypeORM',
    packages: ['typeorm'],
    models: [
      ...['src/', '', 'src/db/', 'src/database/', 'src/config/'].map((folder) => `${folder}data-source.ts`),
      ...['src/data-source.js', 'data-source.js', 'ormconfig.ts', 'ormconfig.js'],
      ...['src/entities/index.ts', 'src/entity/index.ts', 'src/entities.ts'],
    ],
  },
  {
    title: 'MikroORM',
    packages: ['core', 'postgresql', 'mysql', 'mariadb', 'sqlite', 'libsql', 'sql'].map(
      (part) => `@mikro-orm/${part}`,
    ),
    models: [
      ...['src/', '', 'src/config/'].map((folder) => `${folder}mikro-orm.config.ts`),
      ...['src/mikro-orm.config.js', 'mikro-orm.config.js', 'src/entities/index.ts', 'src/entities.ts'],
    ],
  },
  {
    title: 'Sequelize',
    packages: ['sequelize'],
    models: ['models', 'src/models', 'db/models', 'src/db/models'].flatMap((folder) =>
      ['ts', 'js', 'mjs', 'cjs'].map((ending) => `${folder}/index.${ending}`),
    ),
    config: { files: ['.sequelizerc'], models: sequelizeModels },
  },
  { title: 'Kysely', packages: ['kysely'], models: ['schema.ts', 'src/schema.ts'] },
  { title: 'Knex', packages: ['knex'], models: ['schema.ts', 'src/schema.ts'] },
];

const ownModels: readonly string[] = ['schema.ts', 'src/schema.ts', 'schema.sql'];

async function firstThere(paths: readonly string[], files: ProjectFiles): Promise<string | null> {
  for (const path of paths) if (!path.startsWith('..') && (await files.isThere(path))) return path;
  return null;
}

async function configText({ config }: Detector, files: ProjectFiles): Promise<string | null> {
  for (const file of config?.files ?? []) {
    const text = await files.text(file);
    if (text !== null) return text;
  }
  return null;
}

/** By the dependencies, else by the config of a library. */
async function detectorFor(
  packages: ReadonlySet<string>,
  files: ProjectFiles,
): Promise<Detector | undefined> {
  const byPackage = detectors.find((one) => one.packages.some((name) => packages.has(name)));
  if (byPackage) return byPackage;
  for (const one of detectors) if ((await configText(one, files)) !== null) return one;
  return undefined;
}

/** A folder of models has the say of the whole in a file of its own name. */
async function modelsText(models: string | null, files: ProjectFiles): Promise<string> {
  if (models === null) return '';
  return (await files.text(models)) ?? (await files.text(`${models}/schema.prisma`)) ?? '';
}

/** Looks for models. */
export async function detectModels(packages: ReadonlySet<string>, files: ProjectFiles): Promise<FoundModels> {
  const found = await detectorFor(packages, files);
  if (!found) return { orm: null, models: await firstThere(ownModels, files), dialect: null };
  const text = await configText(found, files);
  const named = text === null ? [] : (found.config?.models(text) ?? []);
  const models = await firstThere([...named, ...found.models], files);
  const said =
    found.dialect && (found.dialect.exec(text ?? '') ?? found.dialect.exec(await modelsText(models, files)));
  return { orm: found.title, models, dialect: dialects.get(said?.[1] ?? '') ?? null };
}
