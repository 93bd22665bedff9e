// In: src/. Out: dist/, the published form. Must not know: how it is packed.

import { chmod, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { program } from './program.ts';
import { restoreManifest } from './published-manifest.ts';

const root = join(import.meta.dirname, '..');
const bin = join(root, 'dist/cli/bin.js');

/** Builds `dist/` anew; gives tsc's exit code. */
export async function build(): Promise<number> {
  await rm(join(root, 'dist'), { recursive: true, force: true });
  const code = await program('tsc', ['-p', 'tsconfig.build.json'], root);
  if (code !== 0) return code;
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
