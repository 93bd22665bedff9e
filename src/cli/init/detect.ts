// What a project uses. In: its folder. Out: ORM, database. Must not know what is made of it.

import { join } from 'node:path';
import { detectModels } from '../../config/detect-models.ts';
import { familyOfUrl, usualUrls } from '../../config/family-of-url.ts';
import { isSurefootError } from '../../kernel/errors.ts';
import type { DialectName } from '../../schema/schema.ts';
import { isThere, readIfThere } from '../files.ts';

interface Product {
  readonly packages: readonly string[];
  readonly url: string;
}

const products: readonly Product[] = [
  {
    packages: ['pg', 'postgres', '@vercel/postgres', '@neondatabase/serverless'],
    url: 'postgres://postgres:postgres@localhost:5432/app',
  },
  { packages: ['mysql2', 'mysql'], url: 'mysql://root:root@localhost:3306/app' },
  { packages: ['mariadb'], url: 'mariadb://root:root@localhost:3306/app' },
  { packages: ['@electric-sql/pglite'], url: 'pglite:./dev-db' },
  { packages: ['better-sqlite3', 'sqlite3', 'sql.js', '@libsql/client'], url: 'sqlite:./dev.db' },
];

/** What was found. */
export interface Found {
  readonly orm: string | null;
  /** A file or folder of models that is there. */
  readonly models: string | null;
  /** The URL to fall back on where DATABASE_URL is not set. */
  readonly url: string;
  /** Where DATABASE_URL is set: the environment, a `.env` file, or nowhere. */
  readonly databaseUrl: 'environment' | '.env' | null;
  readonly hasGitignore: boolean;
}

/** The names of all packages in a package.json; one that cannot be read names none. */
function packagesIn(text: string | null): ReadonlySet<string> {
  const manifest = parsed(text ?? '{}');
  const names = ['dependencies', 'devDependencies', 'peerDependencies'].flatMap((member) => {
    const list = isRecord(manifest) ? manifest[member] : null;
    return isRecord(list) ? Object.keys(list) : [];
  });
  return new Set(names);
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}

interface Signs {
  /** What the user said it is. */
  readonly given: string | undefined;
  /** What the files of the library of the models say. */
  readonly dialect: DialectName | null;
  /** Of the driver among the project's packages. */
  readonly usual: string | null;
  /** What DATABASE_URL is now. */
  readonly present: string | undefined;
  readonly folder: string;
}

/** What is no more than usual where nothing is set: a server of another kind would get the revisions of this one. */
function fallbackUrl({ given, dialect, usual, present, folder }: Signs): string {
  if (given !== undefined && isFile(given)) return given;
  const said = familyOfAny(given, folder) ?? dialect;
  const isFitting = usual !== null && (said === null || familyOfUrl(usual, folder) === said);
  if (isFitting) return usual;
  const family = said ?? familyOfAny(present, folder);
  return family === null ? usualUrls.sqlite : usualUrls[family];
}

/** A file of the project may stand in a config; a server has a login. */
export const isFile = (url: string): boolean => /^(?:sqlite|pglite):(?!:memory:)./.test(url);

function familyOfAny(url: string | undefined, folder: string): DialectName | null {
  if (url === undefined) return null;
  try {
    return familyOfUrl(url, folder);
  } catch (error) {
    if (isSurefootError(error, 'url/invalid')) return null;
    throw error;
  }
}

/** Looks at a project's files; nothing of it is run. */
export async function detect(
  folder: string,
  env: Readonly<Record<string, string | undefined>>,
  given?: string,
): Promise<Found> {
  const packages = packagesIn(await readIfThere(join(folder, 'package.json')));
  const { orm, models, dialect } = await detectModels(packages, {
    isThere: (path) => isThere(join(folder, path)),
    text: (path) => readIfThere(join(folder, path)),
  });
  const product = products.find((one) => one.packages.some((name) => packages.has(name)));
  const dotenv = await readIfThere(join(folder, '.env'));
  const [, inFile] = /^\s*(?:export\s+)?DATABASE_URL\s*=\s*["']?([^\s"']+)/m.exec(dotenv ?? '') ?? [];
  const present = env['DATABASE_URL'] || inFile;
  return {
    orm,
    models,
    url: fallbackUrl({ given, dialect, usual: product?.url ?? null, present, folder }),
    databaseUrl: env['DATABASE_URL'] ? 'environment' : inFile === undefined ? null : '.env',
    hasGitignore: await isThere(join(folder, '.gitignore')),
  };
}
