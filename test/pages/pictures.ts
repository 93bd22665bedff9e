// In: nothing. Out: docs/pictures, made of the pages of examples/todobox by a real browser.
// Must not know: who shows them.

import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { storyReports } from '../report/story.ts';
import { openBrowser, withPage } from './browser.ts';

export const pictureFolder = join(import.meta.dirname, '../../docs/pictures');

export interface Picture {
  readonly name: string;
  readonly of: 'broken' | 'mended';
  readonly hash: string;
  readonly height: number;
  readonly dark?: boolean;
  /** A row of the chain to be clicked. */
  readonly row?: string;
}

export const pictures: readonly Picture[] = [
  { name: 'report-broken', of: 'broken', hash: 'schema', height: 590 },
  { name: 'report-chain', of: 'broken', hash: 'chain', height: 620, row: '3e5106ee570c' },
  { name: 'report-mended', of: 'mended', hash: 'chain', height: 620, row: 'd1f2e3c4b5a6', dark: true },
];

/** In bytes: they stand in a README. */
export const mostBytes = 150_000;

/** Takes one of them, as PNG. */
export async function take(browser: Browser, picture: Picture): Promise<Buffer> {
  const { of, hash, height, dark = false, row } = picture;
  const reports = await storyReports();
  let png: Buffer = Buffer.alloc(0);
  await withPage(
    browser,
    reports[of],
    async ({ page, go }) => {
      await go(hash);
      if (row !== undefined) await page.locator('.row', { hasText: row }).click();
      await page.mouse.move(0, 0);
      await page.waitForTimeout(300);
      png = await page.screenshot({ animations: 'disabled', caret: 'hide' });
    },
    { dark, width: 1100, height },
  );
  return png;
}

if (import.meta.main) {
  const browser = await openBrowser();
  try {
    mkdirSync(pictureFolder, { recursive: true });
    for (const picture of pictures) {
      const png = await take(browser, picture);
      if (png.length > mostBytes) throw new Error(`${picture.name} is too large`);
      writeFileSync(join(pictureFolder, `${picture.name}.png`), png);
      console.log(`${picture.name}: ${(png.length / 1000).toFixed(0)} kB`);
    }
  } finally {
    await browser.close();
  }
}
