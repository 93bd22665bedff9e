// Where backups are kept: files of this user's only, never half-written under their name, never overwritten.
// In: a project folder, a name. Out: paths. Must not know what is in a backup.

import { randomBytes } from 'node:crypto';
import { access, chmod, link, mkdir, open, rename, rm, writeFile } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { now } from '../kernel/clock.ts';
import { SurefootError } from '../kernel/errors.ts';
import { hashText } from '../kernel/hash.ts';
import { errorCode } from '../kernel/import-package.ts';
import type { Sidecar } from './sidecar.ts';
import { checksumsOf, checksumText, sidecarOf } from './sidecar.ts';

/** Which file a backup is to become. */
export interface PlaceRequest {
  readonly projectFolder: string;
  /** As the user said it; relative to the project folder. */
  readonly out?: string | undefined;
  readonly database: string;
  readonly extension: string;
  /** What stands behind the time in a name of our own. */
  readonly suffix?: string;
}

/** A file being written. */
export interface Place {
  /** What it will be called. */
  readonly file: string;
  /** What it is called until it is whole. */
  readonly partial: string;
}

async function isThere(path: string): Promise<boolean> {
  try {
    await access(path);
    return true;
  } catch (error) {
    if (errorCode(error) === 'ENOENT' || errorCode(error) === 'ENOTDIR') return false;
    throw error;
  }
}

/** A name that every file system takes and no shell mistakes for an option. */
function safeName(database: string): string {
  const last = basename(database).replace(/\.(?:db|sqlite3?)$/i, '');
  const safe = last.replace(/[^\p{L}\p{N}_.-]+/gu, '_').replace(/^[.-]+/, '');
  return [...safe].slice(0, 60).join('') || 'database';
}

/** `20240611T170000Z`. */
const stamp = (): string => new Date(now()).toISOString().replace(/[-:]|\.\d+/g, '');

/** The folder of our own, which Git does not see and nobody else may enter. */
async function ownFolder(projectFolder: string): Promise<string> {
  const own = join(projectFolder, '.surefoot');
  const folder = join(own, 'backups');
  await mkdir(folder, { recursive: true, mode: 0o700 });
  await chmod(folder, 0o700);
  const ignore = join(own, '.gitignore');
  if (!(await isThere(ignore))) await writeFile(ignore, '*\n');
  return folder;
}

/** Which of the three files of a backup is there already. */
async function takenOf(file: string): Promise<string | null> {
  for (const path of [file, sidecarOf(file), checksumsOf(file)]) if (await isThere(path)) return path;
  return null;
}

async function freeName(folder: string, name: string, extension: string): Promise<string> {
  for (let count = 1; ; count += 1) {
    const file = join(folder, `${name}${count === 1 ? '' : `_${count}`}.${extension}`);
    if ((await takenOf(file)) === null) return file;
  }
}

function exists(file: string, cause?: unknown): SurefootError {
  return new SurefootError('backup/exists', `${file} is there already`, {
    details: { file },
    hint: 'Nothing was written. Choose another name: a backup is never overwritten.',
    cause,
  });
}

/** Chooses the file. Its folder must be there, unless it is our own. */
export async function placeFor(request: PlaceRequest): Promise<Place> {
  const { projectFolder, out, database, extension, suffix = '' } = request;
  const file =
    out === undefined
      ? await freeName(await ownFolder(projectFolder), `${safeName(database)}_${stamp()}${suffix}`, extension)
      : resolve(projectFolder, out);
  const taken = await takenOf(file);
  if (taken !== null) throw exists(taken);
  const partial = join(dirname(file), `.surefoot-${randomBytes(6).toString('hex')}.partial`);
  // Made here, so that what a library then writes into it is this user's only.
  await (await open(partial, 'wx', 0o600)).close();
  return { file, partial };
}

/** Gives a file its name, which nobody else may have taken meanwhile. */
async function settle(from: string, to: string): Promise<void> {
  try {
    await link(from, to);
    await rm(from);
  } catch (error) {
    if (errorCode(error) === 'EEXIST') throw exists(to, error);
    // Some file systems know no second name for a file.
    if (!['EPERM', 'ENOTSUP', 'ENOSYS', 'EOPNOTSUPP', 'EMLINK'].includes(errorCode(error) ?? '')) throw error;
    if (await isThere(to)) throw exists(to, error);
    await rename(from, to);
  }
}

async function syncFile(path: string): Promise<void> {
  const handle = await open(path, 'r+');
  await handle.sync().finally(() => handle.close());
}

/** The backup is whole: it gets its name. The checksum comes last: without it nothing is restored. */
export async function publish(place: Place, sidecar: Sidecar, dump: string): Promise<void> {
  const { file, partial } = place;
  const text = `${JSON.stringify(sidecar, null, 2)}\n`;
  const options = { mode: 0o600, flag: 'wx', flush: true } as const;
  await syncFile(partial);
  await settle(partial, file);
  await writeFile(sidecarOf(file), text, options);
  await writeFile(checksumsOf(file), checksumText(file, { dump, sidecar: hashText(text) }), options);
}

/** Takes away what is left of a backup that did not become one. */
export async function discard({ partial }: Place): Promise<void> {
  for (const ending of ['', '-journal', '-wal', '-shm']) await rm(`${partial}${ending}`, { force: true });
}

/** Takes away a whole backup. */
export async function removeBackup(file: string): Promise<void> {
  for (const path of [checksumsOf(file), sidecarOf(file), file]) await rm(path, { force: true });
}
