// The table of error codes, read from its source: types leave nothing behind to ask at run time.
// In: src/kernel/errors.ts. Out: codes and the facts of each. Must not know what a page says.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './markdown.ts';

export interface ErrorEntry {
  readonly code: string;
  readonly members: readonly { readonly name: string; readonly optional: boolean }[];
}

function readEntries(): readonly ErrorEntry[] {
  const source = readFileSync(join(root, 'src/kernel/errors.ts'), 'utf8');
  const table = /export interface ErrorDetails \{\n([\s\S]*?)\n\}/.exec(source)?.[1] ?? '';
  const found = table.matchAll(/^ {2}'([a-z]+\/[a-z-]+)': ([\s\S]*?);(?=\n {2}'|$(?![\s\S]))/gm);
  return [...found].map(([, code = '', facts = '']) => ({
    code,
    members: [...facts.matchAll(/readonly (\w+)(\??):/g)].map(([, name = '', mark]) => ({
      name,
      optional: mark === '?',
    })),
  }));
}

/** Every code, in the order of the table. */
export const errorEntries: readonly ErrorEntry[] = readEntries();
