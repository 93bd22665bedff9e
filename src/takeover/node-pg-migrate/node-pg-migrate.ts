// node-pg-migrate: `migrations/<time>_<name>.sql`, or the same in JavaScript or TypeScript.
// In: its files and `pgmigrations`. Out: ForeignTool. Must not know how revisions are written.

import { basename, extname, join, relative } from 'node:path';
import { textOf } from '../../dialect/rows.ts';
import { messageOf } from '../../kernel/errors.ts';
import { findFolder } from '../find-folder.ts';
import { messageFrom, stampFrom } from '../programs/names.ts';
import { refusingStep } from '../programs/render.ts';
import { momentOf, readTable } from '../read-table.ts';
import { readForeignText } from '../read-text.ts';
import { quotedName } from '../sql-name.ts';
import { sqlBody, troublesIn } from '../sql-revision.ts';
import type {
  ForeignBody,
  ForeignHistory,
  ForeignLedger,
  ForeignMigration,
  ForeignTool,
  LedgerMeans,
  ReadMeans,
} from '../tool.ts';
import type { BuilderClass, BuiltProgram } from './builder.ts';
import { buildProgram, loadBuilder } from './builder.ts';
import { readSqlMigration } from './sql-file.ts';

const isMigration = (name: string) => /^\d+.*\.(?:sql|[cm]?[jt]s)$/.test(name) && !/\.d\.[cm]?ts$/.test(name);
const configOf = (env: ReadMeans['env']) => ({
  folder: env['MIGRATIONS_DIR'],
  table: env['MIGRATIONS_TABLE'] || 'pgmigrations',
});

/** Seventeen digits are a date, all others are compared as numbers. */
function rank(name: string): number {
  const digits = /^\d+/.exec(name)?.[0] ?? '';
  const isDate = digits.length === 17 ? stampFrom(digits) : null;
  return isDate === null ? Number(digits) : Date.parse(isDate);
}

const byRank = (a: string, b: string) => rank(a) - rank(b) || (a < b ? -1 : 1);

const nameOf = (file: string) => basename(file, extname(file));

type Content = Pick<ForeignMigration, 'status' | 'remainders' | 'body'>;

async function sqlContent(file: string): Promise<Content> {
  const { text, odd } = await readForeignText(file);
  const { up, down } = readSqlMigration(text);
  const troubles = troublesIn(up, 'postgres');
  return {
    status: troubles.length > 0 ? 'none' : 'full',
    remainders: [...(odd === null ? [] : [{ line: 1, reason: odd }]), ...troubles],
    body: sqlBody({
      upgrade: up,
      downgrade: down,
      irreversible: 'it had no down migration',
      dialect: 'postgres',
    }),
  };
}

function builtBody({ up, down }: BuiltProgram): ForeignBody | null {
  if (up.kind === 'none') return null;
  const isWhole = up.transaction && (down.kind === 'none' || down.transaction);
  return sqlBody({
    upgrade: { text: up.text, line: 1 },
    downgrade: down.kind === 'none' ? null : { text: down.text, line: 1 },
    ...(down.kind === 'none' ? { irreversible: down.reason } : {}),
    transaction: isWhole ? 'auto' : 'none',
    dialect: 'postgres',
  });
}

/** What is left of a program that cannot be written as SQL: its source, and a step that refuses. */
async function marked(file: string, reason: string, folder: string): Promise<Content> {
  const { text } = await readForeignText(file);
  const place = relative(folder, file).replaceAll('\\', '/') || file;
  return {
    status: 'none',
    remainders: [{ line: 1, reason }],
    body: {
      format: 'ts',
      body: {
        upgrade: refusingStep(place, reason, text.trimEnd()),
        downgrade: { irreversible: 'it was not translated' },
      },
    },
  };
}

interface Built {
  readonly content: Content;
  readonly shorthands: BuiltProgram['shorthands'];
}

async function programContent(
  file: string,
  library: BuilderClass | string,
  means: { readonly known: BuiltProgram['shorthands']; readonly folder: string },
): Promise<Built> {
  const { known, folder } = means;
  if (typeof library === 'string') return { content: await marked(file, library, folder), shorthands: known };
  const built = await buildProgram(file, library, known);
  const { up, shorthands } = built;
  const body = builtBody(built);
  if (body === null || up.kind === 'none')
    return { content: await marked(file, up.kind === 'none' ? up.reason : '', folder), shorthands };
  const troubles = troublesIn({ text: up.text, line: 1 }, 'postgres').map((one) => ({ ...one, line: 1 }));
  return {
    content: { status: troubles.length > 0 ? 'none' : 'full', remainders: troubles, body },
    shorthands,
  };
}

/** The library of the project, or in words why it cannot be had. */
async function libraryFor(files: readonly string[], folder: string): Promise<BuilderClass | string> {
  if (files.every((file) => file.endsWith('.sql'))) return 'it is not needed';
  return await loadBuilder(folder).catch(messageOf);
}

async function contents(files: readonly string[], means: ReadMeans): Promise<readonly Content[]> {
  const { projectFolder: folder } = means;
  const library = await libraryFor(files, folder);
  let known: BuiltProgram['shorthands'] = {};
  const found: Content[] = [];
  // One after the other: short names of types hold for the files behind.
  for (const file of files) {
    if (file.endsWith('.sql')) found.push(await sqlContent(file));
    else {
      const built = await programContent(file, library, { known, folder });
      known = built.shorthands;
      found.push(built.content);
    }
  }
  return found;
}

async function read(path: string, means: ReadMeans): Promise<ForeignHistory | null> {
  const own = configOf(means.env);
  const usual = [...(own.folder === undefined ? [] : [own.folder]), 'migrations'];
  const found = await findFolder(path, usual, (names) => names.some(isMigration));
  if (found === null) return null;
  const names = found.names.filter((name) => !name.startsWith('.')).sort(byRank);
  const files = names.filter(isMigration).map((name) => join(found.folder, name));
  const read = await contents(files, means);
  const strangers = names.filter((name) => !isMigration(name) && /\.(?:sql|[cm]?[jt]s)$/.test(name));
  return {
    migrations: files.flatMap((file, i): readonly ForeignMigration[] => {
      const content = read[i];
      const name = nameOf(file);
      const head = { name, message: messageFrom(name), createdAt: stampFrom(name), file };
      return content === undefined ? [] : [{ ...head, ...content }];
    }),
    folder: found.folder,
    unread: strangers.map((name) => ({
      file: join(found.folder, name),
      reason: 'its name begins with no number',
    })),
    notes: [],
    dialect: 'postgres',
    tables: [own.table],
  };
}

async function ledger({ connection, dialect, env }: LedgerMeans): Promise<ForeignLedger | null> {
  const { table } = configOf(env);
  const name = quotedName(table, dialect);
  const rows = await readTable(connection, `SELECT name, run_on FROM ${name} ORDER BY run_on, id`);
  if (rows === null) return null;
  const entries = rows.map((row) => ({
    name: textOf(row, 'name') ?? '',
    state: 'applied' as const,
    at: momentOf(row, 'run_on'),
    detail: null,
    checksum: null,
  }));
  return { table, entries, notes: [] };
}

/** The tool, as imports know all tools. */
export const nodePgMigrate: ForeignTool = {
  name: 'node-pg-migrate',
  title: 'node-pg-migrate',
  read,
  ledger,
};
