import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { rules } from '../../src/lint/rules/index.ts';
import { expectGenerated } from './support/generated.ts';
import { markdownFiles, readPage } from './support/markdown.ts';
import { findingsSection, headOf, judge } from './support/rules.ts';
import type { TempProject } from './support/temp-project.ts';
import { tempProject } from './support/temp-project.ts';

const pageOf = (id: string) => `docs/rules/${id}.md`;

let project: TempProject;
beforeAll(() => {
  project = tempProject();
});
afterAll(() => project.remove());

test('there is a page for every rule, and no other', () => {
  const pages = markdownFiles('docs/rules').filter((file) => !file.endsWith('README.md'));
  expect(pages).toEqual(rules.map(({ id }) => pageOf(id)).sort());
  expect(new Set(rules.map(({ id }) => id)).size).toBe(rules.length);
});

test('the index lists them', () => {
  const rows = rules.map(({ id, severity, summary, isOptIn, fix }) => {
    const weight = isOptIn ? `${severity}, opt-in` : severity;
    return `| [\`${id}\`](${id}.md) | ${weight} | ${summary} | ${fix ? 'yes' : ''} |`;
  });
  expectGenerated(
    'docs/rules/README.md',
    'rules',
    ['| rule | severity | finds | `--fix` |', '| --- | --- | --- | --- |', ...rows].join('\n'),
  );
});

describe.each(rules)('$id', (rule) => {
  test('finds what its page shows', async () => {
    const page = readPage(pageOf(rule.id));
    expect(page.text.split('\n')[0]).toBe(`# ${rule.id}`);
    expectGenerated(page.file, 'rule', headOf(rule));
    const judged = await judge(page, rule, { word: 'found', project });
    expect(judged.length).toBeGreaterThan(0);
    for (const { report, snippet, server } of judged)
      expect(report.findings, `${page.file}:${snippet.line} on ${server}`).not.toEqual([]);
    expectGenerated(page.file, 'findings', findingsSection(judged, project));
  });

  test('leaves alone what its page calls sound', async () => {
    const judged = await judge(readPage(pageOf(rule.id)), rule, { word: 'sound', project });
    expect(judged.length).toBeGreaterThan(0);
    for (const { report, snippet, server } of judged)
      expect(report.findings, `line ${snippet.line} on ${server}`).toEqual([]);
  });
});
