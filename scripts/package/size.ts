// In: a packed file. Out: how large it is, and what an empty project gets by installing it.
// Must not know: what is in it.

import { readdir, readFile, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { newPlace } from './place.ts';

export interface Size {
  /** Bytes of the packed file. */
  readonly packed: number;
  /** Bytes of the files of each package in node_modules. */
  readonly installed: ReadonlyMap<string, number>;
}

async function bytesIn(folder: string): Promise<number> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const sizes = entries
    .filter((entry) => entry.isFile())
    .map(async (entry) => (await stat(join(entry.parentPath, entry.name))).size);
  return (await Promise.all(sizes)).reduce((sum, one) => sum + one, 0);
}

interface Lock {
  readonly packages: Readonly<Record<string, { readonly version?: string }>>;
}

/** Installs it into an empty project with npm, and weighs. */
export async function weigh(tarball: string, nodeFolder: string): Promise<Size> {
  const place = await newPlace(nodeFolder);
  try {
    await place.run(['npm', 'install', '--no-audit', '--no-fund', tarball]);
    const lock = JSON.parse(await readFile(join(place.folder, 'package-lock.json'), 'utf8')) as Lock;
    const folders = Object.keys(lock.packages).filter((path) => path.startsWith('node_modules/'));
    const installed = new Map<string, number>();
    for (const path of folders.sort())
      installed.set(path.replace(/^.*node_modules\//, ''), await bytesIn(join(place.folder, path)));
    return { packed: (await stat(tarball)).size, installed };
  } finally {
    await rm(place.folder, { recursive: true, force: true });
  }
}
