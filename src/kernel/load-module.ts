// Files of the user's, in JavaScript or TypeScript.
// In: a path. Out: what the file exports, or the problem in words. Must not know what the file is for.

import { pathToFileURL } from 'node:url';
import { decoratedFields } from './decorated-fields.ts';
import { messageOf } from './errors.ts';
import { errorCode, importPackage } from './import-package.ts';
import { ownModules, registerSelf } from './own-module.ts';

/** What a module exports. */
export type ModuleExports = Readonly<Record<string, unknown>>;

/**
 * Imports a file by its absolute path. The runtime loads it itself; what needs more than that (enums, decorators, JSX,
 * imports without extension, paths of a tsconfig) goes through jiti. What the file throws is thrown on as it is.
 */
export async function loadModule(file: string): Promise<ModuleExports> {
  const url = pathToFileURL(file);
  registerSelf(url);
  try {
    return await import(url.href);
  } catch (error) {
    if (!needsTransform(error)) throw error;
    return await loadTransformed(file, error);
  }
}

const transformable = new Set([
  'ERR_UNKNOWN_FILE_EXTENSION',
  'ERR_UNSUPPORTED_TYPESCRIPT_SYNTAX',
  'ERR_UNSUPPORTED_NODE_MODULES_TYPE_STRIPPING',
  'ERR_INVALID_TYPESCRIPT_SYNTAX',
  'ERR_NO_TYPESCRIPT',
  'ERR_MODULE_NOT_FOUND',
  'ERR_UNSUPPORTED_DIR_IMPORT',
  'ERR_IMPORT_ATTRIBUTE_MISSING',
]);

/** These arise before a line of the file has run, so that loading it again runs nothing twice. */
function needsTransform(error: unknown): boolean {
  return error instanceof SyntaxError || transformable.has(errorCode(error) ?? '');
}

async function openJiti(file: string) {
  const { createJiti } = await importPackage('jiti', () => import('jiti'));
  return createJiti(pathToFileURL(file).href, {
    virtualModules: await ownModules(),
    tsconfigPaths: true,
    fsCache: false,
    jsx: { runtime: 'automatic' },
    transformOptions: { babel: { plugins: [decoratedFields] } },
  });
}

async function loadTransformed(file: string, first: unknown): Promise<ModuleExports> {
  const jiti = await openJiti(file);
  try {
    return await jiti.import<ModuleExports>(file);
  } catch (error) {
    throw betterOf(first, error);
  }
}

/** A module of a package, as that file of the user's imports it: the user's own copy. A missing package is refused. */
export async function importAs<M>(file: string, specifier: string): Promise<M> {
  const [name = specifier] = /^(@[^/]+\/)?[^/]+/.exec(specifier) ?? [];
  const url = (await openJiti(file)).esmResolve(specifier, { try: true });
  return importPackage(name, () => import(url ?? specifier));
}

/** Where both fail alike, the runtime's own words are the better ones, if they say where. */
function betterOf(native: unknown, transformed: unknown): unknown {
  if (isNotFound(transformed)) return isNotFound(native) ? native : transformed;
  const located = native instanceof Error && /^file:.*:\d+$/m.test(native.stack ?? '');
  return isSyntax(transformed) && located ? native : transformed;
}

/** jiti's parser throws errors of its own class. */
function isSyntax(error: unknown): boolean {
  return error instanceof SyntaxError || messageOf(error).startsWith('ParseError');
}

function isNotFound(error: unknown): boolean {
  const code = errorCode(error);
  return code === 'ERR_MODULE_NOT_FOUND' || code === 'MODULE_NOT_FOUND';
}

/** Why a file could not be loaded, in one line and without a stack. */
export interface ModuleProblem {
  readonly problem: string;
  readonly line: number | null;
}

/** Reads an error of `loadModule`. */
export function moduleProblem(error: unknown, file: string): ModuleProblem {
  const [problem = 'it failed without a message'] = messageOf(error)
    .split('\n')
    .filter((line) => line.trim() !== '');
  return { problem: problem.trim().replace(/^ParseError: /, ''), line: placeOf(error, file)?.line ?? null };
}

/** A place in a file; both count from 1. */
export interface Place {
  readonly line: number;
  /** `null`: not known. */
  readonly column: number | null;
}

/** A syntax error's stack begins with `file:line`; a thrown error's frames name `file:line:column`. */
function placeOf(error: unknown, file: string): Place | null {
  if (!(error instanceof Error) || error.stack === undefined) return null;
  for (const name of [pathToFileURL(file).href, file]) {
    const at = error.stack.indexOf(`${name}:`);
    if (at < 0) continue;
    const [, line, column] = /^(\d+)(?::(\d+))?/.exec(error.stack.slice(at + name.length + 1)) ?? [];
    if (line !== undefined)
      return { line: Number(line), column: column === undefined ? null : Number(column) };
  }
  return null;
}

/** The place of a loaded file that is being run just now; `null`: none is, or it is too far up the stack. */
export function placeAtWork(file: string): Place | null {
  return placeOf(new Error(), file);
}
