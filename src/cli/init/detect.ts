// What a project uses. In: its folder. Out: ORM, database. Must not know what is made of it.

import { join } from 'node:path';
import { detectModels } from '../../config/detect-models.ts';
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

/** Looks at a project's files; nothing of it is run. */
export async function detect(
  folder: string,
  env: Readonly<Record<string, string | undefined>>,
): Promise<Found> {
  const packages = packagesIn(await readIfThere(join(folder, 'package.json')));
  const { orm, models } = await detectModels(packages, {
    isThere: (path) => isThere(join(folder, path)),
    text: (path) => readIfThere(join(folder, path)),
  });
  const product = products.find((one) => one.packages.some((name) => packages.has(name)));
  const dotenv = await readIfThere(join(folder, '.env'));
  const isSet = /^\s*(?:export\s+)?DATABASE_URL\s*=\s*\S/m.test(dotenv ?? '');
  return {
    orm,
    models,
    url: product?.url ?? 'sqlite:./dev.db',
    databaseUrl: env['DATABASE_URL'] ? 'environment' : isSet ? '.env' : null,
    hasGitignore: await isThere(join(folder, '.gitignore')),
  };
}
