// How the metadata of a project names what has no name. In: the folders of a project. Out: its `naming_convention`.
// Must not know what is named by it.

import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { errorCode } from '../../kernel/import-package.ts';
import { parsePython } from '../python/parse.ts';
import { decodePython } from './decode.ts';

export type NamingConvention = ReadonlyMap<string, string>;

/** Folders that hold no code of the project. */
const foreign =
  /^(?:\..*|node_modules|__pycache__|versions|venv|env|site-packages|dist|build|static|tests?)$/;
const deepest = 6;
const most = 4000;

async function entriesOf(folder: string) {
  return await readdir(folder, { withFileTypes: true }).catch((error: unknown) => {
    if (['ENOENT', 'ENOTDIR', 'EACCES'].includes(errorCode(error) ?? '')) return [];
    throw error;
  });
}

/** Files of Python in a folder, and the folders in it that may hold more. */
async function look(
  folder: string,
): Promise<{ readonly files: readonly string[]; readonly below: readonly string[] }> {
  const entries = (await entriesOf(folder)).toSorted((a, b) => (a.name < b.name ? -1 : 1));
  return {
    files: entries
      .filter((one) => one.isFile() && one.name.endsWith('.py'))
      .map(({ name }) => join(folder, name)),
    below: entries
      .filter((one) => one.isDirectory() && !foreign.test(one.name))
      .map(({ name }) => join(folder, name)),
  };
}

/** Files of Python, those further up first. */
async function pythonFiles(root: string): Promise<readonly string[]> {
  const files: string[] = [];
  let folders: readonly string[] = [root];
  for (let depth = 0; depth < deepest && folders.length > 0 && files.length < most; depth++) {
    const seen = await Promise.all(folders.map(look));
    files.push(...seen.flatMap((one) => one.files));
    folders = seen.flatMap(({ below }) => below).slice(0, most);
  }
  return files.slice(0, most);
}

const kinds: ReadonlySet<string> = new Set(['ix', 'uq', 'ck', 'fk', 'pk']);

/** The first dict of a text that names kinds of constraints. */
async function conventionIn(text: string): Promise<NamingConvention | null> {
  for (const [found] of text.matchAll(/\{[^{}]*%\([^{}]*\}/g)) {
    if (!/["'](?:ix|uq|ck|fk|pk)["']\s*:/.test(found)) continue;
    const [statement] = (await parsePython(`names = ${found}\n`)).statements;
    const value = statement?.kind === 'assign' ? statement.value : null;
    if (value?.kind !== 'dict') continue;
    const entries = value.entries.flatMap(({ key, value: pattern }) =>
      key?.kind === 'constant' &&
      kinds.has(String(key.value)) &&
      pattern.kind === 'constant' &&
      typeof pattern.value === 'string'
        ? [[String(key.value), pattern.value] as const]
        : [],
    );
    if (entries.length > 0) return new Map(entries);
  }
  return null;
}

async function textOf(file: string): Promise<string> {
  const bytes = await readFile(file);
  return bytes.length > 1_000_000 ? '' : decodePython(bytes);
}

/**
 * The naming convention that Alembic gives to what a version file leaves without a name: that of env.py's `target_metadata`,
 * as env.py or a file of the project spells it. Empty where env.py has no metadata.
 */
export async function findNamingConvention(env: string | null, root: string): Promise<NamingConvention> {
  const own = env === null ? '' : await textOf(env);
  if (env === null || /^\s*target_metadata\s*=\s*None\b/m.test(own)) return new Map();
  const said = await conventionIn(own);
  if (said) return said;
  for (const file of await pythonFiles(root)) {
    const text = await textOf(file);
    if (!/naming_convention/i.test(text)) continue;
    const found = await conventionIn(text);
    if (found) return found;
  }
  return new Map();
}
