// In: the environment and the user.
// Out: the folder that everything lives under, and the user that servers run as.
// Must not know: what is kept there.

import { execFileSync } from 'node:child_process';
import { accessSync, chmodSync, constants, lstatSync, mkdirSync, statSync } from 'node:fs';
import { chown, lstat, readdir, rm } from 'node:fs/promises';
import { homedir } from 'node:os';
import { dirname, join, resolve } from 'node:path';

export interface User {
  readonly uid: number;
  readonly gid: number;
}

const isRoot = process.getuid?.() === 0;

/** PostgreSQL refuses to run as root, so root starts every server as `nobody`; anybody else starts them as themselves. */
export const serverUser: User | undefined = isRoot ? nobody() : undefined;

function nobody(): User {
  const id = (flag: string): number =>
    Number(execFileSync('id', [flag, 'nobody'], { encoding: 'utf8' }).trim());
  try {
    return { uid: id('-u'), gid: id('-g') };
  } catch {
    return { uid: 65534, gid: 65534 };
  }
}

/** Gives a folder and what is in it to the user that servers run as. */
export async function giveToServer(path: string): Promise<void> {
  if (!serverUser) return;
  await chown(path, serverUser.uid, serverUser.gid);
  if (!(await lstat(path)).isDirectory()) return;
  for (const name of await readdir(path)) await giveToServer(join(path, name));
}

function enterableByAnyone(path: string): boolean {
  let folder = path;
  while (true) {
    const mode = statSync(folder, { throwIfNoEntry: false })?.mode;
    if (mode !== undefined && (mode & 0o001) === 0) return false;
    if (dirname(folder) === folder) return true;
    folder = dirname(folder);
  }
}

function firstExisting(path: string): string {
  let folder = path;
  while (statSync(folder, { throwIfNoEntry: false }) === undefined) folder = dirname(folder);
  return folder;
}

function writable(path: string): boolean {
  try {
    accessSync(firstExisting(path), constants.W_OK | constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

function userCacheFolder(): string {
  const xdg = process.env['XDG_CACHE_HOME'];
  if (xdg) return join(xdg, 'surefoot');
  return process.platform === 'darwin'
    ? join(homedir(), 'Library', 'Caches', 'surefoot')
    : join(homedir(), '.cache', 'surefoot');
}

function chooseRoot(): string {
  const chosen = process.env['SUREFOOT_CACHE'];
  const wanted = resolve(chosen ?? userCacheFolder());
  if (isRoot) {
    if (enterableByAnyone(wanted)) return wanted;
    if (chosen)
      process.stderr.write(`servers: ${wanted} cannot be entered by "nobody"; using /var/tmp/surefoot\n`);
    return '/var/tmp/surefoot';
  }
  return chosen !== undefined || writable(wanted)
    ? wanted
    : `/var/tmp/surefoot-${process.getuid?.() ?? 'user'}`;
}

/** Makes the folder and its parents so that the servers' user can enter them, whatever the umask. */
function makeEnterable(folder: string): void {
  const first = mkdirSync(folder, { recursive: true });
  if (first === undefined) return;
  for (let made = folder; made.length >= first.length; made = dirname(made)) chmodSync(made, 0o755);
}

let root: string | undefined;

/** The cache folder, made on first use. A folder there that belongs to somebody else is refused. */
export function cacheRoot(): string {
  if (root !== undefined) return root;
  const folder = chooseRoot();
  makeEnterable(folder);
  const { uid } = lstatSync(folder);
  if (uid !== process.getuid?.()) {
    throw new Error(
      `The cache folder ${folder} belongs to another user. Set SUREFOOT_CACHE to a folder of your own.`,
    );
  }
  root = folder;
  return folder;
}

/** `tools`, `templates` and `data` are entered by the server's user; `run` holds URLs with passwords and is ours alone. */
const privateFolders: readonly string[] = ['run', 'locks'];

export function cacheFolder(
  name: 'tools' | 'templates' | 'data' | 'run' | 'locks' | 'apt' | 'temporary',
): string {
  const folder = join(cacheRoot(), name);
  mkdirSync(folder, { recursive: true });
  chmodSync(folder, privateFolders.includes(name) ? 0o700 : 0o755);
  return folder;
}

/** What a killed process left half-made. Its maker held a lock that the caller now holds. */
export async function removeLeftovers(folder: string, prefix: string): Promise<void> {
  const names = (await readdir(folder)).filter((name) => name.startsWith(prefix));
  for (const name of names) await rm(join(folder, name), { recursive: true, force: true });
}
