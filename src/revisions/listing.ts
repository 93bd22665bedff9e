// What can be told of files without reading them. In: folders. Out: one value that changes whenever a file does.
// Must not know what stands in the files.

import { createHash } from 'node:crypto';
import { readdirSync, statSync } from 'node:fs';
import { sep } from 'node:path';
import { now } from '../kernel/clock.ts';
import { errorCode } from '../kernel/import-package.ts';
import { isRevisionFile } from './scan.ts';

/**
 * Two changes within the tick of a file system's clock leave the same time. What was changed just now may be changed again
 * without a trace, so that nothing is to be remembered of it yet.
 */
const settledAfterMs = 2500;

interface Listed {
  readonly names: readonly string[];
  /** Size, times and number of each. */
  readonly facts: Float64Array;
}

/**
 * The files of a folder; `null`: one of them may still change unnoticed. There may be thousands, and each call of `upgrade`
 * begins here: numbers go where nothing has to be made of them, and the path is put together and not worked out.
 */
function list(folder: string): Listed | null {
  const limit = now() - settledAfterMs;
  const names = readdirSync(folder).filter(isRevisionFile).sort();
  const facts = new Float64Array(names.length * 4);
  let at = 0;
  for (const name of names) {
    const { size, mtimeMs, ctimeMs, ino } = statSync(folder + sep + name);
    if (mtimeMs > limit || ctimeMs > limit) return null;
    facts[at++] = size;
    facts[at++] = mtimeMs;
    facts[at++] = ctimeMs;
    facts[at++] = ino;
  }
  return { names, facts };
}

/**
 * A value that tells whether the files of the folders are those that they were; `null`: nobody can say, since they were
 * changed just now or cannot be looked at. The time of a change (not the one that tools set) is part of it.
 */
export function listingOf(folders: readonly string[]): string | null {
  const hash = createHash('sha256');
  try {
    for (const folder of folders) {
      const listed = list(folder);
      if (listed === null) return null;
      hash.update([folder, listed.names.length, ...listed.names, ''].join('\0')).update(listed.facts);
    }
    return hash.digest('hex');
  } catch (error) {
    if (errorCode(error) === null) throw error;
    return null;
  }
}
