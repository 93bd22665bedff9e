// The files of Drizzle's models → the objects that they export.
// In: paths of files and folders. Out: entities, each once. Must not know what they say.

import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { loadModels } from '../load-models.ts';
import type { ModelFile } from '../source.ts';
import type { Entity } from './entities.ts';
import { entityOf, kindsOf } from './entities.ts';

export const sourceName = 'Drizzle';

const isModule = (file: string): boolean => /\.[cm]?[jt]sx?$/.test(file) && !/\.d\.[cm]?ts$/.test(file);

/** The modules that a folder holds directly, in the order of their names; a file is itself. */
async function modulesIn(path: string): Promise<readonly string[]> {
  if (!(await stat(path)).isDirectory()) return [path];
  const entries = await readdir(path, { withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile() && isModule(entry.name));
  return files.map(({ name }) => join(path, name)).sort();
}

/** The modules of all paths. */
export async function modulesOf(paths: readonly string[]): Promise<readonly string[]> {
  return [...new Set((await Promise.all(paths.map(modulesIn))).flat())];
}

/** A folder is told by the text of its files, so that none is run for nothing. */
async function mentionsDrizzle(file: string): Promise<boolean> {
  return /['"]drizzle-orm\//.test(await readFile(file, 'utf8'));
}

/** True for modules that export anything of Drizzle's: one of relations alone is part of the models, too. */
export async function isDrizzle({ path, isFolder, exports }: ModelFile): Promise<boolean> {
  if (!isFolder)
    return isModule(path) && Object.values(await exports()).some((one) => kindsOf(one).length > 0);
  const found = await Promise.all((await modulesIn(path)).map(mentionsDrizzle));
  return found.includes(true);
}

/** What the modules export, where it is part of a schema; what several of them hand on is one. */
export async function entitiesOf(modules: readonly string[]): Promise<readonly Entity[]> {
  const found = new Map<unknown, Entity>();
  for (const file of modules) {
    for (const value of Object.values(await loadModels(sourceName, file))) {
      const entity = found.has(value) ? null : entityOf(value, file);
      if (entity) found.set(value, entity);
    }
  }
  return [...found.values()];
}
