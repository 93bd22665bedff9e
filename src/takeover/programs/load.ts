// The files of a tool's project: its config, its migrations, its library.
// In: paths. Out: what they export, or a refusal that says what is wrong. Must not know a tool.

import { readdir, stat } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { isSurefootError, messageOf, SurefootError } from '../../kernel/errors.ts';
import { errorCode } from '../../kernel/import-package.ts';
import type { ModuleExports } from '../../kernel/load-module.ts';
import { importAs, loadModule, moduleProblem } from '../../kernel/load-module.ts';

/** The default export, where a file has one. */
export function defaultOf(exports: ModuleExports): unknown {
  const given = exports['default'];
  // A module of the other kind, wrapped.
  if (typeof given === 'object' && given !== null && 'default' in given && '__esModule' in given)
    return given.default;
  return given ?? exports;
}

export const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** A member that is a text; `null`: it is none. */
export const textIn = (value: unknown, key: string): string | null => {
  const member = isRecord(value) ? value[key] : undefined;
  return typeof member === 'string' && member !== '' ? member : null;
};

/** A config that cannot be read, as a refusal. */
export function unreadableConfig(file: string, problem: string, cause?: unknown): SurefootError {
  return new SurefootError('config/invalid', `${file}: ${problem}`, {
    details: { file, problem },
    hint: 'Correct the file, set what it asks of the environment, or name the folder of the migrations itself.',
    ...(cause === undefined ? {} : { cause }),
  });
}

/** What a config file exports. */
export async function loadConfig(file: string): Promise<ModuleExports> {
  try {
    return await loadModule(file);
  } catch (cause) {
    const { problem, line } = moduleProblem(cause, file);
    throw unreadableConfig(file, line === null ? problem : `line ${line}: ${problem}`, cause);
  }
}

/** What a migration's file exports. */
export async function loadProgram(file: string): Promise<ModuleExports> {
  return await loadModule(file);
}

/** The project's own copy of a library, as a file of the project imports it. */
export async function loadLibrary<M>(folder: string, specifier: string): Promise<M> {
  try {
    return await importAs<M>(join(folder, 'migration.js'), specifier);
  } catch (cause) {
    if (isSurefootError(cause)) throw cause;
    throw new SurefootError(
      'driver/missing',
      `the package "${specifier}" cannot be loaded: ${messageOf(cause)}`,
      {
        details: { package: specifier },
        hint: `Install it in the project: npm install ${specifier}`,
        cause,
      },
    );
  }
}

const isThere = async (path: string): Promise<boolean> => (await stat(path).catch(() => null)) !== null;

/** True for a folder. */
export const isFolder = async (path: string): Promise<boolean> =>
  (await stat(path).catch(() => null))?.isDirectory() ?? false;

/** The first of the files that is there, in the folder or, up to the project's, in those above it. */
export async function findUp(
  from: string,
  names: readonly string[],
  projectFolder: string,
): Promise<string | null> {
  const end = resolve(projectFolder);
  let folder = (await isFolder(from)) ? resolve(from) : dirname(resolve(from));
  for (;;) {
    for (const name of names) if (await isThere(join(folder, name))) return join(folder, name);
    if (folder === end || dirname(folder) === folder || !folder.startsWith(end)) return null;
    folder = dirname(folder);
  }
}

/** The names of what is in a folder, sorted by their code points; empty: it is not there. */
export async function namesIn(folder: string): Promise<readonly string[]> {
  try {
    return (await readdir(folder)).sort();
  } catch (error) {
    if (errorCode(error) === 'ENOENT' || errorCode(error) === 'ENOTDIR') return [];
    throw error;
  }
}

/** True for files of JavaScript and TypeScript that are run, not declarations. */
export const isScript = (name: string): boolean => /\.[cm]?[jt]s$/.test(name) && !/\.d\.[cm]?ts$/.test(name);

/** Of a script and what it was compiled to, side by side, the script. */
export function withoutCompiled(names: readonly string[]): readonly string[] {
  const all = new Set(names);
  return names.filter((name) => !/\.[cm]?js$/.test(name) || !all.has(name.replace(/js$/, 'ts')));
}
