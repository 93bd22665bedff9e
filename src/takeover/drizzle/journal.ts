// Which migrations a folder of Drizzle has, and in which order.
// In: a folder of either form. Out: entries, dialect. Must not know what is in the SQL.

import { join } from 'node:path';
import type { DialectName } from '../../schema/schema.ts';
import { namesIn } from '../find-folder.ts';
import { momentOfStamp } from '../read-table.ts';
import { readForeignText } from '../read-text.ts';

/** A migration of the folder. */
export interface JournalEntry {
  /** `0000_first`, or the name of its folder. */
  readonly tag: string;
  readonly file: string;
  readonly createdAt: string | null;
  /** What the table calls it besides its hash: milliseconds. `null`: unknown. */
  readonly when: number | null;
}

/** A folder of migrations. */
export interface Journal {
  readonly entries: readonly JournalEntry[];
  readonly dialect: DialectName | null;
  /** What Drizzle calls it, where it is none of ours. */
  readonly product: string | null;
  readonly unread: readonly { readonly file: string; readonly reason: string }[];
}

const dialects: Readonly<Record<string, DialectName>> = {
  postgresql: 'postgres',
  postgres: 'postgres',
  mysql: 'mysql',
  sqlite: 'sqlite',
  turso: 'sqlite',
};

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

async function readJson(file: string): Promise<Readonly<Record<string, unknown>> | null> {
  try {
    const value: unknown = JSON.parse((await readForeignText(file)).text);
    return isRecord(value) ? value : null;
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}

function dialectOf(value: unknown): Pick<Journal, 'dialect' | 'product'> {
  const name = typeof value === 'string' ? value : '';
  const dialect = Object.hasOwn(dialects, name) ? (dialects[name] ?? null) : null;
  return { dialect, product: dialect === null && name !== '' ? name : null };
}

const isoOf = (ms: number): string | null => {
  const moment = new Date(ms);
  return Number.isNaN(moment.getTime()) ? null : moment.toISOString();
};

function entryOf(value: unknown, folder: string, names: readonly string[]): JournalEntry | string {
  if (!isRecord(value) || typeof value['tag'] !== 'string') return 'an entry has no tag';
  const { tag } = value;
  const when = typeof value['when'] === 'number' ? value['when'] : null;
  if (!names.includes(`${tag}.sql`)) return `the journal names ${tag}.sql, which is not there`;
  return { tag, file: join(folder, `${tag}.sql`), when, createdAt: when === null ? null : isoOf(when) };
}

/** `meta/_journal.json` and a file for each migration. */
async function readOldForm(folder: string, names: readonly string[]): Promise<Journal> {
  const file = join(folder, 'meta', '_journal.json');
  const journal = await readJson(file);
  if (journal === null)
    return {
      entries: [],
      dialect: null,
      product: null,
      unread: [{ file, reason: 'it is no JSON that can be read' }],
    };
  const listed = Array.isArray(journal['entries']) ? (journal['entries'] as readonly unknown[]) : [];
  const read = listed.map((one) => entryOf(one, folder, names));
  const entries = read.filter((one) => typeof one !== 'string');
  const known = new Set(entries.map(({ tag }) => `${tag}.sql`));
  const strangers = names.filter((name) => name.endsWith('.sql') && !known.has(name));
  return {
    entries,
    ...dialectOf(journal['dialect']),
    unread: [
      ...read.flatMap((one) => (typeof one === 'string' ? [{ file, reason: one }] : [])),
      ...strangers.map((name) => ({
        file: join(folder, name),
        reason: 'the journal does not name it, so Drizzle never ran it',
      })),
    ],
  };
}

/** A folder for each migration, with a snapshot beside it. */
async function readNewForm(folder: string, names: readonly string[]): Promise<Journal> {
  const entries: JournalEntry[] = [];
  let dialect: unknown;
  for (const tag of names) {
    const inside = await namesIn(join(folder, tag));
    if (!inside?.includes('migration.sql')) continue;
    if (inside.includes('snapshot.json'))
      dialect = (await readJson(join(folder, tag, 'snapshot.json')))?.['dialect'] ?? dialect;
    const createdAt = momentOfStamp(tag);
    const when = createdAt === null ? null : Date.parse(createdAt);
    entries.push({ tag, file: join(folder, tag, 'migration.sql'), createdAt, when });
  }
  return { entries, ...dialectOf(dialect), unread: [] };
}

/** True for a folder of Drizzle's. */
export async function isDrizzleFolder(names: readonly string[], folder: string): Promise<boolean> {
  if (names.includes('meta'))
    return (await namesIn(join(folder, 'meta')))?.includes('_journal.json') ?? false;
  for (const name of names.filter((one) => /^\d{14}_/.test(one))) {
    const inside = await namesIn(join(folder, name));
    if (inside?.includes('migration.sql') && inside.includes('snapshot.json')) return true;
  }
  return false;
}

/** The migrations of a folder, in the order in which Drizzle runs them. */
export async function readJournal(folder: string, names: readonly string[]): Promise<Journal> {
  return names.includes('meta') ? await readOldForm(folder, names) : await readNewForm(folder, names);
}
