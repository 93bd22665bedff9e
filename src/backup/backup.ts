// A database saved into a file, with what it holds written beside it.
// In: a session, the means, a place. Out: SavedBackup. Must not know journals, revisions or the terminal.

import { now } from '../kernel/clock.ts';
import { copyInto } from './copy.ts';
import { dumpInto } from './dump.ts';
import type { Place, PlaceRequest } from './place.ts';
import { discard, placeFor, publish } from './place.ts';
import type { Sidecar } from './sidecar.ts';
import type { Saved, Subject } from './subject.ts';

export type { Means, Saved, Subject } from './subject.ts';

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
