// In: nothing. Out: how large pages are and how quick, measured in a real browser; written to docs/report.md.
// Must not know: what is good enough.

import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { reportHtml } from '../../src/report/write-html.ts';
import type { Wish } from '../report/large.ts';
import { largeReport } from '../report/large.ts';
import { openBrowser, withPage } from './browser.ts';

const target = join(import.meta.dirname, '../../docs/report.md');

interface Case extends Wish {
  readonly name: string;
}

const cases: readonly Case[] = [
  { name: '500 revisions, 200 tables, SQL for four servers', revisions: 500, tables: 200 },
  { name: '10,000 revisions, 200 tables, SQL for one server', revisions: 10_000, tables: 200, servers: 1 },
];

const median = (values: readonly number[]): number =>
  [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;

/** Moves in the page, each until it is drawn: the median of what they took. */
async function steps(page: Page, selector: string, kind: 'scroll' | 'slide' | 'type'): Promise<number> {
  const times = await page.evaluate(
    async ([where, how]) => {
      const element = document.querySelector(where) as HTMLInputElement;
      const drawn = () => new Promise((done) => requestAnimationFrame(() => setTimeout(done)));
      const measured: number[] = [];
      for (let i = 1; i <= 21; i += 1) {
        const from = performance.now();
        if (how === 'scroll') element.scrollTop = (element.scrollHeight / 21) * i;
        else {
          element.value = how === 'slide' ? String(Math.floor((Number(element.max) / 21) * i)) : `week ${i}`;
          element.dispatchEvent(new Event('input'));
        }
        await drawn();
        measured.push(performance.now() - from);
      }
      return measured;
    },
    [selector, kind] as const,
  );
  return median(times);
}

async function measured(one: Case, browser: Awaited<ReturnType<typeof openBrowser>>): Promise<string> {
  const started = performance.now();
  const data = await largeReport(one);
  const made = performance.now() - started;
  const bytes = Buffer.byteLength(reportHtml(data));
  let cells: readonly number[] = [];
  await withPage(browser, data, async ({ page, go }) => {
    const opened = await page.evaluate(() => performance.now());
    await go('chain');
    await page.waitForSelector('.row');
    const scroll = await steps(page, '.chain', 'scroll');
    const type = await steps(page, '#search', 'type');
    await go('schema');
    const slide = await steps(page, '#view-schema input[type=range]', 'slide');
    const from = performance.now();
    await go('diagram');
    await page.waitForSelector('.diagram .box');
    cells = [opened, scroll, type, slide, performance.now() - from];
  });
  const ms = (value: number) =>
    value < 10_000 ? `${Math.round(value)} ms` : `${(value / 1000).toFixed(0)} s`;
  return `| ${one.name} | ${(bytes / 1000).toFixed(0)} kB | ${[made, ...cells].map(ms).join(' | ')} |`;
}

const browser = await openBrowser();
try {
  const rows: string[] = [];
  for (const one of cases) {
    rows.push(await measured(one, browser));
    console.log(rows.at(-1));
  }
  const head = '| report | page | compiled in | opened in | scrolled | searched | slid | diagram |';
  const table = [head, '| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: |', ...rows].join('\n');
  const text = await readFile(target, 'utf8');
  await writeFile(target, text.replace(/(<!-- sizes -->\n\n)[\s\S]*?(\n\n<!-- \/sizes -->)/, `$1${table}$2`));
} finally {
  await browser.close();
}
