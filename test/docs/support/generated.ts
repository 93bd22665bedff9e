// Parts of pages that are made from the code. A test compares them; with UPDATE_DOCS=1 it writes them.

import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import { root } from './markdown.ts';

/** True: pages are written, not compared. */
export const isUpdate: boolean = process.env['UPDATE_DOCS'] === '1';

/** Expects the part of a page between `<!-- name -->` and `<!-- /name -->` to be this text. */
export function expectGenerated(file: string, name: string, wanted: string): void {
  const path = join(root, file);
  const text = readFileSync(path, 'utf8');
  const [open, close] = [`<!-- ${name} -->\n`, `<!-- /${name} -->`];
  const start = text.indexOf(open);
  const end = text.indexOf(close);
  expect(start >= 0 && end > start, `${file} has a place for ${name}`).toBe(true);
  const body = `\n${wanted.trim()}\n\n`;
  if (isUpdate) writeFileSync(path, text.slice(0, start + open.length) + body + text.slice(end));
  else
    expect(text.slice(start + open.length, end), `${file}: run UPDATE_DOCS=1 npx vitest run test/docs`).toBe(
      body,
    );
}
