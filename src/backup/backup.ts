// A database saved into a file, with what it holds written beside it.
// In: a session, the means, a place. Out: SavedBackup. Must not know journals, revisions or the terminal.

import type { Connection } from '../dialect/connection.ts';
import type { BookkeepingNames, Dialect, ServerFacts } from '../dialect/dialect.ts';
import { now } from '../kernel/clock.ts';
import { copyInto } from './copy.ts';
import { dumpInto } from './dump.ts';
import type { Place, PlaceRequest } from './place.ts';
import { discard, placeFor, publish } from './place.ts';
import type { Contents, Sidecar } from './sidecar.ts';
import type { Tools } from './workbench.ts';

/** By which means a database is saved and restored. */
export type Means =
  | { readonly kind: 'copy'; readonly title: string }
  | { readonly kind: 'tools'; readonly tools: Tools };

/** How far it has come. `total` is `null` where nobody knows. */
export interface BackupProgress {
  readonly stage: 'saving' | 'restoring';
  /** A database that is a file is copied page by page. */
  readonly unit: 'bytes' | 'pages';
  readonly done: number;
  readonly total: number | null;
}

/** The database at hand. */
export interface Subject {
  readonly connection: Connection;
  readonly dialect: Dialect;
  readonly facts: ServerFacts;
  readonly names: BookkeepingNames;
  readonly means: Means;
  /** What a session sees; it counts rows only where it is asked to. */
  look(connection: Connection, wish: { readonly countsRows: boolean }): Promise<Contents>;
  readonly onProgress: (progress: BackupProgress) => void;
}

export interface BackupRequest extends Subject {
  readonly place: Pick<PlaceRequest, 'projectFolder' | 'out' | 'suffix'>;
  /** Surefoot's own version. */
  readonly surefoot: string;
}

/** A backup that is whole. */
export interface SavedBackup {
  readonly file: string;
  /** SHA-256. */
  readonly checksum: string;
  readonly bytes: number;
  readonly ms: number;
  readonly sidecar: Sidecar;
}

/** What a family's way of saving gives back. */
export interface Saved {
  readonly contents: Contents;
  readonly checksum: string;
  readonly bytes: number;
  readonly tool: string;
  readonly inventory: Sidecar['inventory'];
  readonly mark: string | null;
}

async function save(request: BackupRequest, place: Place): Promise<Saved> {
  const { means } = request;
  return means.kind === 'copy'
    ? await copyInto(request, place, means.title)
    : await dumpInto(request, place, means.tools);
}

/** Saves the database. What is under the final name is whole, and has its checksum. */
export async function takeBackup(request: BackupRequest): Promise<SavedBackup> {
  const { dialect, facts, surefoot } = request;
  const begun = now();
  const { extension } = dialect.backup;
  const place = await placeFor({ ...request.place, database: facts.database, extension });
  try {
    const { contents, checksum, bytes, tool, inventory, mark } = await save(request, place);
    const sidecar: Sidecar = {
      format: 1,
      dialect: dialect.name,
      flavor: dialect.traits.flavor,
      product: facts.product,
      database: facts.database,
      takenAt: new Date(begun).toISOString(),
      tool,
      surefoot,
      ...contents,
      inventory,
      mark,
    };
    await publish(place, sidecar, checksum);
    return { file: place.file, checksum, bytes, ms: now() - begun, sidecar };
  } finally {
    await discard(place);
  }
}
