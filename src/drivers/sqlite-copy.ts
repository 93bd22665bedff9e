// SQLite files copied page by page while they are used, through node:sqlite.
// In: an open session, a path. Out: a copy. Must not know what it is for.

import type { DatabaseSync } from 'node:sqlite';
import type { Connection } from '../dialect/connection.ts';
import { databaseError, numberMember } from './failure.ts';
import { sqliteFailure } from './sqlite-failure.ts';

/** Pages copied, and pages in all. */
export interface CopyProgress {
  readonly done: number;
  readonly total: number;
}

export interface CopyRequest {
  /** The session to copy from: one of node:sqlite. */
  readonly from: Connection;
  /** The file to copy into. If it is a database, it is overwritten in one transaction, under the eyes of those who have it open. */
  readonly into: string;
  /** Pages between two looks at who else wants the database. */
  readonly rate: number;
  readonly onProgress?: (progress: CopyProgress) => void;
}

/** Copies the database. `busy`: somebody else has the target in use, and nothing was changed. */
export async function copySqlite(request: CopyRequest): Promise<'copied' | 'busy'> {
  const { from, into, rate, onProgress } = request;
  const { backup } = await import('node:sqlite');
  try {
    const pages = await backup(from.native as DatabaseSync, into, {
      rate,
      progress: ({ totalPages, remainingPages }) =>
        onProgress?.({ done: totalPages - remainingPages, total: totalPages }),
    });
    // What is copied in one go is not reported on the way.
    onProgress?.({ done: pages, total: pages });
    return 'copied';
  } catch (error) {
    // The library keeps no code of a target that was locked when the copy began, and says that there is no error.
    const code = numberMember(error, 'errcode');
    if (code !== null && [0, 5, 6].includes(code & 0xff)) return 'busy';
    throw databaseError(await sqliteFailure(error, into), { database: `sqlite:${into}`, sql: '' }, error);
  }
}
