// Where a tool's files are. In: a path that was given, folders that are usual. Out: the folder. Must not know a tool.

import { readdir } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { errorCode } from '../kernel/import-package.ts';

/** The names in a folder, in the order of their letters; `null`: it is no folder. */
export async function namesIn(folder: string): Promise<readonly string[] | null> {
  try {
    return (await readdir(folder)).sort();
  } catch (error) {
    if (errorCode(error) === 'ENOENT' || errorCode(error) === 'ENOTDIR') return null;
    throw error;
  }
}

/** A folder, and which of its files are meant. */
export interface FoundFolder {
  readonly folder: string;
  readonly names: readonly string[];
}

/**
 * The path itself where it holds what is looked for, a file of that kind, or the first of the usual folders in it. Of any
 * other file (a config, a schema), the folder that it stands in.
 */
export async function findFolder(
  path: string,
  usual: readonly string[],
  isOurs: (names: readonly string[], folder: string) => boolean | Promise<boolean>,
): Promise<FoundFolder | null> {
  const isFile = (await namesIn(path)) === null;
  const base = isFile ? dirname(path) : path;
  if (isFile && (await isOurs([basename(path)], base))) return { folder: base, names: [basename(path)] };
  for (const folder of [base, ...usual.map((one) => join(base, one))]) {
    const names = await namesIn(folder);
    if (names !== null && (await isOurs(names, folder))) return { folder, names };
  }
  return null;
}
