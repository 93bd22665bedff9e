// In: package.json of the working tree. Out: the one that is published, in its place for the length of a packing.
// Must not know: who packs.
//
// In the working tree the exports name src/, so that a linked project needs no build; a package in node_modules cannot
// be TypeScript, so that the published ones name dist/.

import { copyFile, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

const root = join(import.meta.dirname, '..');
const manifest = join(root, 'package.json');
/** Visible to Git on purpose: where it stands, a packing was cut short. */
const aside = join(root, 'package.json.working-tree');

type Json = Readonly<Record<string, unknown>>;

function publishedExport(target: unknown): unknown {
  const name = typeof target === 'string' ? /^\.\/src\/(.*)\.ts$/.exec(target)?.[1] : undefined;
  return name === undefined ? target : { types: `./dist/${name}.d.ts`, default: `./dist/${name}.js` };
}

/** The same without what serves its development only. */
export function publishedManifest(working: Json): Json {
  const { scripts, devDependencies, allowScripts, ...rest } = working;
  const exported = Object.entries(working['exports'] as Json);
  return {
    ...rest,
    exports: Object.fromEntries(exported.map(([name, target]) => [name, publishedExport(target)])),
  };
}

/** Puts the published manifest in the place of the working tree's, which stands aside meanwhile. */
export async function placePublishedManifest(): Promise<void> {
  const working = JSON.parse(await readFile(manifest, 'utf8')) as Json;
  await copyFile(manifest, aside);
  await writeFile(`${manifest}.new`, `${JSON.stringify(publishedManifest(working), null, 2)}\n`);
  await rename(`${manifest}.new`, manifest);
}

/** Puts the working tree's manifest back. Also after a packing that was cut short; otherwise it does nothing. */
export async function restoreManifest(): Promise<void> {
  await rename(aside, manifest).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'ENOENT') throw error;
  });
}
