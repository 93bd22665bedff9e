import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createSurefoot } from '../../src/library/surefoot.ts';
import { startStudio } from '../../src/studio/studio.ts';
import { userRevisions } from '../cli/stories.ts';
import { testProject } from '../support/revisions.ts';
import { openBrowser, seriousProblems, wantsAll, watch } from './browser.ts';

describe.skipIf(!wantsAll)('the page of a studio', () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await openBrowser();
  });
  afterAll(async () => await browser?.close());

  test('follows an upgrade elsewhere, keeps the view, acts by button, and upgrades with the token only', async () => {
    using project = testProject(...userRevisions.slice(0, 2));
    const options = { url: 'sqlite:./app.db', projectFolder: project.folder };
    const studio = await startStudio({
      ...{ open: async () => createSurefoot(options), folders: [join(project.folder, 'migrations')] },
      ...{ title: 'live', port: 0, everyMs: 50 },
    });
    const page = await browser.newPage();
    try {
      const troubles = await watch(page, studio.url);
      await page.goto(`${studio.url}#chain`);
      await page.waitForSelector('html[data-ready]');
      await page.getByText('2 pending.').waitFor();
      await page.getByRole('button', { name: 'plan' }).click();
      await page.locator('.result', { hasText: 'create table user' }).waitFor();
      await page.getByRole('button', { name: 'upgrade' }).click();
      await page.locator('.result', { hasText: 'give the token' }).waitFor();
      // The refusal of the button is an answer with status 403, which browsers tell on their console.
      expect(troubles.splice(0).every((one) => one.includes('403'))).toBe(true);
      const surefoot = createSurefoot({
        ...options,
        who: { osUser: 'somebody', host: 'elsewhere' },
        hooks: { afterStep: () => new Promise((done) => setTimeout(done, 500)) },
      });
      const run = surefoot.upgrade('aaaa1111');
      await page.locator('.news', { hasText: 'somebody@elsewhere' }).waitFor();
      await run;
      await page.locator('.news', { hasText: 'The lock is free.' }).waitFor();
      await page.locator('#view-chain:not([hidden]) .row.state-applied').first().waitFor();
      expect(await seriousProblems(page)).toEqual([]);
      await page.locator('#token').fill(studio.token);
      await page.getByRole('button', { name: 'upgrade' }).click();
      await page.locator('.result', { hasText: 'The database stands at bbbb2222.' }).waitFor();
      expect(troubles).toEqual([]);
    } finally {
      await page.close();
      await studio.close();
    }
  });
});
