// In: a report. Out: the page that shows it, in a real browser, with what went wrong there. Must not know what is asked of it.

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import axe from 'axe-core';
import type { Browser, Page } from 'playwright-core';
import { chromium } from 'playwright-core';
import type { ReportData } from '../../src/report/report.ts';
import { reportHtml } from '../../src/report/write-html.ts';
import { chromium as ownChromium } from '../servers/chromium.ts';
import { isServerEngine, selectedEngines } from '../servers/index.ts';
import { share } from '../support/share.ts';

/** `npm run pages`, and SUREFOOT_LONG=1: every test of the pages. */
export const wantsAll = share(true, process.env['SUREFOOT_PAGES'] === '1');
/** The quick lap downloads nothing, a browser neither. */
export const wantsSome = wantsAll || selectedEngines().some(isServerEngine);

export interface Shown {
  readonly page: Page;
  /** What the page said or tried that it should not have. */
  readonly troubles: string[];
  go(hash: string): Promise<void>;
  text(selector: string): Promise<string>;
}

/** A browser for the length of a file of tests. */
export async function openBrowser(): Promise<Browser> {
  const { executablePath, args, env } = await ownChromium();
  return await chromium.launch({ executablePath, args: [...args], env });
}

/** Notes whatever runs, fails, or asks for something that is not its own. */
export async function watch(page: Page, own = 'file:'): Promise<string[]> {
  const troubles: string[] = [];
  page.on('dialog', (dialog) => {
    troubles.push(`dialog ${dialog.message()}`);
    void dialog.dismiss();
  });
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') troubles.push(message.text());
  });
  page.on('pageerror', (error) => troubles.push(String(error)));
  page.on('request', (request) => {
    const url = request.url();
    if (!url.startsWith(own) && !/^(?:blob|data):/.test(url)) troubles.push(`asks for ${url}`);
  });
  await page.addInitScript(() => {
    document.addEventListener('securitypolicyviolation', ({ violatedDirective, blockedURI }) =>
      console.error(`policy: ${violatedDirective} ${blockedURI}`),
    );
  });
  return troubles;
}

/** Shows a report from disk, and puts everything away afterwards. */
export async function withPage(
  browser: Browser,
  data: ReportData,
  work: (shown: Shown) => Promise<void>,
  options: { readonly dark?: boolean; readonly width?: number; readonly height?: number } = {},
): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'surefoot-page-'));
  const file = join(folder, 'report.html');
  writeFileSync(file, reportHtml(data));
  const page = await browser.newPage({
    viewport: { width: options.width ?? 1200, height: options.height ?? 800 },
    colorScheme: options.dark ? 'dark' : 'light',
  });
  const url = pathToFileURL(file).href;
  try {
    const troubles = await watch(page);
    await page.goto(url);
    await page.waitForSelector('html[data-ready]');
    const text = async (selector: string) => (await page.locator(selector).first().innerText()).trim();
    const go = async (hash: string) => {
      await page.evaluate((to) => {
        location.hash = to;
      }, hash);
      await page.waitForSelector(`#view-${hash.split('/')[0]}:not([hidden])`);
    };
    await work({ page, troubles, go, text });
  } finally {
    await page.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** What axe finds that is serious, in words. */
export async function seriousProblems(page: Page): Promise<readonly string[]> {
  await page.evaluate(axe.source);
  return await page.evaluate(async () => {
    const { axe: tool } = globalThis as unknown as {
      readonly axe: {
        run(node: unknown, options: object): Promise<{ readonly violations: readonly Violation[] }>;
      };
    };
    interface Violation {
      readonly id: string;
      readonly impact: string;
      readonly nodes: readonly { readonly html: string; readonly failureSummary: string }[];
    }
    const { violations } = await tool.run(document, {
      runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'],
    });
    return violations
      .filter(({ impact }) => impact === 'serious' || impact === 'critical')
      .flatMap(({ id, nodes }) =>
        nodes
          .slice(0, 3)
          .map((node) => `${id}: ${node.html.slice(0, 160)} ${node.failureSummary.slice(0, 200)}`),
      );
  });
}
