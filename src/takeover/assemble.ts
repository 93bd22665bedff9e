// The history of another tool as revisions.
// In: its migrations. Out: heads and bodies to be written, and the report. Must not know whose they are, or any database.

import { relative } from 'node:path';
import { hashText } from '../kernel/hash.ts';
import { idPattern, reservedWords } from '../revisions/header.ts';
import type { NewHeader } from '../revisions/render.ts';
import type { ForeignBody, ForeignHistory, ForeignMigration, ForeignRemainder } from './tool.ts';

/** One revision, as the report tells it. */
export interface ReportedRevision {
  readonly id: string;
  readonly revises: readonly string[];
  /** The tool's file, from the folder of the project. */
  readonly file: string;
  readonly status: ForeignMigration['status'];
  readonly remainders: readonly ForeignRemainder[];
}

/** What became of a history. */
export interface HistoryReport {
  readonly heads: readonly string[];
  /** Parents first. */
  readonly revisions: readonly ReportedRevision[];
  readonly totals: {
    readonly revisions: number;
    readonly full: number;
    readonly schema: number;
    readonly none: number;
  };
}

/** A revision that is to be written. */
export interface RevisionToWrite {
  readonly header: NewHeader;
  readonly body: ForeignBody;
  /** The name of its file, without the ending. */
  readonly name: string;
}

/** What is to be written, and how it is told. */
export interface Assembled {
  readonly report: HistoryReport;
  /** Parents first. */
  readonly revisions: readonly RevisionToWrite[];
  /** The ids by the names in the tool's table. */
  readonly ids: ReadonlyMap<string, string>;
}

const longestId = 200;

function plain(name: string): string {
  const text = name.replaceAll(/[^A-Za-z0-9_.]/g, '_');
  const short = text.length > longestId ? `${text.slice(0, longestId)}_${hashText(name).slice(0, 8)}` : text;
  return idPattern.test(short) && !reservedWords.has(short) ? short : `m_${short}`;
}

function idsOf(migrations: readonly ForeignMigration[]): ReadonlyMap<string, string> {
  const ids = new Map<string, string>();
  const taken = new Set<string>();
  for (const { name, id = name } of migrations) {
    const wished = plain(id);
    const free = taken.has(wished) ? `${wished}_${hashText(name).slice(0, 8)}` : wished;
    taken.add(free);
    ids.set(name, free);
  }
  return ids;
}

/** The names of files: those of the tool, where two are alike with their ids. */
function fileNames(
  migrations: readonly ForeignMigration[],
  ids: ReadonlyMap<string, string>,
): ReadonlyMap<string, string> {
  const taken = new Set<string>();
  const names = new Map<string, string>();
  for (const { name, fileName } of migrations) {
    const wished = (fileName ?? name).replaceAll(/[^A-Za-z0-9_.-]/g, '_').slice(0, 120) || 'revision';
    const own = /^\./.test(wished) ? `m${wished}` : wished;
    // Some file systems take names for one that differ in their case only.
    const free = taken.has(own.toLowerCase()) ? `${own}_${ids.get(name)}` : own;
    taken.add(free.toLowerCase());
    names.set(name, free);
  }
  return names;
}

function headerOf(
  migration: ForeignMigration,
  ids: ReadonlyMap<string, string>,
  revises: readonly string[],
): NewHeader {
  const { name, message, createdAt, body } = migration;
  const id = ids.get(name) ?? plain(name);
  return {
    id,
    revises,
    message: message === '' ? name : message,
    createdAt,
    ...(id === name ? {} : { importedAs: name }),
    ...(body.format === 'sql' && body.transaction === 'none' ? { transaction: 'none' as const } : {}),
  };
}

function parentsOf(
  { migrations }: ForeignHistory,
  ids: ReadonlyMap<string, string>,
): readonly (readonly string[])[] {
  return migrations.map((one, i) => {
    const before = migrations[i - 1];
    const names = one.revises ?? (before === undefined ? [] : [before.name]);
    // A parent that is in no file stays one: whoever reads the graph says so.
    return names.map((name) => ids.get(name) ?? plain(name));
  });
}

function headsOf(revisions: readonly ReportedRevision[]): readonly string[] {
  const parents = new Set(revisions.flatMap(({ revises }) => revises));
  return revisions.map(({ id }) => id).filter((id) => !parents.has(id));
}

/** The revisions of a history, and what is left to do. Paths of the report are relative to the folder. */
export function assemble(history: ForeignHistory, folder: string): Assembled {
  const ids = idsOf(history.migrations);
  const names = fileNames(history.migrations, ids);
  const parents = parentsOf(history, ids);
  const revisions = history.migrations.map((one, i): ReportedRevision => {
    const { name, file, status, remainders } = one;
    const shown = relative(folder, file).replaceAll('\\', '/') || file;
    return { id: ids.get(name) ?? '', revises: parents[i] ?? [], file: shown, status, remainders };
  });
  const count = (status: ForeignMigration['status']) =>
    revisions.filter((one) => one.status === status).length;
  return {
    ids,
    revisions: history.migrations.map((one, i) => ({
      header: headerOf(one, ids, parents[i] ?? []),
      body: one.body,
      name: names.get(one.name) ?? one.name,
    })),
    report: {
      heads: headsOf(revisions),
      revisions,
      totals: {
        revisions: revisions.length,
        full: count('full'),
        schema: count('schema'),
        none: count('none'),
      },
    },
  };
}
