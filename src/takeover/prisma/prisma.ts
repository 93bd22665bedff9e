// Prisma Migrate: `prisma/migrations/<time>_<name>/migration.sql`.
// In: its files and `_prisma_migrations`. Out: ForeignTool. Must not know how revisions are written.

import { createHash } from 'node:crypto';
import { dirname, join } from 'node:path';
import { parseEnv } from 'node:util';
import type { Row } from '../../dialect/connection.ts';
import { textOf } from '../../dialect/rows.ts';
import type { DialectName } from '../../schema/schema.ts';
import { configLiterals } from '../config-literals.ts';
import { findFolder, namesIn } from '../find-folder.ts';
import { momentOf, momentOfStamp, readTable } from '../read-table.ts';
import { readForeignText, storedForms } from '../read-text.ts';
import { refuseProduct } from '../refuse-product.ts';
import { quotedName } from '../sql-name.ts';
import { sqlBody, troublesIn } from '../sql-revision.ts';
import type {
  ForeignEntry,
  ForeignHistory,
  ForeignLedger,
  ForeignMigration,
  ForeignTool,
  LedgerMeans,
  ReadMeans,
} from '../tool.ts';
import { findDatasource, sqliteUrl } from './datasource.ts';

const table = '_prisma_migrations';
const configFiles = ['ts', 'mts', 'js', 'mjs', 'cjs'].flatMap((ending) => [
  `prisma.config.${ending}`,
  `.config/prisma.${ending}`,
]);

const dialects: Readonly<Record<string, DialectName>> = {
  postgresql: 'postgres',
  postgres: 'postgres',
  cockroachdb: 'postgres',
  mysql: 'mysql',
  sqlite: 'sqlite',
};

async function isPrismaFolder(names: readonly string[], folder: string): Promise<boolean> {
  if (names.includes('migration_lock.toml')) return true;
  for (const name of names)
    if ((await namesIn(join(folder, name)))?.includes('migration.sql')) return !names.includes('meta');
  return false;
}

/** `provider` of `migration_lock.toml`. */
async function lockedProvider(folder: string, names: readonly string[]): Promise<string | null> {
  if (!names.includes('migration_lock.toml')) return null;
  const { text } = await readForeignText(join(folder, 'migration_lock.toml'));
  return /^\s*provider\s*=\s*["']([^"']+)["']/m.exec(text)?.[1] ?? null;
}

const hashOf = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');

type ReadFile = ForeignMigration | { readonly file: string; readonly reason: string };

async function readFolder(
  folder: string,
  name: string,
  dialect: DialectName | null,
): Promise<ReadFile | null> {
  const inside = await namesIn(join(folder, name));
  if (inside === null) return null;
  const file = join(folder, name, 'migration.sql');
  if (!inside.includes('migration.sql')) return { file, reason: 'the folder has no migration.sql' };
  const read = await readForeignText(file);
  const { text, odd } = read;
  const troubles = troublesIn({ text, line: 1 }, dialect);
  return {
    name,
    message: name.replace(/^\d+_/, '').replaceAll(/[_-]+/g, ' ').trim(),
    createdAt: momentOfStamp(name),
    file,
    status: troubles.length > 0 ? 'none' : 'full',
    remainders: [...(odd === null ? [] : [{ line: 1, reason: odd }]), ...troubles],
    body: sqlBody({
      upgrade: { text, line: 1 },
      downgrade: null,
      irreversible: 'Prisma writes no way back',
      dialect,
    }),
    checksums: storedForms(read).map(hashOf),
  };
}

/** Prisma reads a `.env` beside the schema, too. */
async function envBeside(schema: string): Promise<ReadMeans['env']> {
  const folder = dirname(schema);
  if (!(await namesIn(folder))?.includes('.env')) return {};
  return parseEnv((await readForeignText(join(folder, '.env'))).text);
}

/** Where the database is, if the schema says it in a way of its own. */
async function urlOf(
  folder: string,
  means: ReadMeans,
): Promise<{ readonly provider: string | null; readonly url?: string; readonly urlVariable?: string }> {
  const { datasource, file } = await findDatasource(folder);
  const { provider, variable } = datasource;
  const env = { ...(file === null ? {} : await envBeside(file)), ...means.env };
  const url = datasource.url ?? (variable === null ? null : (env[variable] ?? null));
  if (url === null || file === null) return { provider };
  const path = provider === 'sqlite' ? sqliteUrl(url, file, means.projectFolder) : null;
  return {
    provider,
    url: path ?? url,
    ...(variable === null || path !== null ? {} : { urlVariable: variable }),
  };
}

async function read(path: string, means: ReadMeans): Promise<ForeignHistory | null> {
  const config = await configLiterals(means.projectFolder, configFiles);
  const own = config.get('migrations.path');
  const schema = config.get('schema');
  const usual = [
    ...(own === undefined ? [] : [own]),
    // Beside the schema, which may be a file or a folder.
    ...(schema === undefined ? [] : [join(schema, '../migrations'), join(schema, 'migrations')]),
    'prisma/migrations',
    'migrations',
  ];
  const found = await findFolder(path, usual, isPrismaFolder);
  if (found === null) return null;
  const { folder, names } = found;
  const { provider: schemaProvider, ...place } = await urlOf(folder, means);
  const provider = (await lockedProvider(folder, names)) ?? schemaProvider;
  const known = provider === null ? means.dialect : (dialects[provider] ?? null);
  if (provider !== null && known === null) refuseProduct('Prisma', provider);
  const all = await Promise.all(names.map((name) => readFolder(folder, name, known)));
  const files = all.filter((one) => one !== null);
  return {
    migrations: files.filter((one): one is ForeignMigration => 'body' in one),
    folder,
    unread: files.flatMap((one) => ('body' in one ? [] : [one])),
    notes: [],
    dialect: known,
    tables: [table],
    ...place,
  };
}

function stateOf(row: Row): ForeignEntry['state'] {
  if (textOf(row, 'finished_at') !== null) return 'applied';
  return (textOf(row, 'logs') ?? '').trim() === '' ? 'half-applied' : 'failed';
}

/** Of several rows of one name the last counts; those that were rolled back do not, unless all were. */
function lastWords(rows: readonly Row[]): readonly Row[] {
  const standing = rows.filter((row) => textOf(row, 'rolled_back_at') === null);
  const last = new Map(standing.map((row) => [textOf(row, 'migration_name'), row]));
  return [...last.values()];
}

const entryOf = (row: Row): ForeignEntry => ({
  name: textOf(row, 'migration_name') ?? '',
  state: stateOf(row),
  at: momentOf(row, 'finished_at') ?? momentOf(row, 'started_at'),
  detail: textOf(row, 'logs') || null,
  checksum: textOf(row, 'checksum'),
});

async function ledger({ connection, dialect }: LedgerMeans): Promise<ForeignLedger | null> {
  const rows = await readTable(
    connection,
    `SELECT migration_name, checksum, started_at, finished_at, rolled_back_at, logs FROM ${quotedName(table, dialect)} ORDER BY started_at, migration_name`,
  );
  if (rows === null) return null;
  const undone = rows.filter((row) => textOf(row, 'rolled_back_at') !== null);
  const names = [...new Set(undone.map((row) => textOf(row, 'migration_name') ?? ''))];
  return {
    table,
    entries: lastWords(rows).map(entryOf),
    notes: names.map((name) => `${name}: an attempt was marked as rolled back`),
  };
}

/** The tool, as imports know all tools. */
export const prisma: ForeignTool = { name: 'prisma', title: 'Prisma', read, ledger };
