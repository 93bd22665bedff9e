// In: nothing. Out: docs/pictures, made of the pages of examples/todobox by a real browser.
// Must not know: who shows them.

import { mkdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { storyReports } from '../report/story.ts';
import { openBrowser, withPage } from './browser.ts';

const folder = join(import.meta.dirname, '../../docs/pictures');

interface Picture {
  readonly name: string;
  readonly of: 'broken' | 'mended';
  readonly hash: string;
  readonly height: number;
  readonly dark?: boolean;
  /** A row of the chain to be clicked. */
  readonly row?: string;
}

const pictures: readonly Picture[] = [
  { name: 'report-broken', of: 'broken', hash: 'schema', height: 590 },
  { name: 'report-chain', of: 'broken', hash: 'chain', height: 620, row: '3e5106ee570c' },
  { name: 'report-mended', of: 'mended', hash: 'chain', height: 620, row: 'd1f2e3c4b5a6', dark: true },
];

const most = 150_000;

const browser = await openBrowser();
try {
  mkdirSync(folder, { recursive: true });
  const reports = await storyReports();
  for (const { name, of, hash, height, dark = false, row } of pictures) {
    await withPage(
      browser,
      reports[of],
      async ({ page, go }) => {
        await go(hash);
        if (row !== undefined) await page.locator('.row', { hasText: row }).click();
        await page.waitForTimeout(300);
        const path = join(folder, `${name}.png`);
        await page.screenshot({ path });
        const { size } = statSync(path);
        console.log(`${path}: ${(size / 1000).toFixed(0)} kB`);
        if (size > most) throw new Error(`${path} is too large`);
      },
      { dark, width: 1100, height },
    );
  }
} finally {
  await browser.close();
}
