// In: the machine.
// Out: a folder in memory for data that nobody will miss, where there is room for it.
// Must not know: which engine asks.

import { createHash } from 'node:crypto';
import { chmodSync, lstatSync, mkdirSync, statfsSync } from 'node:fs';
import { join } from 'node:path';
import { cacheRoot } from './cache.ts';

const parent = '/dev/shm';
/** What one server may come to need, several times over. */
const room = 4 * 1024 ** 3;

/** Each cache has its own, so that nobody takes another's servers for forgotten ones. */
function folderName(): string {
  const cache = createHash('sha256').update(cacheRoot()).digest('hex').slice(0, 12);
  return `surefoot-${process.getuid?.() ?? 'user'}-${cache}`;
}

function hasRoom(): boolean {
  const { bavail, bsize } = statfsSync(parent);
  return bavail * bsize >= room && process.availableMemory() >= room;
}

const isOurs = (folder: string): boolean => {
  const found = lstatSync(folder, { throwIfNoEntry: false });
  return found?.isDirectory() === true && found.uid === process.getuid?.();
};

function made(folder: string): string | undefined {
  mkdirSync(folder, { recursive: true });
  if (!isOurs(folder)) return undefined;
  chmodSync(folder, 0o755);
  return folder;
}

/**
 * The folder; `undefined`: this system has none. `forNew`: it is made if need be, and only had while there is room.
 * `SUREFOOT_DATA=disk` keeps everything on the disk.
 */
export function memoryFolder({ forNew }: { readonly forNew: boolean }): string | undefined {
  if (process.platform !== 'linux' || lstatSync(parent, { throwIfNoEntry: false }) === undefined)
    return undefined;
  const folder = join(parent, folderName());
  if (!forNew) return isOurs(folder) ? folder : undefined;
  if (process.env['SUREFOOT_DATA'] === 'disk' || !hasRoom()) return undefined;
  return made(folder);
}
