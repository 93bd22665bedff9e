// In: src/. Out: dist/, the published form. Must not know: how it is packed.

import { chmod, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { bundle } from './bundle.ts';
import { program } from './program.ts';
import { restoreManifest } from './published-manifest.ts';

const root = join(import.meta.dirname, '..');
const bin = join(root, 'dist/cli/bin.js');

/** Where an optional package is not installed, what is said of it means nothing, and is no error of the user's. */
async function forgiveOptionalPackages(): Promise<void> {
  const manifest: { readonly peerDependenciesMeta: Readonly<Record<string, unknown>> } = JSON.parse(
    await readFile(join(root, 'package.json'), 'utf8'),
  );
  const names = Object.keys(manifest.peerDependenciesMeta).join('|');
  const mention = new RegExp(`^.*(?:\\bfrom |\\bimport\\()['"](?:${names})(?:/[^'"]*)?['"].*$`, 'gm');
  const files = await readdir(join(root, 'dist'), { recursive: true });
  for (const file of files.filter((name) => name.endsWith('.d.ts'))) {
    const text = await readFile(join(root, 'dist', file), 'utf8');
    const forgiving = text.replace(mention, '// @ts-ignore: the package is optional\n$&');
    if (forgiving !== text) await writeFile(join(root, 'dist', file), forgiving);
  }
}

/** Builds `dist/` anew: types by tsc, JavaScript by the bundler; gives tsc's exit code. */
export async function build(): Promise<number> {
  await rm(join(root, 'dist'), { recursive: true, force: true });
  const code = await program('tsc', ['-p', 'tsconfig.build.json'], root);
  if (code !== 0) return code;
  await bundle();
  await forgiveOptionalPackages();
  const text = await readFile(bin, 'utf8');
  if (!text.startsWith('#!/usr/bin/env node\n')) {
    console.error('build: dist/cli/bin.js does not begin with a line that says how to run it');
    return 1;
  }
  await chmod(bin, 0o755);
  return 0;
}

if (import.meta.main) {
  await restoreManifest();
  process.exitCode = await build();
}
