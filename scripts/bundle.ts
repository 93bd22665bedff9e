// In: src/. Out: JavaScript in dist/ or another folder, as few files as can be loaded apart. Must not know types.

import { readdir, readFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { build, type Plugin } from 'esbuild';

const root = join(import.meta.dirname, '..');
const source = join(root, 'src');

/** What is started, imported by name, or looked for beside itself. The rest is in chunks, each loaded when it is needed. */
const entries = ['cli/bin', 'index', 'testing', 'drivers/sqlite-apart-process'];

/**
 * Modules that say where they are. As entries of their own they have their code in a chunk whoever else needs them, so that
 * it stands one folder below dist/, as it stands one folder below src/.
 */
const placed = ['kernel/own-module', 'drivers/sqlite-apart', 'cli/version'];

/**
 * What is always loaded together is one file: a file costs more than the code in it. `start` is what a run with nothing to
 * do needs, and one that waits for another; `work` is what nearly everything else does.
 */
const groups = {
  start: ['cli/start', 'cli/commands/upgrade', 'cli/runs/who', 'index', 'revisions/scan', 'revisions/graph'],
  work: ['library/run-to', 'library/surefoot', 'library/learn', 'revisions/load', 'revisions/checksum'],
} as const;
type Group = keyof typeof groups;

/** Entries of their own that need no more than themselves. */
const alone = ['cli/bin', 'drivers/sqlite-apart-process'].map((name) => join(source, `${name}.ts`));

const filesOf = (group: Group) => groups[group].map((name) => join(source, `${name}.ts`));
const relativeImport = /^(?:import|export)\s(?!type\b)[^;]*?from\s+'(\.[^']+)'/gm;
const dynamicImport = /\bimport\(\s*'(\.[^']+)'\s*,?\s*\)/g;

async function importsOf(file: string, pattern: RegExp): Promise<readonly string[]> {
  const text = await readFile(file, 'utf8');
  return [...text.matchAll(pattern)].map(([, path = '']) => resolve(dirname(file), path));
}

/** The files and all that they import, at once and not later. */
async function closureOf(files: readonly string[]): Promise<ReadonlySet<string>> {
  const found = new Set(files);
  for (const file of found) for (const other of await importsOf(file, relativeImport)) found.add(other);
  return found;
}

/** Everything that is loaded by a call of `import()`. */
async function loadedLater(): Promise<ReadonlySet<string>> {
  const names = await readdir(source, { recursive: true });
  const files = names.filter((name) => /(?<!\.test)\.ts$/.test(name)).map((name) => join(source, name));
  return new Set((await Promise.all(files.map((file) => importsOf(file, dynamicImport)))).flat());
}

/** The family of a database, and what is known of foreign things, go without the bulk of the work. */
const needsNoWork = (file: string) => /[\\/]src[\\/](?:dialects|drivers|sources|kernel)[\\/]/.test(file);

/** The groups that a file is to be loaded with. */
async function grouping(): Promise<(file: string) => readonly Group[]> {
  const [start, work] = [await closureOf(filesOf('start')), await closureOf(filesOf('work'))];
  const separate = new Set([
    ...(await loadedLater()),
    ...[...entries, ...placed].map((name) => join(source, `${name}.ts`)),
  ]);
  return (file) => {
    if (!separate.has(file) || alone.includes(file)) return [];
    if (start.has(file) || (needsNoWork(file) && !work.has(file))) return ['start'];
    return ['start', 'work'];
  };
}

/** Lets files that are loaded apart import their groups, so that these are in the same chunk for all of them. */
async function grouped(): Promise<Plugin> {
  const groupsOf = await grouping();
  return {
    name: 'grouped',
    setup: ({ onResolve, onLoad }) => {
      onResolve({ filter: /^group:/ }, ({ path }) => ({
        path: path.slice('group:'.length),
        namespace: 'group',
      }));
      onLoad({ filter: /.*/, namespace: 'group' }, ({ path }) => ({
        contents: filesOf(path as Group)
          .map((file) => `import ${JSON.stringify(file)};`)
          .join('\n'),
        resolveDir: source,
      }));
      onLoad({ filter: /\.ts$/ }, async ({ path }) => {
        const own = groupsOf(path);
        if (own.length === 0) return null;
        const text = await readFile(path, 'utf8');
        return { contents: own.map((group) => `import 'group:${group}';`).join('') + text, loader: 'ts' };
      });
    },
  };
}

/** Of the manifest the code asks for the version; what else it says is not published so. */
const versionOnly: Plugin = {
  name: 'version-only',
  setup: ({ onLoad }) => {
    onLoad({ filter: /[\\/]package\.json$/ }, async ({ path }) => {
      const { version } = JSON.parse(await readFile(path, 'utf8')) as { readonly version: string };
      return { contents: JSON.stringify({ version }), loader: 'json' };
    });
  },
};

/** Start-up is the number of files times what each costs: the modules of src/ are put together, what is lazy stays so. */
export async function bundle(outdir = 'dist'): Promise<void> {
  await build({
    absWorkingDir: root,
    entryPoints: [...entries, ...placed].map((name) => `src/${name}.ts`),
    outbase: 'src',
    outdir,
    chunkNames: 'chunks/[name]-[hash]',
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'node',
    target: 'node22.18',
    packages: 'external',
    // A group is imported for what is in it, not for a name.
    ignoreAnnotations: true,
    plugins: [await grouped(), versionOnly],
    logLevel: 'warning',
  });
}
