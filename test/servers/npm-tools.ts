// In: a folder with a package.json and its lock file.
// Out: the same installed under the cache, once for each lock file; no package's own scripts are run.
// Must not know: what the packages are for.

import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { copyFile, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { cacheFolder, removeLeftovers } from './cache.ts';
import { runPatiently } from './command.ts';
import { exclusively } from './exclusive.ts';

const files = ['package.json', 'package-lock.json'] as const;

/** Tools that are no dependency of the repository: the folder that has them in `node_modules`. */
export async function npmTools(folder: string, name: string = basename(folder)): Promise<string> {
  const hash = createHash('sha256');
  for (const file of files) hash.update(await readFile(join(folder, file)));
  const prefix = `npm-${name}-`;
  const home = join(cacheFolder('tools'), prefix + hash.digest('hex').slice(0, 12));
  const done = join(home, '.installed');
  await exclusively(`npm-${name}`, async () => {
    if (existsSync(done)) return;
    await removeLeftovers(cacheFolder('tools'), prefix);
    await mkdir(home, { recursive: true });
    for (const file of files) await copyFile(join(folder, file), join(home, file));
    process.stderr.write(`tools: installing ${name} into the cache\n`);
    try {
      await runPatiently(['npm', 'ci', '--ignore-scripts', '--no-audit', '--no-fund'], { cwd: home });
    } catch (error) {
      await rm(home, { recursive: true, force: true });
      throw error;
    }
    await writeFile(done, '');
  });
  return home;
}
