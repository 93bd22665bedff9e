import { stat } from 'node:fs/promises';
import { textMember } from './failure.ts';

// Files of SQLite are asked about by stat alone and never opened here: closing any handle of a file ends all locks that this
// process holds on it.

/** What a path leads to; `null`: nothing. */
export async function kindOfPath(path: string): Promise<'folder' | 'other' | null> {
  try {
    return (await stat(path)).isDirectory() ? 'folder' : 'other';
  } catch (error) {
    const code = textMember(error, 'code');
    return code === 'ENOENT' || code === 'ENOTDIR' ? null : 'other';
  }
}

/** The smallest page, and so the smallest database that is not empty. */
const smallestDatabase = 512;

/**
 * True for a file with something in it that cannot be a database. SQLite itself takes one byte for none and writes over it;
 * what an interrupted transaction left half-written is for SQLite to roll back.
 */
export async function isTooSmall(file: string): Promise<boolean> {
  const size = await sizeOf(file);
  return size > 0 && size < smallestDatabase && (await sizeOf(`${file}-journal`)) === 0;
}

async function sizeOf(path: string): Promise<number> {
  try {
    const found = await stat(path);
    return found.isFile() ? found.size : 0;
  } catch (error) {
    // It cannot be looked at: SQLite will say why.
    if (textMember(error, 'code') === null) throw error;
    return 0;
  }
}
