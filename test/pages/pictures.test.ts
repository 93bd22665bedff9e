import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openBrowser, wantsAll } from './browser.ts';
import { mostBytes, pictureFolder, pictures, take } from './pictures.ts';

/** The share of pixels that differ by more than a shade; another size: all of them. */
async function difference(browser: Browser, one: Buffer, other: Buffer): Promise<number> {
  const page = await browser.newPage();
  try {
    return await page.evaluate(
      async (sources) => {
        const pixels = await Promise.all(
          sources.map(async (source) => {
            const image = new Image();
            image.src = source;
            await image.decode();
            const canvas = new OffscreenCanvas(image.width, image.height);
            const context = canvas.getContext('2d');
            context?.drawImage(image, 0, 0);
            return context?.getImageData(0, 0, image.width, image.height).data ?? new Uint8ClampedArray();
          }),
        );
        const [a = new Uint8ClampedArray(), b = new Uint8ClampedArray()] = pixels;
        if (a.length !== b.length || a.length === 0) return 1;
        let count = 0;
        for (let i = 0; i < a.length; i += 4) {
          const apart = [0, 1, 2].some(
            (channel) => Math.abs((a[i + channel] ?? 0) - (b[i + channel] ?? 0)) > 24,
          );
          if (apart) count += 1;
        }
        return count / (a.length / 4);
      },
      [one, other].map((png) => `data:image/png;base64,${png.toString('base64')}`),
    );
  } finally {
    await page.close();
  }
}

describe.skipIf(!wantsAll)('the pictures of the README', () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await openBrowser();
  });
  afterAll(async () => await browser?.close());

  test.each(pictures)('$name shows what the page looks like: `npm run pictures`', async (picture) => {
    const kept = readFileSync(join(pictureFolder, `${picture.name}.png`));
    expect(kept.length).toBeLessThan(mostBytes);
    expect(await difference(browser, kept, await take(browser, picture))).toBeLessThan(0.01);
  });
});
