// What was found out at some expense, by the hash of all that decides it.
// In: keys, JSON values. Out: the same values, or nothing. Must not know what they mean: nothing may depend on it.

import { randomBytes } from 'node:crypto';
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { hashJson, hashText } from '../kernel/hash.ts';
import { errorCode } from '../kernel/import-package.ts';

/** Keeps values by key. What it cannot keep it forgets, and what it does not know is `undefined`. */
export interface Cache {
  read(key: string): Promise<unknown>;
  write(key: string, value: unknown): Promise<void>;
}

/** Remembers nothing. */
export const noCache: Cache = { read: async () => undefined, write: async () => undefined };

/** Of a failure with a system's code there is nothing to tell: without the cache all works the same, only slower. */
async function unlessFailed<T>(work: () => Promise<T>): Promise<T | undefined> {
  try {
    return await work();
  } catch (error) {
    if (errorCode(error) !== null || error instanceof SyntaxError) return undefined;
    throw error;
  }
}

interface Kept {
  readonly key: string;
  readonly hash: string;
  readonly value: unknown;
}

const isKept = (value: unknown): value is Kept =>
  typeof value === 'object' && value !== null && 'key' in value && 'hash' in value && 'value' in value;

/** A folder of the project's own, of no interest to others or to Git. */
async function makeFolder(project: string): Promise<string> {
  const own = join(project, '.surefoot');
  const folder = join(own, 'cache');
  await mkdir(own, { recursive: true, mode: 0o700 });
  await mkdir(folder, { recursive: true, mode: 0o700 });
  await unlessFailed(() => writeFile(join(own, '.gitignore'), '*\n', { flag: 'wx', mode: 0o600 }));
  return folder;
}

/** Writes a file of the project's own whole, or not at all. */
async function writeWhole(project: string, name: string, text: string): Promise<void> {
  const folder = await makeFolder(project);
  const file = join(folder, `.${name}.${randomBytes(4).toString('hex')}`);
  await writeFile(file, text, { flag: 'wx', mode: 0o600 });
  try {
    await rename(file, join(folder, name));
  } catch (error) {
    await rm(file, { force: true });
    throw error;
  }
}

/** One JSON file a key, below `.surefoot/cache` of the project's folder. */
export function fileCache(project: string): Cache {
  const fileOf = (key: string) => join(project, '.surefoot', 'cache', `${key}.json`);
  return {
    read: (key) =>
      unlessFailed(async () => {
        const kept: unknown = JSON.parse(await readFile(fileOf(key), 'utf8'));
        // A file that was changed by hand or by half is none.
        return isKept(kept) && kept.key === key && kept.hash === hashJson(kept.value)
          ? kept.value
          : undefined;
      }),
    write: async (key, value) => {
      const kept: Kept = { key, hash: hashJson(value), value };
      await unlessFailed(() => writeWhole(project, `${key}.json`, JSON.stringify(kept)));
    },
  };
}

/**
 * One large value a key, as its JSON text below a line with the hash of that text: told whole from broken without being
 * taken apart. What the value has to be of is for the caller to look at.
 */
export function largeCache(project: string): Cache {
  const nameOf = (key: string) => `${key}.large`;
  return {
    read: (key) =>
      unlessFailed(async () => {
        const text = await readFile(join(project, '.surefoot', 'cache', nameOf(key)), 'utf8');
        const end = text.indexOf('\n');
        const json = text.slice(end + 1);
        return end > 0 && text.slice(0, end) === hashText(json) ? (JSON.parse(json) as unknown) : undefined;
      }),
    write: async (key, value) => {
      const json = JSON.stringify(value);
      await unlessFailed(() => writeWhole(project, nameOf(key), `${hashText(json)}\n${json}`));
    },
  };
}
