// In: what the files of src/ import, touch and name. Out: what of it is not allowed, in words.
// Must not know: how it was read.

import { folderOf, homes, manifestFile, mayImport, mayNameDialects } from './layers.ts';
import type { Facts, Import } from './read-source.ts';

/** Imports of folders further out, of a sibling, of what is in no layer. */
export function forbiddenImports({ imports }: Facts): readonly string[] {
  return imports.flatMap(({ file, line, target }) => {
    if (target === null || target === manifestFile) return [];
    const [from, to] = [folderOf(file), folderOf(target)];
    if (from !== null && to !== null && !target.startsWith('..') && mayImport(from, to)) return [];
    return [`${file}:${line} imports ${target}: ${from ?? 'no layer'} must not know ${to ?? 'no layer'}`];
  });
}

/** Files in a folder that no layer knows. */
export function homelessFiles({ files }: Facts): readonly string[] {
  return files.filter((file) => folderOf(file) === null);
}

/** Foreign packages are loaded when they are needed, each by one file; types of them may be known to more. */
export function eagerPackages({ imports }: Facts): readonly string[] {
  const foreign = imports.filter(
    ({ target, specifier }) => target === null && !specifier.startsWith('node:'),
  );
  const eager = foreign.filter(({ kind, file }) => kind === 'value' && !file.startsWith('cli/'));
  const loaders = Map.groupBy(
    foreign.filter(({ kind }) => kind === 'dynamic'),
    ({ specifier }) => specifier,
  );
  const shared = [...loaders.values()].filter((list) => new Set(list.map(({ file }) => file)).size > 1);
  return [
    ...eager.map(({ file, line, specifier }) => `${file}:${line} loads ${specifier} at once`),
    ...shared.map((list) => `${list[0]?.specifier} is loaded by ${list.map(({ file }) => file).join(', ')}`),
  ];
}

/** Import cycles between files, each once, as the path that leads back to its start. */
export function cycles({ files, imports }: Facts): readonly string[] {
  const targets = Map.groupBy(imports, ({ file }) => file);
  const found: string[] = [];
  const done = new Set<string>();
  const visit = (file: string, path: readonly string[]): void => {
    const start = path.indexOf(file);
    if (start >= 0) found.push([...path.slice(start), file].join(' → '));
    if (start >= 0 || done.has(file)) return;
    for (const target of targetsOf(targets.get(file))) visit(target, [...path, file]);
    done.add(file);
  };
  for (const file of files.toSorted()) visit(file, []);
  return found;
}

const targetsOf = (imports: readonly Import[] = []): ReadonlySet<string> =>
  new Set(imports.flatMap(({ target }) => (target === null ? [] : [target])));

/** The process, the clock and chance outside their homes. */
export function worldOutsideHomes({ touches }: Facts): readonly string[] {
  return touches
    .filter(({ file, name }) => !homes.find((home) => home.name === name)?.isHome(file))
    .map(({ file, line, name }) => `${file}:${line} uses ${name}`);
}

/** Decisions by the name of a family where only methods and traits may tell families apart. */
export function dialectsByName({ names }: Facts): readonly string[] {
  return names
    .filter(({ file }) => !mayNameDialects(file))
    .map(({ file, line, name }) => `${file}:${line} decides by the name '${name}'`);
}
