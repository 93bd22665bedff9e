// Finds the revisions in folders.
// In: folders. Out: RevisionHeader[], without running any file. Must not know graphs or databases.

import { existsSync, readFileSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { basename, join, normalize } from 'node:path';
import { messageOf, SurefootError } from '../kernel/errors.ts';
import { duplicateId, invalidRevision, shownFile, toHeader } from './header.ts';
import { readModuleHeader } from './module-header.ts';
import { phasesOf } from './phases.ts';
import type { RevisionHeader } from './revision.ts';
import { readSqlHead } from './sql-file.ts';

/** True for a name that a revision's file may have. */
export const isRevisionFile = (name: string) =>
  /\.(?:ts|mts|js|mjs|sql)$/.test(name) && !/\.d\.m?ts$/.test(name) && !name.startsWith('.');

/** A text as it is compared and read: line feeds only, no byte order mark. */
export function plainText(text: string): string {
  return text.replace(/^\ufeff/, '').replaceAll('\r\n', '\n');
}

/** The header of one file. `null`: a module that is no revision, but a helper of others. */
export function readHeader(text: string, file: string): RevisionHeader | null {
  const plain = plainText(text);
  if (file.endsWith('.sql')) {
    const { members, transaction } = readSqlHead(plain, file);
    return toHeader(members, { file, kind: 'sql', transaction });
  }
  const members = readModuleHeader(plain, file);
  if (members) return toHeader(members, { file, kind: 'ts', transaction: 'auto' });
  if (!/^\d{14}_/.test(basename(file))) return null;
  throw invalidRevision({ file }, 'it is named like a revision and has no default export');
}

const folderHint =
  'Is this the folder of the project (--cwd)? There, `surefoot init` begins; else create the folder, or correct `migrations` in the config.';

async function listFolder(folder: string): Promise<readonly string[]> {
  try {
    const entries = await readdir(folder, { withFileTypes: true });
    return entries
      .filter((entry) => !entry.isDirectory() && isRevisionFile(entry.name))
      .map((entry) => join(folder, entry.name));
  } catch (error) {
    throw unreadable(folder, error, folderHint);
  }
}

function unreadable(file: string, cause: unknown, hint: string): SurefootError<'revision/load-failed'> {
  const problem = isMissing(cause) ? 'there is no such file or folder' : messageOf(cause);
  const message = `${shownFile(file)} cannot be read: ${problem}`;
  return new SurefootError('revision/load-failed', message, { details: { file, problem }, hint, cause });
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ENOENT';
}

/**
 * The text of a revision's file, as `plainText` makes it. Read in one go: of thousands of small files that takes an
 * eighth of the time that as many promises take.
 */
export function readRevisionText(file: string): string {
  try {
    return plainText(readFileSync(file, 'utf8'));
  } catch (error) {
    throw unreadable(file, error, 'Restore the file, or run again if it has just been moved.');
  }
}

function refuseDuplicates(headers: readonly RevisionHeader[]): void {
  const files = new Map<string, string>();
  for (const { id, file } of headers) {
    const other = files.get(id);
    if (other !== undefined) throw duplicateId(id, [other, file]);
    files.set(id, file);
  }
}

/** Each folder once. */
export const distinctFolders = (folders: readonly string[]): readonly string[] => [
  ...new Set(folders.map((folder) => normalize(join(folder, '.')))),
];

/** The headers of all revisions in the folders, by file name; reads every file, runs none. */
export async function scanHeaders(folders: readonly string[]): Promise<readonly RevisionHeader[]> {
  const lists = await Promise.all(distinctFolders(folders).map(listFolder));
  return readHeaders(lists.flatMap((list) => [...list].sort()));
}

/** Where the revisions are kept that a squash put together, beside the one that replaces them. */
export const squashedFolder = 'squashed';

/** The headers of the revisions that were put together; none where nothing was. */
export async function scanSquashed(folders: readonly string[]): Promise<readonly RevisionHeader[]> {
  const there = distinctFolders(folders)
    .map((folder) => join(folder, squashedFolder))
    .filter((folder) => existsSync(folder));
  const lists = await Promise.all(there.map(listFolder));
  return readHeaders(lists.flatMap((list) => [...list].sort()));
}

function readHeaders(files: readonly string[]): readonly RevisionHeader[] {
  const found = files.flatMap((file) => {
    const header = readHeader(readRevisionText(file), file);
    return header ? phasesOf(header) : [];
  });
  refuseDuplicates(found);
  return found;
}
