// In: the installed PGlite.
// Out: its catalogue, made once for this machine: as a folder to copy, and as an archive to load.
// Must not know: who wants a copy.

import { existsSync } from 'node:fs';
import { cp, mkdtemp, readFile, rename, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { PGlite } from '@electric-sql/pglite';
import { cacheFolder, removeLeftovers } from './cache.ts';
import { exclusively } from './exclusive.ts';

async function installedVersion(): Promise<string> {
  const entry = createRequire(import.meta.url).resolve('@electric-sql/pglite');
  const manifest = await readFile(join(dirname(entry), '../package.json'), 'utf8');
  return (JSON.parse(manifest) as { readonly version: string }).version;
}

const place = async (): Promise<string> =>
  join(cacheFolder('templates'), `pglite-${await installedVersion()}`);

async function make(folder: string): Promise<void> {
  await removeLeftovers(cacheFolder('templates'), 'pglite-new-');
  const unfinished = await mkdtemp(join(cacheFolder('templates'), 'pglite-new-'));
  const instance = await PGlite.create(join(unfinished, 'data'));
  await writeFile(
    join(unfinished, 'data.tar'),
    (await instance.dumpDataDir('none')).stream() as ReadableStream<Uint8Array>,
  );
  await instance.close();
  await rename(unfinished, folder);
}

/** Making the catalogue takes seconds, copying it a moment. */
export async function pgliteTemplate(): Promise<{ readonly folder: string; readonly archive: string }> {
  const found = await place();
  if (!existsSync(found)) {
    await exclusively('template-pglite', async () => {
      if (!existsSync(found)) await make(found);
    });
  }
  return { folder: join(found, 'data'), archive: join(found, 'data.tar') };
}

/** A folder with an empty database. */
export async function copyPglite(to: string): Promise<void> {
  await cp((await pgliteTemplate()).folder, to, { recursive: true });
}
