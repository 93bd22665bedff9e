// In: src/, PGlite. Out: what is made once for all files: the package as it is published, for the processes that tests
// start (it loads four times as quickly), and the catalogue of PGlite. Must not know: who wants them.

import { mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { bundle } from '../../scripts/bundle.ts';
import { publishedManifest } from '../../scripts/published-manifest.ts';
import { pgliteTemplate } from '../servers/pglite.ts';

const root = join(import.meta.dirname, '../..');

/** Types are those of the working tree: tsc would take longer than all that is won. */
function manifest(working: Readonly<Record<string, unknown>>): object {
  const exported = Object.keys(working['exports'] as object).map((name) => {
    const file = name === '.' ? 'index' : name.slice('./'.length);
    const targets = { types: `./src/${file}.ts`, default: `./dist/${file}.js` };
    return [name, file.endsWith('.json') ? name : targets];
  });
  return { ...publishedManifest(working), exports: Object.fromEntries(exported) };
}

export default async function buildOnce(): Promise<() => Promise<void>> {
  const folder = await mkdtemp(join(tmpdir(), 'surefoot-built-'));
  const working = JSON.parse(await readFile(join(root, 'package.json'), 'utf8'));
  await writeFile(join(folder, 'package.json'), JSON.stringify(manifest(working)));
  for (const name of ['src', 'node_modules']) await symlink(join(root, name), join(folder, name), 'junction');
  await bundle(join(folder, 'dist'));
  process.env['SUREFOOT_BUILT'] = folder;
  process.env['SUREFOOT_PGLITE'] = (await pgliteTemplate()).archive;
  return () => rm(folder, { recursive: true, force: true });
}
