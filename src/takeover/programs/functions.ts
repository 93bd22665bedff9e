// Files that export `up` and `down`.
// In: files, and how their functions are called. Out: programs. Must not know a library.

import { join } from 'node:path';
import { isRecord, isScript, loadProgram, namesIn, withoutCompiled } from './load.ts';
import type { Program } from './walk.ts';

/** A file of a migration, not loaded yet. */
export interface ProgramFile {
  /** As the tool's table has it. */
  readonly name: string;
  readonly file: string;
  load(): Promise<unknown>;
}

/** A function of a migration's. */
export type ProgramFunction = (...given: readonly unknown[]) => unknown;

/** What a migration exports, wherever it stands. */
export interface ProgramFunctions {
  readonly up: ProgramFunction | null;
  readonly down: ProgramFunction | null;
  /** The object that they are members of. */
  readonly holder: Readonly<Record<string, unknown>>;
}

/** How a function is called: the file's other exports may say. */
export type Call = (work: ProgramFunction, holder: ProgramFunctions['holder']) => Promise<unknown>;

function functionsIn(exported: unknown): ProgramFunctions {
  const direct = isRecord(exported) ? exported : {};
  const inner = isRecord(direct['default']) ? direct['default'] : {};
  const holder =
    [direct, inner, isRecord(inner['default']) ? inner['default'] : {}].find((one) => 'up' in one) ?? {};
  const member = (name: string): ProgramFunction | null => {
    const value = holder[name];
    return typeof value === 'function' ? (value.bind(holder) as ProgramFunction) : null;
  };
  return { up: member('up'), down: member('down'), holder };
}

/** A program that fails with this, whenever it is run. */
export const brokenProgram = (name: string, file: string, error: unknown): Program => ({
  name,
  file,
  up: () => Promise.reject(error),
  down: null,
});

/** One file as a program; what cannot be loaded fails when it is run. */
async function programOf({ name, file, load }: ProgramFile, call: Call): Promise<Program> {
  try {
    const { up, down, holder } = functionsIn(await load());
    if (up === null) throw new TypeError('it exports no function "up"');
    return { name, file, up: () => call(up, holder), down: down && (() => call(down, holder)) };
  } catch (error) {
    return brokenProgram(name, file, error);
  }
}

/** Files as programs, loaded one after another. */
export async function programsOf(files: readonly ProgramFile[], call: Call): Promise<readonly Program[]> {
  const programs: Program[] = [];
  for (const file of files) programs.push(await programOf(file, call));
  return programs;
}

/** The scripts of a folder, sorted by their names; each by the name that the tool's table has for it. */
export async function programFiles(
  folder: string,
  nameOf: (file: string) => string = (file) => file,
): Promise<readonly ProgramFile[]> {
  const names = withoutCompiled(await namesIn(folder)).filter(isScript);
  return names.map((name) => {
    const file = join(folder, name);
    return { name: nameOf(name), file, load: () => loadProgram(file) };
  });
}

/** A file's name without its ending. */
export const withoutEnding = (name: string): string => name.replace(/\.[cm]?[jt]s$/, '');
