// Projects of users, with files of models and the packages of this repository.
// In: files by name. Out: the path of the first. Must not know a library.

import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll } from 'vitest';

const root = mkdtempSync(join(tmpdir(), 'surefoot-models-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));

const packages = join(import.meta.dirname, '..', '..', 'node_modules');
let count = 0;

/** Writes the files into a project of their own, and gives the path of the first. */
export function userProject(files: Readonly<Record<string, string>>): string {
  count++;
  const folder = join(root, String(count));
  mkdirSync(folder);
  writeFileSync(join(folder, 'package.json'), '{"type":"module"}');
  symlinkSync(packages, join(folder, 'node_modules'));
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), text);
  }
  return join(folder, Object.keys(files)[0] ?? '');
}
