import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { hostileReport, hostileTexts } from '../report/hostile.ts';
import { largeReport } from '../report/large.ts';
import { storyReports } from '../report/story.ts';
import { openBrowser, seriousProblems, wantsAll, wantsSome, withPage } from './browser.ts';

let browser: Browser;
beforeAll(async () => {
  if (wantsSome) browser = await openBrowser();
});
afterAll(async () => await browser?.close());

const views = ['overview', 'chain', 'schema', 'diagram', 'findings', 'journal', 'rehearsal'] as const;

test.runIf(wantsSome)(
  'hostile names and messages are text in every view: nothing runs, nothing is asked for',
  async () => {
    await withPage(browser, hostileReport(), async ({ page, troubles, go }) => {
      for (const view of views) {
        await go(view);
        await page.waitForFunction(
          (name) => (document.querySelector(`#view-${name} .body`)?.childElementCount ?? 0) > 0,
          view,
        );
      }
      for (let i = 0; i < hostileTexts.length; i += 3) await go(`chain/rev${i}`);
      await go('chain/__proto__');
      await page.locator('#search').fill('<script>');
      expect(await page.locator('.row .message').first().innerText()).toContain('<script>');
      const state = await page.evaluate(() => ({
        hacked: 'hacked' in globalThis,
        elements: document.querySelectorAll(
          'main script, main img, main iframe, [onload], [onerror], a[href^=javascript]',
        ).length,
        polluted: Object.keys(Object.prototype).length,
      }));
      expect(state).toEqual({ hacked: false, elements: 0, polluted: 0 });
      expect(troubles).toEqual([]);
    });
  },
);

test.runIf(wantsSome)(
  'the broken state of the story: opened, searched, clicked, slid, with the keyboard alone',
  async () => {
    const { broken } = await storyReports();
    await withPage(browser, broken, async ({ page, troubles, go, text }) => {
      expect(await text('.verdict')).toBe('The database is not what history says.');
      expect(await text('main')).toContain('Recorded c682ef478e45; the schema is that of 366e5694a9ad.');
      await page.getByRole('link', { name: /^Chain/ }).click();
      await page.waitForSelector('#view-chain:not([hidden])');
      await page.locator('#search').fill('oauth');
      expect(await page.locator('.row .id').allInnerTexts()).toEqual(['366e5694a9ad']);
      await page.locator('#search').fill('');
      await page.locator('.row', { hasText: '3e5106ee570c' }).click();
      expect(await text('.detail')).toContain('it was recorded, and never ran here');
      expect(await text('.detail [role=tabpanel] pre')).toContain('ADD COLUMN');
      await page.getByRole('tab', { name: /mysql/ }).first().click();
      expect(await text('.detail [role=tabpanel] pre')).toContain('`api_token`');
      await page.locator('.chain').focus();
      await page.keyboard.press('End');
      expect(await text('.row[aria-selected=true] .id')).toBe('6793349c088c');
      await page.keyboard.press('ArrowUp');
      expect(await text('.row[aria-selected=true] .id')).toBe('366e5694a9ad');
      await page.keyboard.press('Enter');
      expect(await page.evaluate(() => document.activeElement?.className)).toBe('detail');
      await go('schema');
      expect(await text('.different')).toMatch(
        /api_token\s+not there\s+varchar\(255\)\s+varchar\(255\)\s+server differs 3e5106ee570c/,
      );
      const slider = page.locator('#view-schema input[type=range]');
      await slider.focus();
      await page.keyboard.press('Home');
      await expect.poll(() => text('.cards')).not.toContain('oauth_id');
      await page.keyboard.press('ArrowRight');
      await expect.poll(() => text('.cards')).toContain('oauth_id');
      await go('findings');
      expect(await text('#view-findings .code')).toContain('"user"."api_token"');
      expect(await text('#view-findings')).toContain('no such column: user.api_token');
      expect(troubles).toEqual([]);
    });
  },
);

// What takes longer: every run of `npm run pages`, and SUREFOOT_LONG=1.
describe.skipIf(!wantsAll)('every page', () => {
  test('from the first element to the last with the keyboard alone', async () => {
    const { broken } = await storyReports();
    await withPage(browser, broken, async ({ page, troubles, text }) => {
      await page.keyboard.press('Tab');
      expect(await page.evaluate(() => document.activeElement?.textContent)).toBe('To the report');
      await page.keyboard.press('Enter');
      expect(await page.evaluate(() => document.activeElement?.tagName)).toBe('H2');
      await page.getByRole('link', { name: /^Findings/ }).focus();
      await page.keyboard.press('Enter');
      await page.waitForSelector('#view-findings:not([hidden])');
      expect(await page.evaluate(() => document.activeElement?.textContent)).toBe('Findings');
      const seen = new Set<string>();
      for (let i = 0; i < 60; i += 1) {
        await page.keyboard.press('Tab');
        seen.add(await page.evaluate(() => document.activeElement?.textContent?.slice(0, 40) ?? ''));
      }
      expect(seen.size).toBeGreaterThan(5);
      expect(await text('#view-findings')).toContain('surefoot repair');
      expect(troubles).toEqual([]);
    });
  });

  test.each([false, true])('axe finds nothing serious; dark: %s', async (dark) => {
    const { broken } = await storyReports();
    await withPage(
      browser,
      broken,
      async ({ page, go }) => {
        for (const view of views.slice(0, -1)) {
          await go(view);
          await page.waitForTimeout(100);
          expect({ view, found: await seriousProblems(page) }).toEqual({ view, found: [] });
        }
      },
      { dark },
    );
  });

  test('light and dark, by the system and by the switch', async () => {
    const { mended } = await storyReports();
    const back = 'getComputedStyle(document.body).backgroundColor';
    await withPage(
      browser,
      mended,
      async ({ page }) => {
        expect(await page.evaluate(back)).toBe('rgb(21, 24, 28)');
        await page.locator('#theme').selectOption('light');
        expect(await page.evaluate(back)).toBe('rgb(255, 255, 255)');
        await page.locator('#theme').selectOption('dark');
        expect(await page.evaluate(back)).toBe('rgb(21, 24, 28)');
      },
      { dark: true },
    );
  });

  test('the mended state: nothing to mend', async () => {
    const { mended } = await storyReports();
    await withPage(browser, mended, async ({ go, text, troubles }) => {
      expect(await text('.verdict')).toBe('The database is what history says.');
      await go('schema');
      expect(await text('#view-schema')).toContain('No difference.');
      await go('journal');
      expect(await text('#view-journal')).toContain('d1f2e3c4b5a6');
      expect(await text('#view-journal')).not.toContain('Show 0');
      expect(troubles).toEqual([]);
    });
  });

  test('on paper everything is there', async () => {
    const { broken } = await storyReports();
    await withPage(browser, broken, async ({ page }) => {
      await page.emulateMedia({ media: 'print' });
      await page.evaluate(() => dispatchEvent(new Event('beforeprint')));
      const printed = await page.locator('main').innerText();
      for (const words of ['6793349c088c', 'no such column: user.api_token', 'server differs'])
        expect(printed).toContain(words);
      expect((await page.pdf()).subarray(0, 5).toString()).toBe('%PDF-');
    });
  });

  test('10,000 revisions: drawn, searched and walked in frames', async () => {
    const data = await largeReport({ revisions: 10_000, tables: 200, servers: 0 });
    await withPage(browser, data, async ({ page, troubles, go }) => {
      await go('chain');
      await page.waitForSelector('.row');
      expect(await page.locator('.row').count()).toBeLessThan(120);
      const times = await page.evaluate(async () => {
        const list = document.querySelector('.chain') as HTMLElement;
        const frame = () => new Promise((done) => requestAnimationFrame(() => setTimeout(done)));
        const measured: number[] = [];
        for (let i = 1; i <= 40; i += 1) {
          const from = performance.now();
          list.scrollTop = (list.scrollHeight / 40) * i;
          await frame();
          measured.push(performance.now() - from);
        }
        return measured.sort((a, b) => a - b);
      });
      // A frame of 16 ms, and what a loaded machine adds.
      expect(times[20]).toBeLessThan(120);
      await page.locator('#search').fill('revision 4321:');
      await page.waitForFunction(() => document.querySelectorAll('.row').length === 1);
      expect(troubles).toEqual([]);
    });
  });
});
