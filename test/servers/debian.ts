// In: names of Debian packages and a suite.
// Out: those packages and the libraries they need (libc included), unpacked into a folder; nothing is installed.
// Must not know: what the programs inside do.

import { mkdir, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { cacheFolder } from './cache.ts';
import { run, runPatiently } from './command.ts';
import { exclusively } from './exclusive.ts';
import { type DebianBundle, type LockedPackage, sha256 } from './lockfile.ts';
import { findMirror, mirrorStanza } from './mirror.ts';

interface ResolvedPackage extends LockedPackage {
  readonly name: string;
  readonly size: number;
}

/** apt-get with everything private, and an empty list of installed packages: the closure then brings its own libc. */
async function aptOptions(suite: string): Promise<readonly string[]> {
  const folder = join(cacheFolder('apt'), suite);
  const sources = join(folder, 'sources.list.d');
  for (const name of ['lists/partial', 'archives/partial', 'sources.list.d', 'preferences.d']) {
    await mkdir(join(folder, name), { recursive: true });
  }
  const status = join(folder, 'status');
  await writeFile(status, '');
  await writeFile(join(sources, 'debian.sources'), mirrorStanza(await findMirror(), suite));
  const options: Readonly<Record<string, string>> = {
    'Dir::State': folder,
    'Dir::State::status': status,
    'Dir::State::lists': join(folder, 'lists'),
    'Dir::Cache': folder,
    'Dir::Cache::archives': join(folder, 'archives'),
    'Dir::Etc::sourcelist': '/dev/null',
    'Dir::Etc::sourceparts': sources,
    'Dir::Etc::preferences': '/dev/null',
    'Dir::Etc::preferencesparts': join(folder, 'preferences.d'),
    'APT::Sandbox::User': 'root',
    'APT::Install-Recommends': 'false',
    'Acquire::ForceHash': 'SHA256',
    'Acquire::Languages': 'none',
    'Acquire::Retries': '3',
    'Acquire::http::Timeout': '60',
  };
  return Object.entries(options).flatMap(([name, value]) => ['-o', `${name}=${value}`]);
}

export async function debianArchitecture(): Promise<string> {
  return (await run(['dpkg', '--print-architecture'])).stdout.trim();
}

/** Says what is missing before anything is begun. */
async function demandTools(): Promise<void> {
  for (const program of ['apt-get', 'dpkg']) {
    await run([program, '--version']).catch(() => {
      throw new Error(`this machine has no ${program}`);
    });
  }
}

/** Reads the suite's index, unless that was done a moment ago, then works with it; one process at a time per suite. */
function withIndex<T>(suite: string, work: (options: readonly string[]) => Promise<T>): Promise<T> {
  return exclusively(`apt-${suite}`, async () => {
    const options = await aptOptions(suite);
    const stamp = join(cacheFolder('apt'), suite, 'updated');
    const updated = await stat(stamp).catch(() => undefined);
    if (!updated || Date.now() - updated.mtimeMs > 600_000) {
      process.stderr.write(`servers: reading the package index of Debian ${suite}\n`);
      await runPatiently(['apt-get', ...options, '-qq', 'update', '--error-on=any']);
      await writeFile(stamp, '');
    }
    return work(options);
  });
}

/** Programs need their shared libraries; what maintainer scripts would need (perl, debconf, …) stays away. */
const isNeeded = (name: string, roots: readonly string[]): boolean =>
  roots.includes(name) ||
  (/^(lib|zlib1g|openssl-provider|python3)/.test(name) && !/perl|pam-modules/.test(name));

async function resolvePackages(
  bundle: DebianBundle,
  options: readonly string[],
): Promise<readonly ResolvedPackage[]> {
  const argv = ['apt-get', ...options, '-qq', '-y', '--print-uris', 'install', ...bundle.packages];
  const { stdout } = await run(argv);
  const found = [...stdout.matchAll(/^'[^']*' (\S+?)_(\S+)_[^_\s]+\.deb (\d+) SHA256:([0-9a-f]{64})$/gm)];
  return found
    .map(([, name = '', version = '', size = '0', hash = '']) => ({
      name,
      version: decodeURIComponent(version.replaceAll('+', '%2B')),
      size: Number(size),
      sha256: hash,
    }))
    .filter(({ name }) => isNeeded(name, bundle.packages));
}

const majorOf = (version: string): string => version.replace(/^\d+:/, '').split('.')[0] ?? '';

/** A suite keeps only its newest version: what is locked and gone is replaced by its successor, aloud. */
function compareWithLock(
  bundle: DebianBundle,
  resolved: readonly ResolvedPackage[],
  locked: Readonly<Record<string, LockedPackage>>,
): void {
  for (const each of resolved) {
    const lock = locked[each.name];
    if (lock?.version === each.version && lock.sha256 !== each.sha256) {
      throw new Error(
        `${each.name} ${each.version} is not the package that was locked (SHA-256 ${each.sha256})`,
      );
    }
    if (!bundle.packages.includes(each.name) || !lock || lock.version === each.version) continue;
    if (majorOf(lock.version) !== majorOf(each.version)) {
      throw new Error(
        `${each.name} ${lock.version} is gone from Debian ${bundle.suite}, which has ${each.version} now; "npm run servers -- lock" takes that`,
      );
    }
    process.stderr.write(
      `servers: ${each.name} ${lock.version} is gone from Debian ${bundle.suite}; taking ${each.version}\n`,
    );
  }
  const moved = resolved.filter(
    ({ name, version }) => !bundle.packages.includes(name) && locked[name]?.version !== version,
  );
  if (moved.length > 0) {
    const names = moved.map(({ name, version }) => `${name} ${version}`).join(', ');
    process.stderr.write(`servers: libraries newer than the lock file: ${names}\n`);
  }
}

const megabytes = (bytes: number): string => `${(bytes / 1e6).toFixed(0)} MB`;

async function downloadedBytes(folder: string): Promise<number> {
  const names = await readdir(folder);
  const sizes = await Promise.all(
    names.map((name) =>
      stat(join(folder, name)).then(
        ({ size }) => size,
        () => 0,
      ),
    ),
  );
  return sizes.reduce((sum, size) => sum + size, 0);
}

async function download(
  packages: readonly ResolvedPackage[],
  options: readonly string[],
  target: { readonly folder: string; readonly label: string },
): Promise<void> {
  const { folder, label } = target;
  const total = packages.reduce((sum, { size }) => sum + size, 0);
  process.stderr.write(`servers: ${label}: downloading ${packages.length} packages, ${megabytes(total)}\n`);
  const progress = setInterval(async () => {
    const done = await downloadedBytes(folder).catch(() => 0);
    process.stderr.write(`servers: ${label}: ${megabytes(done)} of ${megabytes(total)}\n`);
  }, 3_000);
  try {
    const wanted = packages.map(({ name, version }) => `${name}=${version}`);
    await runPatiently(['apt-get', ...options, '-qq', 'download', ...wanted], { cwd: folder });
  } finally {
    clearInterval(progress);
  }
}

/** Every file must be one that was resolved, by content. */
async function unpackVerified(
  folder: string,
  debs: string,
  packages: readonly ResolvedPackage[],
): Promise<void> {
  const expected = new Map(packages.map((each) => [each.sha256, each.name]));
  for (const name of await readdir(debs)) {
    const file = join(debs, name);
    const hash = sha256(await readFile(file));
    if (!expected.delete(hash)) throw new Error(`${name} has an unexpected SHA-256 (${hash})`);
    await run(['dpkg', '-x', file, folder]);
  }
  if (expected.size > 0) throw new Error(`apt-get did not download ${[...expected.values()].join(', ')}`);
}

/** Documentation and translations are a third of what comes. */
const superfluous = [
  'usr/share/doc',
  'usr/share/man',
  'usr/share/locale',
  'usr/share/lintian',
  'usr/share/info',
];

/** Unpacks the bundle into `folder`; returns the versions of the packages that it is named for. */
export async function unpackDebian(bundle: DebianBundle, folder: string, label: string): Promise<string> {
  await demandTools();
  const architecture = await debianArchitecture();
  const locked = bundle.locked[architecture];
  const debs = join(folder, '.debs');
  await mkdir(debs);
  const resolved = await withIndex(bundle.suite, async (options) => {
    const packages = await resolvePackages(bundle, options);
    if (locked) compareWithLock(bundle, packages, locked);
    else
      process.stderr.write(
        `servers: ${label}: the lock file knows no ${architecture}; taking what Debian has\n`,
      );
    await download(packages, options, { folder: debs, label });
    return packages;
  });
  await unpackVerified(folder, debs, resolved);
  for (const name of ['.debs', ...superfluous])
    await rm(join(folder, name), { recursive: true, force: true });
  return bundle.packages
    .map((name) => `${name} ${resolved.find((each) => each.name === name)?.version}`)
    .join(', ');
}

/** The bundle with this machine's architecture locked to what its suite has now. */
export async function lockDebian(bundle: DebianBundle): Promise<DebianBundle> {
  await demandTools();
  const resolved = await withIndex(bundle.suite, (options) => resolvePackages(bundle, options));
  const entries = resolved
    .map(({ name, version, sha256: hash }) => [name, { version, sha256: hash }] as const)
    .sort(([a], [b]) => (a < b ? -1 : 1));
  return {
    ...bundle,
    locked: { ...bundle.locked, [await debianArchitecture()]: Object.fromEntries(entries) },
  };
}
