import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { contents, entriesOf } from '../../scripts/site/contents.ts';
import { brokenLinks } from '../../scripts/site/links.ts';
import { sitePages } from '../../scripts/site/pages.ts';
import { stage } from '../../scripts/site/stage.ts';
import { verbs } from '../../src/cli/verbs.ts';
import { rules } from '../../src/lint/rules/index.ts';
import { handlers } from '../../src/operations/handlers.ts';
import { codes } from '../check/codes.ts';
import { errorEntries } from './support/error-codes.ts';
import { markdownFiles, readPage } from './support/markdown.ts';

const targets = entriesOf(contents()).map(({ target }) => target);

describe('the table of contents', () => {
  test('has every page, and leads to none that is not there', () => {
    const pages = markdownFiles('docs').map((file) => file.slice('docs/'.length));
    const linked = new Set(targets.map((target) => target.split('#')[0]));
    const indexes = pages.filter((page) => page.endsWith('README.md'));
    expect(pages.filter((page) => !linked.has(page) && !indexes.includes(page))).toEqual([]);
    expect([...linked].filter((page) => !pages.includes(page ?? ''))).toEqual([]);
  });

  test('has everything that the code has', () => {
    expect(targets.filter((target) => target.startsWith('cli.md#'))).toHaveLength(verbs.length);
    const { anchors } = readPage('docs/cli.md');
    expect(verbs.map(({ name }) => name).filter((name) => !anchors.has(name))).toEqual([]);
    const count = (folder: string) =>
      new Set(targets.filter((target) => target.startsWith(folder) && !target.endsWith('README.md'))).size;
    expect(count('operations/')).toBe(Object.keys(handlers).length);
    expect(count('rules/')).toBe(rules.length);
    expect(count('errors/')).toBe(errorEntries.length);
    expect(count('findings/')).toBeGreaterThan(20);
    expect(codes.length).toBeGreaterThan(count('findings/'));
  });
});

describe('a page of the site', () => {
  const pages = new Map(sitePages().map(({ place, text }) => [place, text]));

  test('links to places of the site, and keeps the words of what is not there', () => {
    expect(pages.get('concepts.md')).toContain('[story](/index.md#the-story)');
    expect(pages.get('index.md')).toContain('(/getting-started.md)');
    expect(pages.get('index.md')).not.toMatch(/\]\((?:docs|examples)\//);
    const links = [...pages].flatMap(([place, text]) =>
      [...text.matchAll(/\]\(\/([^)#]+\.md)/g)].map(([, target = '']) => ({ place, target })),
    );
    expect(links.length).toBeGreaterThan(500);
    expect(links.filter(({ target }) => !pages.has(target))).toEqual([]);
  });

  test('shows the names of files, and no words that are for the tests', () => {
    expect(pages.get('getting-started.md')).toContain('<div class="file">by-hand.ts</div>\n\n```ts\n');
    const fences = [...pages.values()].flatMap((text) => text.match(/^```\S+ .*$/gm) ?? []);
    expect(fences).toEqual([]);
  });
});

describe('the site', () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'surefoot-site-'));
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  test('is staged whole, with the schemas of the JSON', async () => {
    await stage(folder, '/surefoot/');
    const config = await readFile(join(folder, '.vitepress/config.mjs'), 'utf8');
    expect(config).toContain('"base": "/surefoot/"');
    expect(config).toContain('"link": "/cli#upgrade"');
    expect(config).toContain("replace('<code', '<code v-pre')");
    expect(await readdir(join(folder, 'public/schemas'))).toContain('check.schema.json');
    expect(await readdir(folder)).toEqual(expect.arrayContaining(['index.md', 'contents.md', 'errors']));
  });

  test('has links that lead nowhere told', async () => {
    const built = await mkdtemp(join(folder, 'built-'));
    await writeFile(
      join(built, 'index.html'),
      '<a href="/s/a#b">a</a><a href="/s/a#c">c</a><a href="./gone">g</a>',
    );
    await writeFile(
      join(built, 'a.html'),
      '<h1 id="b">b</h1><a href="/s/">home</a><a href="https://a.example">x</a>',
    );
    expect(await brokenLinks(built, '/s/')).toEqual(['index.html: /s/a#c', 'index.html: ./gone']);
  });
});
