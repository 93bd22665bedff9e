// The lock of a database that is a file: an exclusive transaction on a file beside it, which the system ends with the
// process. A second file says who holds it, because the locked one cannot be read.
// In: a request. Out: Lock. Must not know plans, or what is in the database.

import { randomBytes } from 'node:crypto';
import { constants, statSync } from 'node:fs';
import { access, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { Database } from '../dialect/connection.ts';
import type { FileCoordination } from '../dialect/coordination.ts';
import { nodeSqlite } from '../drivers/node-sqlite.ts';
import { now } from '../kernel/clock.ts';
import { isSurefootError, SurefootError } from '../kernel/errors.ts';
import { errorCode } from '../kernel/import-package.ts';
import { lostError } from './refusals.ts';
import type { Lock, LockHolder, LockRequest } from './request.ts';
import { commentOf } from './request.ts';
import type { Waiting } from './waiting.ts';

const sideOf = (file: string): string => `${file}-surefoot-lock`;
const ownerOf = (file: string): string => `${file}-surefoot-lock-owner`;

function refuseUnwritable(file: string, cause: unknown): SurefootError {
  return new SurefootError('database/read-only', `the lock ${sideOf(file)} cannot be written`, {
    details: { database: file },
    hint: `Runners keep out of each other's way by that file: let this user write to ${dirname(file)}.`,
    cause,
  });
}

const forbidden = new Set(['EACCES', 'EPERM', 'EROFS']);

/** SQLite says no more than that it cannot open a file. */
async function mayNotWrite(file: string): Promise<boolean> {
  const path = fileIdentity(file) === null ? dirname(file) : file;
  return await access(path, constants.W_OK).then(
    () => false,
    (error: unknown) => forbidden.has(errorCode(error) ?? ''),
  );
}

/** Opens the side file and locks it; `null`: somebody else has. */
async function tryLock(file: string, coordination: FileCoordination): Promise<Database | null> {
  const side = nodeSqlite({ file: sideOf(file), busyTimeoutMs: 0 });
  try {
    await (await side.connect()).query('BEGIN EXCLUSIVE');
    return side;
  } catch (error) {
    await side.close();
    if (coordination.isContention(error)) return null;
    const unwritable =
      isSurefootError(error, 'database/read-only') ||
      (isSurefootError(error, 'database/unreachable') && (await mayNotWrite(sideOf(file))));
    throw unwritable ? refuseUnwritable(file, error) : error;
  }
}

const noSpace = new Set(['ENOSPC', 'EDQUOT']);

function refuseFull(file: string, cause: unknown): SurefootError {
  return new SurefootError('database/full', `there is no space for the lock file ${ownerOf(file)}`, {
    details: { database: file },
    hint: 'Free space on its disk. Nothing was run.',
    cause,
  });
}

/** Written by the holder only, once the lock is its own. */
async function writeOwner(file: string, owner: string): Promise<void> {
  try {
    await writeFile(ownerOf(file), JSON.stringify({ owner, since: new Date(now()).toISOString() }));
  } catch (error) {
    const code = errorCode(error) ?? '';
    if (forbidden.has(code)) throw refuseUnwritable(file, error);
    throw noSpace.has(code) ? refuseFull(file, error) : error;
  }
}

function textMember(value: unknown, name: string): string | null {
  if (typeof value !== 'object' || value === null) return null;
  const found: unknown = Object.entries(value).find(([key]) => key === name)?.[1];
  return typeof found === 'string' ? found : null;
}

/** What the holder wrote; a holder that has not come to it yet is not known. */
async function readOwner(file: string): Promise<LockHolder> {
  const written: unknown = await readFile(ownerOf(file), 'utf8')
    .then((text) => JSON.parse(text))
    .catch(() => null);
  return {
    owner: textMember(written, 'owner') ?? 'another process',
    since: textMember(written, 'since') ?? 'just now',
    heartbeatAgeMs: 0,
    session: null,
    statement: null,
    state: 'alive',
  };
}

/** Which file a path means. Never opened: closing any handle of it would end this process's lock on it. */
function fileIdentity(path: string): string | null {
  const stats = statSync(path, { bigint: true, throwIfNoEntry: false });
  return stats === undefined ? null : `${stats.dev}:${stats.ino}`;
}

/** A lock that exists in this process only: nobody else can reach the database. */
export function memoryLock(release: () => Promise<void>): Lock {
  const token = randomBytes(12).toString('hex');
  let isReleased = false;
  return {
    token,
    comment: `${commentOf(token)} `,
    fence: null,
    async verify() {
      if (isReleased) throw lostError(null);
    },
    async release() {
      if (isReleased) return;
      isReleased = true;
      await release();
    },
  };
}

/** Waits for the file beside the database and locks it. */
export async function acquireFile(
  request: LockRequest,
  coordination: FileCoordination,
  waiting: Waiting,
): Promise<Lock> {
  const file = await coordination.file(request.connection);
  if (file === null) return memoryLock(async () => undefined);
  let side = await tryLock(file, coordination);
  while (side === null) {
    await waiting.pause({ holder: await readOwner(file) });
    // It cannot be seen to be free without being taken.
    await waiting.refuseNeedless('free');
    side = await tryLock(file, coordination);
  }
  return await heldFile(file, side, request.owner);
}

async function heldFile(file: string, side: Database, owner: string): Promise<Lock> {
  try {
    await writeOwner(file, owner);
  } catch (error) {
    await side.close();
    throw error;
  }
  const identity = fileIdentity(sideOf(file));
  const lock = memoryLock(async () => {
    await rm(ownerOf(file), { force: true });
    await side.close();
  });
  return {
    ...lock,
    async verify() {
      await lock.verify();
      // Whoever deletes the file lets another runner lock a new one.
      if (fileIdentity(sideOf(file)) !== identity) throw lostError((await readOwner(file)).owner);
    },
  };
}

/** Who holds the file's lock; `null`: nobody. Creates nothing. */
export async function fileHolder(file: string, coordination: FileCoordination): Promise<LockHolder | null> {
  if (fileIdentity(sideOf(file)) === null) return null;
  const side = await tryLock(file, coordination);
  if (side === null) return await readOwner(file);
  await side.close();
  return null;
}
