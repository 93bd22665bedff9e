// Where the application still names what goes.
// In: names, globs. Out: the lines that say them. Must not know rules, revisions or a database.

import { glob, readFile } from 'node:fs/promises';
import { basename, resolve, sep } from 'node:path';
import { errorCode } from '../kernel/import-package.ts';
import type { CodePlace } from '../lint/finding.ts';
import type { Operation } from '../operations/operation.ts';

/** Names that operations take away: columns, tables and views that are dropped or called something else from then on. */
export function codeNames(operations: readonly Operation[]): ReadonlySet<string> {
  return new Set(operations.flatMap(namesOf));
}

function namesOf(operation: Operation): readonly string[] {
  switch (operation.kind) {
    case 'dropColumn':
      return [operation.column];
    case 'renameColumn':
      return [operation.from];
    case 'dropTable':
      return [operation.table.name];
    case 'renameTable':
      return [operation.from.name];
    case 'dropView':
      return [operation.view.name];
    case 'execute':
      return (operation.effect ?? []).flatMap(namesOf);
    default:
      return [];
  }
}

export interface SourceSearch {
  /** Globs, relative to the folder. */
  readonly patterns: readonly string[];
  readonly folder: string;
  /** Folders that are not looked into: those of the revisions, which name what goes by their nature. */
  readonly without: readonly string[];
}

/** As code may spell it: `first_name` in SQL, `firstName` or `FirstName` in a model. */
function spellings(name: string): readonly string[] {
  const camel = name.replaceAll(/_+(\p{L}|\p{N})/gu, (_, letter: string) => letter.toUpperCase());
  const pascal = camel.replace(/^./u, (letter) => letter.toUpperCase());
  // A capital alone makes no other name: `Id` is said everywhere.
  return camel === name ? [name] : [name, camel, pascal];
}

const escaped = (text: string): string => text.replaceAll(/[\\^$.*+?()[\]{}|/-]/g, '\\$&');

/** Every spelling with the name that it stands for, and one pattern that finds them all as whole words. */
function patternOf(names: ReadonlySet<string>) {
  const meant = new Map<string, string[]>();
  for (const name of names) {
    for (const spelling of spellings(name)) meant.set(spelling, [...(meant.get(spelling) ?? []), name]);
  }
  const longestFirst = [...meant.keys()].sort((a, b) => b.length - a.length).map(escaped);
  return {
    meant,
    pattern: new RegExp(`(?<![\\p{L}\\p{N}_$])(?:${longestFirst.join('|')})(?![\\p{L}\\p{N}_$])`, 'gu'),
  };
}

async function* filesOf({ patterns, folder, without }: SourceSearch): AsyncGenerator<string> {
  const isInside = (file: string) => without.some((dir) => file === dir || file.startsWith(dir + sep));
  const exclude = (path: string) => ['node_modules', '.git'].includes(basename(path));
  for await (const path of glob([...patterns], { cwd: folder, exclude })) {
    const file = resolve(folder, path);
    if (!isInside(file) && !file.includes(`${sep}node_modules${sep}`)) yield file;
  }
}

/** The text of a file; `null`: it is a folder, it has gone meanwhile, or it is no text. */
async function textOf(file: string): Promise<string | null> {
  try {
    const text = await readFile(file, 'utf8');
    return text.includes('\0') ? null : text;
  } catch (error) {
    if (['EISDIR', 'ENOENT'].includes(errorCode(error) ?? '')) return null;
    throw error;
  }
}

type Found = Map<string, CodePlace[]>;

function search(
  { file, text }: { readonly file: string; readonly text: string },
  found: Found,
  { meant, pattern }: ReturnType<typeof patternOf>,
): void {
  let [line, from] = [1, 0];
  for (const match of text.matchAll(pattern)) {
    for (let at = text.indexOf('\n', from); at >= 0 && at < match.index; at = text.indexOf('\n', from)) {
      line += 1;
      from = at + 1;
    }
    for (const name of meant.get(match[0]) ?? []) {
      const places = found.get(name) ?? [];
      if (places.at(-1)?.file !== file || places.at(-1)?.line !== line) places.push({ file, line });
      found.set(name, places);
    }
  }
}

/** Files that are read at once. */
const atOnce = 16;

/** The lines of the sources that say a name, by name; files in order. No name or no pattern: nothing is read. */
export async function searchSources(
  names: ReadonlySet<string>,
  where: SourceSearch,
): Promise<ReadonlyMap<string, readonly CodePlace[]>> {
  const found: Found = new Map();
  if (names.size === 0 || where.patterns.length === 0) return found;
  const wanted = patternOf(names);
  const files: string[] = [];
  for await (const file of filesOf(where)) files.push(file);
  files.sort();
  for (let at = 0; at < files.length; at += atOnce) {
    const batch = files.slice(at, at + atOnce);
    const texts = await Promise.all(batch.map(textOf));
    for (const [i, file] of batch.entries()) search({ file, text: texts[i] ?? '' }, found, wanted);
  }
  return found;
}
