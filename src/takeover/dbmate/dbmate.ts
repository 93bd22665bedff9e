// dbmate: `db/migrations/<version>_<name>.sql`, with `-- migrate:up` and `-- migrate:down`.
// In: its files and its table. Out: ForeignTool. Must not know how revisions are written.

import { join } from 'node:path';
import { textOf } from '../../dialect/rows.ts';
import { findFolder } from '../find-folder.ts';
import { momentOfStamp, readTable } from '../read-table.ts';
import { readForeignText } from '../read-text.ts';
import { quotedName } from '../sql-name.ts';
import { sqlBody, troublesIn } from '../sql-revision.ts';
import type {
  ForeignHistory,
  ForeignLedger,
  ForeignMigration,
  ForeignTool,
  LedgerMeans,
  ReadMeans,
} from '../tool.ts';
import type { Block } from './blocks.ts';
import { readBlocks } from './blocks.ts';

const fileName = /^(\d+)(.*)\.sql$/;
const usualFolders = ['db/migrations', 'migrations'];
const tableOf = (env: ReadMeans['env']) => env['DBMATE_MIGRATIONS_TABLE'] || 'schema_migrations';

/** Values that dbmate puts in where the migration runs. */
const envNote = (names: readonly string[]) =>
  `it takes ${names.join(', ')} from the environment when it runs: write the value in`;

function statusOf(up: Block, remainders: ForeignMigration['remainders']): ForeignMigration['status'] {
  return up.env.length > 0 || remainders.some(({ reason }) => !reason.includes('UTF')) ? 'none' : 'full';
}

function migrationOf(
  file: { readonly path: string; readonly version: string; readonly label: string; readonly base: string },
  blocks: { readonly up: Block; readonly down: Block | null },
  means: { readonly odd: string | null; readonly dialect: ReadMeans['dialect'] },
): ForeignMigration {
  const { up, down } = blocks;
  const { odd, dialect } = means;
  const names = [...new Set([...up.env, ...(down?.env ?? [])])];
  const remainders = [
    ...(odd === null ? [] : [{ line: 1, reason: odd }]),
    ...(names.length === 0 ? [] : [{ line: up.line, reason: envNote(names) }]),
    ...troublesIn(up, dialect),
  ];
  const transaction = up.transaction && (down?.transaction ?? true) ? 'auto' : 'none';
  return {
    name: file.version,
    fileName: file.base,
    message: file.label.replaceAll(/[_-]+/g, ' ').trim() || file.version,
    createdAt: momentOfStamp(file.version),
    file: file.path,
    status: statusOf(up, remainders),
    remainders,
    body: sqlBody({
      upgrade: up,
      downgrade: down,
      irreversible: 'it had no migrate:down',
      transaction,
      dialect,
    }),
  };
}

type ReadFile = ForeignMigration | { readonly file: string; readonly reason: string };

async function readFile(folder: string, name: string, { dialect }: ReadMeans): Promise<ReadFile | null> {
  const [, version = '', label = ''] = fileName.exec(name) ?? [];
  if (version === '') return null;
  const path = join(folder, name);
  const { text, odd } = await readForeignText(path);
  const blocks = readBlocks(text);
  if (typeof blocks === 'string') return { file: path, reason: blocks };
  return migrationOf({ path, version, label, base: name.slice(0, -4) }, blocks, { odd, dialect });
}

/** Two files of one version: dbmate runs the first and takes the other for done. */
function apart(read: readonly ForeignMigration[]) {
  const first = new Map<string, ForeignMigration>();
  const twice: { readonly file: string; readonly reason: string }[] = [];
  for (const one of read) {
    if (first.has(one.name))
      twice.push({
        file: one.file,
        reason: `version ${one.name} has another file already: dbmate never ran this one`,
      });
    else first.set(one.name, one);
  }
  return { migrations: [...first.values()], twice };
}

async function read(path: string, means: ReadMeans): Promise<ForeignHistory | null> {
  const given = means.env['DBMATE_MIGRATIONS_DIR'];
  const usual = given === undefined ? usualFolders : [given, ...usualFolders];
  const found = await findFolder(path, usual, (names) => names.some((name) => fileName.test(name)));
  if (found === null) return null;
  const all = await Promise.all(found.names.map((name) => readFile(found.folder, name, means)));
  const files = all.filter((one) => one !== null);
  const { migrations, twice } = apart(files.filter((one): one is ForeignMigration => 'body' in one));
  const broken = files.flatMap((one) => ('body' in one ? [] : [one]));
  const unread = [...broken, ...twice];
  const tables = [tableOf(means.env)];
  return { migrations, folder: found.folder, unread, notes: [], dialect: means.dialect, tables };
}

async function ledger({ connection, dialect, env }: LedgerMeans): Promise<ForeignLedger | null> {
  const table = tableOf(env);
  const rows = await readTable(
    connection,
    `SELECT version FROM ${quotedName(table, dialect)} ORDER BY version`,
  );
  if (rows === null) return null;
  const entries = rows.map((row) => ({
    name: textOf(row, 'version') ?? '',
    state: 'applied' as const,
    at: null,
    detail: null,
    checksum: null,
  }));
  return { table, entries, notes: [] };
}

/** The tool, as imports know all tools. */
export const dbmate: ForeignTool = { name: 'dbmate', title: 'dbmate', read, ledger };
