// Writes new revision files. In: a folder, a header, a body. Out: the file's path and text.
// Must not know the graph: the caller has chosen parents and labels.

import { randomBytes } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { SurefootError } from '../kernel/errors.ts';
import { canonicalJson, hashText } from '../kernel/hash.ts';
import { invalidRevision, shownFile } from './header.ts';
import type { ModuleBody, NewHeader, SqlBody } from './render.ts';
import { renderModule, renderSql } from './render.ts';
import { readHeader } from './scan.ts';
import { readSqlFile } from './sql-file.ts';

/** A revision to be written, in one of the two forms. Without a body it does nothing, both ways. */
export type NewRevision = {
  readonly folder: string;
  readonly header: NewHeader;
  /** The name of the file, without its ending. Default: time, id and message. */
  readonly name?: string;
} & (
  | { readonly format: 'ts'; readonly body?: ModuleBody }
  | { readonly format: 'sql'; readonly body?: SqlBody }
);

export interface WrittenRevision {
  readonly file: string;
  readonly text: string;
}

const longestSlug = 40;
const longestIdInName = 120;

/** A new id: 12 hexadecimal digits. */
export function newRevisionId(): string {
  return randomBytes(6).toString('hex');
}

/** A message as a part of a file name: folded to ASCII, at most 40 characters; '' where nothing is left. */
export function slugOf(message: string): string {
  return message
    .toLowerCase()
    .replaceAll('ß', 'ss')
    .replaceAll('æ', 'ae')
    .replaceAll('œ', 'oe')
    .replaceAll('ø', 'o')
    .replaceAll('đ', 'd')
    .replaceAll('ł', 'l')
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .replace(/[^a-z0-9]+/g, '_')
    .replace(/^_/, '')
    .slice(0, longestSlug)
    .replace(/_$/, '');
}

/** `<UTC yyyymmddhhmmss>_<id>_<slug>`; parts that are not known are left out, and a very long id is shortened. */
export function revisionFileName({ id, message, createdAt }: NewHeader, format: 'ts' | 'sql'): string {
  const stamp = createdAt === null ? '' : createdAt.replace(/\D/g, '').slice(0, 14);
  const shortId =
    id.length > longestIdInName ? `${id.slice(0, longestIdInName)}${hashText(id).slice(0, 8)}` : id;
  return `${[stamp, shortId, slugOf(message)].filter((part) => part !== '').join('_')}.${format}`;
}

/** The message of a revision that merges others, unless its author has one. */
export function mergeMessage(revises: readonly string[]): string {
  return `merge ${revises.slice(0, -1).join(', ')} and ${revises.at(-1)}`;
}

const emptyModule: ModuleBody = { upgrade: '', downgrade: 'auto' };
const emptySql: SqlBody = {
  sections: [
    { kind: 'upgrade', text: '' },
    { kind: 'downgrade', text: '' },
  ],
};

/** The text of the file that `writeRevision` writes. */
export function renderRevision(given: NewRevision): string {
  if (given.format === 'sql') return renderSql(given.header, given.body ?? emptySql);
  return renderModule(given.header, given.body ?? emptyModule);
}

function isThere(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'EEXIST';
}

/** Refuses what would read back as something else: line breaks in names, section markers inside statements. */
function refuseUnfaithful(given: NewRevision, file: string, text: string): void {
  const { id, revises, message, branchLabels = [], dependsOn = [], replaces = [] } = given.header;
  const wanted = { id, revises, message, branchLabels, dependsOn, replaces };
  const header = readHeader(text, file);
  const read = header && Object.keys(wanted).map((key) => header[key as keyof typeof wanted]);
  if (canonicalJson(read) !== canonicalJson(Object.values(wanted))) {
    throw invalidRevision({ file }, 'its head would not read back as it was given');
  }
  if (given.format === 'ts') return;
  const sections = (given.body ?? emptySql).sections.length;
  if (readSqlFile(text, file).sections.length === sections) return;
  const hint =
    "A line of a statement reads like '-- upgrade', '-- downgrade' or '-- effect'; change that comment.";
  throw invalidRevision({ file }, 'its sections would not read back as they were given', hint);
}

/** Writes a new revision file; one that is there stays as it is, and the call refuses. */
export async function writeRevision(given: NewRevision): Promise<WrittenRevision> {
  const { folder, format, name } = given;
  const file = join(
    folder,
    name === undefined ? revisionFileName(given.header, format) : `${name}.${format}`,
  );
  const text = renderRevision(given);
  refuseUnfaithful(given, file, text);
  await mkdir(given.folder, { recursive: true });
  try {
    await writeFile(file, text, { flag: 'wx' });
  } catch (error) {
    if (!isThere(error)) throw error;
    throw new SurefootError('revision/exists', `${shownFile(file)} is there already`, {
      details: { file },
      hint: 'Choose another id or message.',
    });
  }
  return { file, text };
}
