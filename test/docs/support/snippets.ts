// What snippets promise: written, run, and compared with the output that the page shows.
// In: pages. Out: files in a temporary project, runs. Must not know what Surefoot does.

import {
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import { isUpdate } from './generated.ts';
import type { Page, Snippet } from './markdown.ts';
import { root, wordOf } from './markdown.ts';
import { wrap } from './operations.ts';
import type { TempProject } from './temp-project.ts';

/** The folder of a page in the temporary project. */
export const folderOf = (page: Page): string =>
  `pages/${page.file.replace(/\.md$/, '').replaceAll('/', '-')}`;

const started = `import { revision } from 'surefoot';

export default revision({
  id: '1a2b3c4d5e6f',
  revises: null,
  message: 'create person',
  createdAt: '2024-01-05T09:00:00Z',
  upgrade(op) {
    op.createTable('person', (t) => ({
      id: t.integer().identity().primaryKey(),
      first: t.varchar(80).notNull(),
      last: t.varchar(80).notNull(),
    }));
    op.insertRows('person', [{ id: 1, first: 'Ada', last: 'Lovelace' }]);
  },
  downgrade: 'auto',
});
`;
const startedFile = 'migrations/20240105090000_1a2b3c4d5e6f_create_person.ts';

/** True for a page whose project begins with a revision. */
const isStarted = (page: Page) => page.text.includes('<!-- project: started -->');

/** Makes the page's folder, with what its snippets find there. */
export function beginPage(page: Page, project: TempProject): void {
  const folder = folderOf(page);
  project.write(`${folder}/package.json`, '{ "name": "my-app", "type": "module", "private": true }\n');
  if (isStarted(page)) project.write(`${folder}/${startedFile}`, started);
  // That page speaks of the tests' own servers.
  if (page.file === 'docs/testing.md')
    symlinkSync(join(root, 'test/servers'), join(project.folder, folder, 'servers'));
  if (!page.snippets.some((snippet) => wordOf(snippet, 'in') === 'todobox')) return;
  cpSync(join(root, 'examples/todobox'), join(project.folder, folder, 'todobox'), {
    recursive: true,
    filter: (source) => !source.endsWith('.db') && !source.includes('surefoot-lock'),
  });
}

/** The file of a snippet. A `*` in it stands for what a command put there, such as the time in a file's name. */
function fileOf(snippet: Snippet, inside: string): string {
  const file = wordOf(snippet, 'file') ?? `snippet-${snippet.line}.ts`;
  const [, folder = '', end = ''] = /^(.*\/)\*(.+)$/.exec(file) ?? [];
  if (end === '') return file;
  const there = existsSync(join(inside, folder)) ? readdirSync(join(inside, folder)) : [];
  return folder + (there.find((name) => name.endsWith(end)) ?? `20240105090000${end}`);
}

/** Writes a snippet that is a file of the project, or part of one. */
export function writeSnippet(snippet: Snippet, page: Page, project: TempProject): void {
  const { language, words, text, line } = snippet;
  if (words.includes('signature')) return;
  const folder = folderOf(page);
  const file = `${folder}/${fileOf(snippet, join(project.folder, folder))}`;
  if (['sql', 'prisma'].includes(language) && wordOf(snippet, 'file') !== null) project.write(file, text);
  if (language !== 'ts') return;
  const isOp = words.some((word) => ['op', 'before', 'example', 'found', 'sound'].includes(word));
  project.write(file, isOp ? wrap(text, { id: `line${line}`, revises: null }) : text);
}

/** Where a snippet that is a file stands. */
export function pathOf(snippet: Snippet, page: Page, project: TempProject): string {
  const folder = join(project.folder, folderOf(page));
  return join(folder, fileOf(snippet, folder));
}

/** Runs a snippet, and gives what it printed on both streams. */
export function runSnippet(snippet: Snippet, page: Page, project: TempProject): string {
  const inside = [folderOf(page), wordOf(snippet, 'in')].filter((part) => part !== null).join('/');
  mkdirSync(join(project.folder, inside), { recursive: true });
  const [command, args] =
    snippet.language === 'ts'
      ? [
          process.execPath,
          ['--disable-warning=ExperimentalWarning', fileOf(snippet, join(project.folder, inside))],
        ]
      : ['sh', ['-e', scriptOf(snippet, project)]];
  const ran = project.run('sh', ['-c', 'exec "$0" "$@" 2>&1', command, ...args], inside);
  const wanted = Number(wordOf(snippet, 'exit') ?? 0);
  expect(ran.status, `${page.file}:${snippet.line} said:\n${ran.stdout}`).toBe(wanted);
  return ran.stdout;
}

function scriptOf(snippet: Snippet, project: TempProject): string {
  const file = join(project.folder, `script-${snippet.line}.sh`);
  writeFileSync(file, snippet.text);
  return file;
}

/** Output without what differs from run to run: times, moments, accounts, the widths of columns. */
export function comparable(text: string, project: TempProject): readonly string[] {
  return text
    .replaceAll(project.folder, '')
    .replaceAll(/\d{4}-\d\d-\d\d[T ]\d\d:\d\d(:\d\d(\.\d+)?)?( UTC|Z)?/g, 'MOMENT')
    .replaceAll(/\b\d{14}_/g, 'MOMENT_')
    .replaceAll(/\b\d+(\.\d+)? m?s\b/g, 'TIME')
    .split('\n')
    .map((line) => line.trim().replaceAll(/ {2,}/g, '  '))
    .filter((line) => line !== '');
}

/** Expects the page to show what was printed. */
export function expectOutput(
  snippet: Snippet,
  page: Page,
  facts: { printed: string; project: TempProject },
): void {
  const { printed, project } = facts;
  const [wanted, found] = [comparable(snippet.text, project), comparable(printed, project)];
  if (!isUpdate) {
    expect(found, `${page.file}:${snippet.line}`).toEqual(wanted);
    return;
  }
  if (JSON.stringify(wanted) === JSON.stringify(found)) return;
  // An empty text is found everywhere in the page.
  expect(snippet.text.trim(), `${page.file}:${snippet.line} needs a word to be replaced`).not.toBe('');
  const path = join(root, page.file);
  const shown = printed.replaceAll(join(project.folder, folderOf(page)), '.').trimEnd();
  writeFileSync(
    path,
    readFileSync(path, 'utf8').replace(snippet.text, () => `${shown}\n`),
  );
}
