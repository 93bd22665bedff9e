import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { pageBundle } from '../../scripts/page.ts';

test('the page is what its sources make: `npm run page`', async () => {
  const made = await readFile(new URL('page-bundle.ts', import.meta.url), 'utf8');
  expect(made === (await pageBundle())).toBe(true);
});
