// The package's own modules under their public names.
// In: a specifier such as `surefoot`. Out: the URL of the very files that are running. Must not know who asks.

import { readFileSync } from 'node:fs';
import { registerHooks } from 'node:module';

const packageFolder = new URL('../../', import.meta.url);
/** `src/` in the working tree, `dist/` when built: whichever this file stands in. */
const ownFolder = new URL('../', import.meta.url);
const ownExtension = import.meta.url.slice(import.meta.url.lastIndexOf('.'));

/** The URL behind `surefoot` or `surefoot/…`; `null`: another module, or a name that is not exported. */
export function ownModuleUrl(specifier: string): string | null {
  if (specifier !== 'surefoot' && !specifier.startsWith('surefoot/')) return null;
  const subpath = `.${specifier.slice('surefoot'.length)}`;
  const target = exported()[subpath];
  if (target === undefined) return null;
  const inside = /^\.\/(?:src|dist)\/(.*)\.[a-z]+$/.exec(target)?.[1];
  // The exports may name the other form of the package (built or not) than the one that runs.
  return inside === undefined
    ? new URL(target, packageFolder).href
    : new URL(inside + ownExtension, ownFolder).href;
}

let known: Readonly<Record<string, string>> | null = null;

function exported(): Readonly<Record<string, string>> {
  if (known !== null) return known;
  const read = readExports(JSON.parse(readFileSync(new URL('package.json', packageFolder), 'utf8')));
  known = read;
  return read;
}

function readExports(manifest: {
  readonly exports: Readonly<Record<string, unknown>>;
}): Readonly<Record<string, string>> {
  const entries = Object.entries(manifest.exports).map(([subpath, target]) => [subpath, targetOf(target)]);
  return Object.fromEntries(entries.filter(([, target]) => target !== null));
}

/** A target is a path, or paths by condition (`types`, `import`, `default`). */
function targetOf(target: unknown): string | null {
  if (typeof target === 'string') return target;
  if (typeof target !== 'object' || target === null) return null;
  const conditions = target as Readonly<Record<string, unknown>>;
  return targetOf(conditions['import'] ?? conditions['default']);
}

/** Every public module by name, for loaders that pass `registerSelf` by. */
export async function ownModules(): Promise<Readonly<Record<string, unknown>>> {
  const urls = Object.keys(exported()).map((subpath) => {
    const name = `surefoot${subpath.slice(1)}`;
    return [name, ownModuleUrl(name)] as const;
  });
  const found = urls.filter(([, url]) => url !== null && !url.endsWith('.json'));
  const modules = found.map(async ([name, url]) => [name, await importOnUse(String(url))] as const);
  return Object.defineProperties({}, Object.fromEntries(await Promise.all(modules)));
}

/** A module as a property; one that cannot be loaded fails where it is used, not where it is only offered. */
async function importOnUse(url: string): Promise<PropertyDescriptor> {
  try {
    // Not `require`: a file that failed to link leaves modules behind which only `import` takes up again.
    return { enumerable: true, value: await import(url) };
  } catch (error) {
    return {
      enumerable: true,
      get() {
        throw error;
      },
    };
  }
}

/**
 * Nothing in it but what means the same in an ES module. What it has from files beside it might be CommonJS all the same,
 * which shows when some of them have run, and they would run twice.
 */
function isPlainModule(url: string): boolean {
  const text = readFileSync(new URL(url), 'utf8');
  const isCommon = /\b(?:require|exports|__dirname|__filename)\b|(?:from|import)[\s(]*['"]\./.test(text);
  return /^export default\b/m.test(text) && !isCommon;
}

/** Where the package says CommonJS; or nothing (or its loader nothing), and the runtime would try that first. */
const mayBeCommon = (url: string, format: string | null | undefined): boolean =>
  format === 'commonjs-typescript' || ((format ?? null) === null && url.endsWith('.ts'));

const asked = new Set<string>();
let registered = false;

/**
 * Makes `surefoot` and its subpaths mean this very package wherever the importing file stands: a revision needs no
 * node_modules of its own, and shares its module instances with whoever runs it. `file`, the one to be imported, is an
 * ES module if it is written as one, in a package of CommonJS (which `npm init` makes) or of no type, too.
 */
export function registerSelf(file: URL): void {
  asked.add(file.href);
  if (registered) return;
  registered = true;
  registerHooks({
    resolve(specifier, context, next) {
      const url = ownModuleUrl(specifier);
      if (url !== null) return { url, shortCircuit: true };
      const found = next(specifier, context);
      const isOpen = asked.has(found.url) && mayBeCommon(found.url, found.format);
      return isOpen && isPlainModule(found.url) ? { ...found, format: 'module-typescript' } : found;
    },
  });
}
