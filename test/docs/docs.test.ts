import { existsSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { splitStatements } from '../../src/kernel/sql-text.ts';
import { loadRevision } from '../../src/revisions/load.ts';
import { readHeader } from '../../src/revisions/scan.ts';
import { commandsOf, problemOf } from './support/commands.ts';
import { dialects } from './support/dialects.ts';
import { allPages, root, wordOf } from './support/markdown.ts';
import { beginPage, expectOutput, pathOf, runSnippet, writeSnippet } from './support/snippets.ts';
import { frameworks, tsconfig } from './support/stubs.ts';
import type { TempProject } from './support/temp-project.ts';
import { tempProject } from './support/temp-project.ts';

const pages = allPages();
const known = ['ts', 'sh', 'sql', 'json', 'yaml', 'prisma', 'dockerfile', 'text'];
const isRun = (words: readonly string[]) => words.includes('run');
const running = pages.filter(({ snippets }) => snippets.some(({ words }) => isRun(words)));

let project: TempProject;
beforeAll(() => {
  project = tempProject();
  for (const page of pages) beginPage(page, project);
});
afterAll(() => project.remove());

describe('links', () => {
  const byFile = new Map(pages.map((page) => [page.file, page]));

  test.each(pages)('of $file lead somewhere', ({ file, links, anchors }) => {
    const broken = links.filter(({ target }) => {
      if (/^[a-z]+:/.test(target)) return false;
      const [path = '', anchor] = target.split('#');
      const there = path === '' ? file : relative(root, join(root, dirname(file), path));
      if (!existsSync(join(root, there))) return true;
      const found = path === '' ? anchors : byFile.get(there)?.anchors;
      return anchor !== undefined && found?.has(anchor) !== true;
    });
    expect(broken).toEqual([]);
  });

  test('lead to every page', () => {
    const linked = new Set(
      pages.flatMap(({ file, links }) =>
        links.map(({ target }) => relative(root, join(root, dirname(file), target.split('#')[0] ?? ''))),
      ),
    );
    const lost = pages.map(({ file }) => file).filter((file) => file !== 'README.md' && !linked.has(file));
    expect(lost).toEqual([]);
  });
});

describe('snippets', () => {
  test('are of a kind that is tested', () => {
    const unknown = pages.flatMap(({ file, snippets }) =>
      snippets.filter(({ language }) => !known.includes(language)).map(({ line }) => `${file}:${line}`),
    );
    expect(unknown).toEqual([]);
  });

  test.each(running)('of $file run', (page) => {
    let printed = '';
    for (const snippet of page.snippets) {
      writeSnippet(snippet, page, project);
      if (isRun(snippet.words)) printed = runSnippet(snippet, page, project);
      if (snippet.language !== 'text' || !snippet.words.includes('output')) continue;
      expectOutput(snippet, page, { printed, project });
    }
  });

  test('in TypeScript pass the strictest compiler', () => {
    for (const page of pages) for (const snippet of page.snippets) writeSnippet(snippet, page, project);
    project.write('frameworks.d.ts', frameworks);
    project.write('tsconfig.json', tsconfig);
    const { status, stdout } = project.run(join(root, 'node_modules/.bin/tsc'), ['--noEmit', '-p', '.']);
    expect(stdout).toBe('');
    expect(status).toBe(0);
  });

  test('in SQL are revisions that load, or statements that can be told apart', async () => {
    for (const page of pages) {
      for (const snippet of page.snippets.filter(({ language }) => language === 'sql')) {
        writeSnippet(snippet, page, project);
        if (wordOf(snippet, 'file') !== null)
          await loadEverywhere(pathOf(snippet, page, project), snippet.text);
        for (const { dialect } of dialects) {
          const found = splitStatements(snippet.text, dialect.syntax).length;
          expect(found === 0, `${page.file}:${snippet.line}`).toBe(/^\s*(--.*\n)*$/.test(snippet.text));
        }
      }
    }
  });

  test('in JSON parse', () => {
    for (const { file, snippets } of pages) {
      for (const { text, line } of snippets.filter(({ language }) => language === 'json')) {
        expect(() => JSON.parse(text), `${file}:${line}`).not.toThrow();
      }
    }
  });
});

async function loadEverywhere(file: string, text: string): Promise<void> {
  const header = readHeader(text, file);
  expect(header?.message).not.toBe('');
  if (header === null) return;
  for (const { dialect } of dialects) {
    const target = { dialect: dialect.name, flavor: dialect.traits.flavor, syntax: dialect.syntax };
    const { upgrade, downgrade } = await loadRevision(header, target);
    expect(upgrade.length).toBeGreaterThan(0);
    expect(downgrade.kind).toBe('operations');
  }
}

describe('commands', () => {
  test.each(pages)('that $file names can be given', async (page) => {
    const commands = commandsOf(page);
    const problems = await Promise.all(commands.map(problemOf));
    expect(problems.filter((problem) => problem !== null)).toEqual([]);
  });
});
