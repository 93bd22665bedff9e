// Drizzle Kit: `drizzle/` with `meta/_journal.json`, or a folder for each migration.
// In: its files and `__drizzle_migrations`. Out: ForeignTool. Must not know how revisions are written.

import { createHash } from 'node:crypto';
import { textOf } from '../../dialect/rows.ts';
import { configLiterals } from '../config-literals.ts';
import { findFolder } from '../find-folder.ts';
import { momentOf, readTable } from '../read-table.ts';
import type { ForeignText } from '../read-text.ts';
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
import type { JournalEntry } from './journal.ts';
import { isDrizzleFolder, readJournal } from './journal.ts';

const configFiles = ['ts', 'mts', 'js', 'mjs', 'cjs', 'json'].map((ending) => `drizzle.config.${ending}`);
const usualTable = '__drizzle_migrations';
const usualNamespace = 'drizzle';

/** What parts the statements; to MySQL it would be no comment. */
const breakpoint = /^[ \t]*--> statement-breakpoint[ \t]*$/gm;

function statements(text: string): string {
  const parts = text.replaceAll('--> statement-breakpoint', '\n--> statement-breakpoint\n').split(breakpoint);
  const closed = parts.map((part) => part.trim()).filter((part) => part !== '');
  return closed.map((part) => (part.endsWith(';') ? part : `${part};`)).join('\n\n');
}

const hashOf = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');

function migrationOf(entry: JournalEntry, read: ForeignText, means: ReadMeans): ForeignMigration {
  const { tag, file, createdAt } = entry;
  const { text, odd } = read;
  const { dialect } = means;
  const troubles = troublesIn({ text, line: 1 }, dialect);
  return {
    name: tag,
    message: tag.replace(/^\d+_/, '').replaceAll('_', ' '),
    createdAt,
    file,
    status: troubles.length > 0 ? 'none' : 'full',
    remainders: [...(odd === null ? [] : [{ line: 1, reason: odd }]), ...troubles],
    body: sqlBody({
      upgrade: { text: statements(text), line: 1 },
      downgrade: null,
      irreversible: 'Drizzle writes no way back',
      dialect,
    }),
    checksums: storedForms(read).map(hashOf),
  };
}

/** The path of a database of SQLite in the config; that of a server may hold a secret and is left there. */
function fileUrl(url: string | undefined): string | null {
  if (url === undefined || /^(?!file:)[a-z+]+:/i.test(url)) return null;
  return `sqlite:${url.replace(/^file:/, '')}`;
}

async function read(path: string, means: ReadMeans): Promise<ForeignHistory | null> {
  const config = await configLiterals(means.projectFolder, configFiles);
  const out = config.get('out');
  const usual = [...(out === undefined ? [] : [out]), 'drizzle', 'migrations'];
  const found = await findFolder(path, usual, isDrizzleFolder);
  if (found === null) return null;
  const { folder } = found;
  const journal = await readJournal(folder, found.names);
  if (journal.product !== null) refuseProduct('Drizzle', journal.product);
  const dialect = journal.dialect ?? means.dialect;
  const migrations = await Promise.all(
    journal.entries.map(async (entry) =>
      migrationOf(entry, await readForeignText(entry.file), { ...means, dialect }),
    ),
  );
  const url = dialect === 'sqlite' ? fileUrl(config.get('dbCredentials.url')) : null;
  return {
    migrations,
    folder,
    unread: journal.unread,
    notes: [],
    dialect,
    tables: [config.get('migrations.table') ?? usualTable],
    ...(url === null ? {} : { url }),
  };
}

const isMoment = (row: string | null, entry: JournalEntry) => row !== null && Number(row) === entry.when;

/** A row is known by its name, its hash, or its moment: the file may have been edited since. */
function nameOf(
  row: { readonly hash: string; readonly moment: string | null; readonly name: string | null },
  journal: readonly JournalEntry[],
  history: ForeignHistory,
): string {
  const byHash = history.migrations.find(({ checksums = [] }) => checksums.includes(row.hash));
  const byMoment = journal.find((entry) => isMoment(row.moment, entry));
  return row.name ?? byMoment?.tag ?? byHash?.name ?? row.hash;
}

async function rowsOf({ connection, dialect, projectFolder }: LedgerMeans) {
  const config = await configLiterals(projectFolder, configFiles);
  const table = config.get('migrations.table') ?? usualTable;
  const namespaced = `${config.get('migrations.schema') ?? usualNamespace}.${table}`;
  const names = dialect.name === 'postgres' ? [namespaced, table] : [table];
  for (const name of names) {
    const rows = await readTable(
      connection,
      `SELECT * FROM ${quotedName(name, dialect)} ORDER BY created_at, id`,
    );
    if (rows !== null) return { table: name, rows };
  }
  return null;
}

async function ledger(means: LedgerMeans): Promise<ForeignLedger | null> {
  const found = await rowsOf(means);
  if (found === null) return null;
  const { history } = means;
  const names = (await findFolder(history.folder, [], isDrizzleFolder))?.names ?? [];
  const { entries: journal } = await readJournal(history.folder, names);
  const entries = found.rows.map((row): ForeignEntry => {
    const hash = textOf(row, 'hash') ?? '';
    const moment = textOf(row, 'created_at');
    const name = nameOf({ hash, moment, name: textOf(row, 'name') }, journal, history);
    return { name, state: 'applied', at: momentOf(row, 'applied_at'), detail: null, checksum: hash || null };
  });
  return { table: found.table, entries, notes: [] };
}

/** The tool, as imports know all tools. */
export const drizzle: ForeignTool = { name: 'drizzle', title: 'Drizzle', read, ledger };
