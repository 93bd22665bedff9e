import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { expect, test } from 'vitest';

const examples = join(import.meta.dirname, '../../examples');
const names = readdirSync(examples);

test('there are examples', () => {
  expect(names).toContain('todobox');
});

test.each(names)('%s can be copied elsewhere', (name) => {
  const folder = join(examples, name);
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' });
  expect(files.filter((file) => /(^|\/)(package\.json|node_modules)$/.test(file))).toEqual([]);
  const strangers = files
    .filter((file) => /\.[cm]?[jt]s$/.test(file))
    .flatMap((file) => {
      const text = readFileSync(join(folder, file), 'utf8');
      const specifiers = [...text.matchAll(/(?:\bfrom\s*|\bimport\s*\(?\s*)['"]([^'"]+)['"]/g)].map(
        ([, specifier = '']) => specifier,
      );
      return specifiers
        .filter((specifier) => !isOwn(specifier, join(folder, dirname(file)), folder))
        .map((specifier) => `${file} imports ${specifier}`);
    });
  expect(strangers).toEqual([]);
});

/** Surefoot by its name, or a file of the example. */
function isOwn(specifier: string, from: string, folder: string): boolean {
  if (specifier === 'surefoot') return true;
  return specifier.startsWith('.') && !relative(folder, join(from, specifier)).startsWith('..');
}
