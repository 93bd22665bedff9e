// What is written beside a backup: its checksum, and what it holds.
// In: a file. Out: Sidecar. Must not know how the backup was made.

import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import type { Inventory } from '../dialect/native-backup.ts';
import { SurefootError } from '../kernel/errors.ts';
import { hashText } from '../kernel/hash.ts';
import { errorCode } from '../kernel/import-package.ts';
import type { DialectName, Flavor, Ref, Schema } from '../schema/schema.ts';

/** How many rows a table has. */
export interface TableRows {
  readonly table: Ref;
  readonly rows: number;
}

/** What a database holds, as one look at it sees it. */
export interface Contents {
  /** The version rows. */
  readonly heads: readonly string[];
  readonly schema: Schema;
  /** Hash of the schema. */
  readonly fingerprint: string;
  readonly rows: readonly TableRows[];
  /** Of the newest journal entry; 0: there is none. */
  readonly journalId: number;
}

/** What is written beside a backup. */
export interface Sidecar extends Contents {
  readonly format: 1;
  readonly dialect: DialectName;
  readonly flavor: Flavor;
  /** `PostgreSQL 18.4`. */
  readonly product: string;
  readonly database: string;
  /** ISO 8601, UTC. */
  readonly takenAt: string;
  /** `pg_dump 18.4`. */
  readonly tool: string;
  /** Surefoot's own version. */
  readonly surefoot: string;
  readonly inventory: Inventory;
  /** Changes when a row is written; `null`: the server does not tell. */
  readonly mark: string | null;
}

/** The file with what the backup holds. */
export const sidecarOf = (file: string): string => `${file}.json`;
/** The file with the checksums of both, as `sha256sum --check` reads it. */
export const checksumsOf = (file: string): string => `${file}.sha256`;

/** A line end or a backslash in a file name is escaped, and the line says so. */
function checksumLine(hash: string, name: string): string {
  const escaped = name.replaceAll('\\', '\\\\').replaceAll('\n', '\\n').replaceAll('\r', '\\r');
  return `${escaped === name ? '' : '\\'}${hash}  ${escaped}\n`;
}

/** The text of the checksum file. */
export function checksumText(
  file: string,
  hashes: { readonly dump: string; readonly sidecar: string },
): string {
  const name = basename(file);
  return checksumLine(hashes.dump, name) + checksumLine(hashes.sidecar, sidecarOf(name));
}

/** SHA-256 of a file, in hexadecimal. */
export async function hashFile(file: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(file)) hash.update(chunk as Buffer);
  return hash.digest('hex');
}

function invalid(file: string, problem: string, hint: string, cause?: unknown): SurefootError {
  return new SurefootError('backup/invalid', `${file} cannot be restored: ${problem}`, {
    details: { file, problem },
    hint,
    cause,
  });
}

async function readBeside(file: string, beside: string): Promise<string> {
  try {
    return await readFile(beside, 'utf8');
  } catch (error) {
    if (errorCode(error) !== 'ENOENT') throw error;
    const hint = `Nothing was touched. A backup is three files: ${basename(file)}, its .json and its .sha256. Bring back the one that is missing.`;
    throw invalid(file, `there is no ${beside}`, hint, error);
  }
}

function isSidecar(value: unknown): value is Sidecar {
  if (typeof value !== 'object' || value === null) return false;
  const { format, dialect, schema, rows, heads } = value as Partial<Record<keyof Sidecar, unknown>>;
  const hasParts =
    typeof schema === 'object' && schema !== null && Array.isArray(rows) && Array.isArray(heads);
  return format === 1 && typeof dialect === 'string' && hasParts;
}

function parseSidecar(file: string, text: string): Sidecar {
  const value: unknown = JSON.parse(text);
  if (isSidecar(value)) return value;
  throw invalid(
    file,
    `${sidecarOf(file)} is not of a kind that is known`,
    'Use the Surefoot that made it, or a newer one.',
  );
}

/** Reads what a backup holds, once its checksums are right. Nothing is touched before. */
export async function openBackup(file: string): Promise<Sidecar> {
  const checksums = await readBeside(file, checksumsOf(file));
  const sidecar = await readBeside(file, sidecarOf(file));
  const dump = await hashFile(file).catch((error: unknown) => {
    if (errorCode(error) !== 'ENOENT') throw error;
    throw invalid(
      file,
      'it is not there',
      'Check the path; a relative one is relative to the project folder.',
      error,
    );
  });
  if (checksumText(file, { dump, sidecar: hashText(sidecar) }) !== checksums) {
    const hint =
      'Nothing was touched. It was altered or cut short since it was made, or renamed: take another one.';
    throw invalid(file, 'its checksum is wrong', hint);
  }
  return parseSidecar(file, sidecar);
}
