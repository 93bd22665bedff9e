// The files that a library's options name by patterns, as its own loading would find them.
// In: patterns, a folder. Out: paths, and what the files export. Must not know what is an entity.

import { glob, stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { ModuleExports } from '../kernel/load-module.ts';
import { loadModels } from './load-models.ts';

const isScript = (file: string): boolean => /\.[cm]?[jt]s$/.test(file) && !/\.d\.[cm]?ts$/.test(file);

/** A folder stands for all that is in it. */
async function patternOf(pattern: string, folder: string): Promise<string> {
  if (/[*?[{]/.test(pattern)) return pattern;
  const found = await stat(resolve(folder, pattern)).catch(() => null);
  return found?.isDirectory() ? `${pattern.replace(/\/$/, '')}/**/*` : pattern;
}

/** The scripts that the patterns name; one that begins with `!` takes away. */
export async function entityFiles(patterns: readonly string[], folder: string): Promise<readonly string[]> {
  const exclude = patterns.filter((one) => one.startsWith('!')).map((one) => one.slice(1));
  const found = new Set<string>();
  for (const pattern of patterns.filter((one) => !one.startsWith('!'))) {
    const files = glob(await patternOf(pattern, folder), { cwd: folder, exclude });
    for await (const file of files) if (isScript(file)) found.add(resolve(folder, file));
  }
  return [...found].sort();
}

/** Files one after another: they import each other, and each is to run once. */
export async function loadInTurn(
  source: string,
  files: readonly string[],
): Promise<readonly ModuleExports[]> {
  const loaded: ModuleExports[] = [];
  for (const file of files) loaded.push(await loadModels(source, file));
  return loaded;
}
