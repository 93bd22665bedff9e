// What can be told of files without reading them. In: folders. Out: one value that changes whenever a file does.
// Must not know what stands in the files.

import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { now } from '../kernel/clock.ts';
import { hashText } from '../kernel/hash.ts';
import { errorCode } from '../kernel/import-package.ts';
import { isRevisionFile } from './scan.ts';

/**
 * Two changes within the tick of a file system's clock leave the same time. What was changed just now may be changed again
 * without a trace, so that nothing is to be remembered of it yet.
 */
const settledAfterMs = 2500;

/** Size, times and number of each file, as text; `null`: one of them may still change unnoticed. */
function linesOf(folder: string): readonly string[] | null {
  const limit = now() - settledAfterMs;
  const lines: string[] = [folder];
  for (const name of readdirSync(folder).filter(isRevisionFile).sort()) {
    const { size, mtimeMs, ctimeMs, ino } = statSync(join(folder, name));
    if (mtimeMs > limit || ctimeMs > limit) return null;
    lines.push(`${name}\u0000${size} ${mtimeMs} ${ctimeMs} ${ino}`);
  }
  return lines;
}

/**
 * A value that tells whether the files of the folders are those that they were; `null`: nobody can say, since they were
 * changed just now or cannot be looked at. The time of a change (not the one that tools set) is part of it.
 */
export function listingOf(folders: readonly string[]): string | null {
  try {
    const lists = folders.map(linesOf);
    return lists.includes(null) ? null : hashText(lists.flat().join('\n'));
  } catch (error) {
    if (errorCode(error) === null) throw error;
    return null;
  }
}
