// Throw-away projects with drizzle-orm in them. In: files. Out: a folder. Must not know what they are for.

import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

export interface DrizzleProjects {
  /** A project of these files; `bare`: with no package installed. */
  add(files: Readonly<Record<string, string>>, options?: { readonly bare: boolean }): string;
  readonly remove: () => void;
}

export function drizzleProjects(): DrizzleProjects {
  const root = mkdtempSync(join(tmpdir(), 'surefoot-drizzle-'));
  const packages = join(import.meta.dirname, '..', '..', 'node_modules', 'drizzle-orm');
  let count = 0;
  return {
    add: (files, options) => {
      count++;
      const folder = join(root, String(count));
      mkdirSync(join(folder, 'node_modules'), { recursive: true });
      if (options?.bare !== true) symlinkSync(packages, join(folder, 'node_modules', 'drizzle-orm'));
      for (const [name, text] of Object.entries({ 'package.json': '{ "type": "module" }', ...files })) {
        mkdirSync(dirname(join(folder, name)), { recursive: true });
        writeFileSync(join(folder, name), text);
      }
      return folder;
    },
    remove: () => rmSync(root, { recursive: true, force: true }),
  };
}
