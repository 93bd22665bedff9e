// What is asked of a backup and of a restore, and what comes of it.
// In: nothing. Out: types. Must not know how it is done.

import type { BackupProgress } from '../backup/progress.ts';
import type { LockHolder } from '../lock/lock.ts';

export type { BackupProgress } from '../backup/progress.ts';

/** What is asked of a backup. */
export interface BackupChoices {
  /** The file; relative to the project folder. Default: `.surefoot/backups/<database>_<UTC>.<ext>` in it. */
  readonly out?: string | undefined;
  readonly onProgress?: ((progress: BackupProgress) => void) | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** A backup that was taken. */
export interface BackupResult {
  readonly file: string;
  /** SHA-256 of the file; it stands in `<file>.sha256` too. */
  readonly checksum: string;
  readonly bytes: number;
  readonly ms: number;
  /** ISO 8601, UTC. */
  readonly takenAt: string;
  readonly database: string;
  readonly product: string;
  /** `pg_dump 18.4`. */
  readonly tool: string;
  readonly heads: readonly string[];
  readonly tables: number;
  /** In all tables, Surefoot's own aside. */
  readonly rows: number;
}

/** What a restore would do, for whoever agrees to it. */
export interface RestoreOutline {
  readonly file: string;
  readonly takenAt: string;
  readonly database: string;
  readonly heads: { readonly before: readonly string[]; readonly after: readonly string[] };
  /** Why writes since the backup cannot be ruled out; empty: there were none. */
  readonly writes: readonly string[];
}

/** What is asked of a restore. */
export interface RestoreChoices {
  /** Agree to losing what was written since the backup. */
  readonly allow?: readonly 'lose-writes-since-backup'[] | undefined;
  /** False: do not save what is there before it is replaced. */
  readonly safetyCopy?: boolean | undefined;
  /** Asked under the lock, before anything is touched; false stops. */
  readonly confirm?: ((outline: RestoreOutline) => boolean | Promise<boolean>) | undefined;
  /** How long to wait for another runner, in milliseconds. */
  readonly lockTimeoutMs?: number | undefined;
  readonly onWait?: ((holder: LockHolder) => void) | undefined;
  readonly onProgress?: ((progress: BackupProgress) => void) | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** A database that is again what it was. */
export interface RestoreResult {
  readonly file: string;
  readonly takenAt: string;
  readonly database: string;
  readonly heads: readonly string[];
  readonly tables: number;
  readonly rows: number;
  readonly ms: number;
  /** What was there before; `null`: it was not saved. */
  readonly safetyCopy: string | null;
  /** Why writes since the backup could not be ruled out. */
  readonly writes: readonly string[];
  /** False: `confirm` said no. */
  readonly confirmed: boolean;
}
