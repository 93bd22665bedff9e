import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { searchSources } from './sources-search.ts';

const folder = mkdtempSync(join(tmpdir(), 'sources-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function write(file: string, text: string): void {
  mkdirSync(dirname(join(folder, file)), { recursive: true });
  writeFileSync(join(folder, file), text);
}

async function search(names: readonly string[], patterns = ['**/*.ts', '**/*.sql']) {
  const where = { patterns, folder, without: [join(folder, 'migrations')] };
  const found = await searchSources(new Set(names), where);
  return Object.fromEntries(
    [...found].map(([name, places]) => [
      name,
      places.map(({ file, line }) => `${relative(folder, file)}:${line}`),
    ]),
  );
}

write('src/a.ts', 'const a = 1;\nrow.first_name; row.first_name;\n\nrow.firstName;\nrow.first_name_2;');
write('src/deep/b.sql', 'SELECT "first_name" FROM person;\nSELECT xfirst_name, "we.ird(" FROM a;');
write('src/bytes.ts', 'first_name\0');
write('src/folder.ts/inner.ts', 'FirstName');
write('migrations/one.ts', 'first_name');
write('node_modules/x/one.ts', 'first_name');
write('src/node_modules/x/one.ts', 'first_name');

test('whole words, in every spelling, outside of node_modules and the revisions', async () => {
  expect(await search(['first_name'])).toEqual({
    first_name: ['src/a.ts:2', 'src/a.ts:4', 'src/deep/b.sql:1', 'src/folder.ts/inner.ts:1'],
  });
});

test('names of any characters; names that nobody says', async () => {
  expect(await search(['we.ird(', 'nobody', '__proto__'])).toEqual({ 'we.ird(': ['src/deep/b.sql:2'] });
});

test('a pattern that matches nothing', async () => {
  expect(await search(['first_name'], ['app/**/*.ts'])).toEqual({});
});

test('a large tree takes a moment', async () => {
  const text = `${'const value = row.something_else;\n'.repeat(200)}first_name\n`;
  for (let i = 0; i < 1500; i++) write(`large/${i % 30}/${i}.ts`, text);
  const started = performance.now();
  const found = await search(
    ['first_name', ...Array.from({ length: 50 }, (_, i) => `name_${i}`)],
    ['large/**/*.ts'],
  );
  expect(found['first_name']?.length).toBe(1500);
  expect(found['first_name']?.[0]).toBe('large/0/0.ts:201');
  expect(performance.now() - started).toBeLessThan(20_000);
});
