import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { offlineDialect } from '../config/choose-dialect.ts';
import { now } from '../kernel/clock.ts';
import { hashText } from '../kernel/hash.ts';
import { loadKnown, operationsChecksum } from './known-revisions.ts';
import { createProject } from './project.ts';

let folder = '';

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'surefoot-known-'));
  await mkdir(join(folder, 'migrations'));
});

afterEach(async () => {
  await rm(folder, { recursive: true, force: true });
});

const write = (table: string, head = '') =>
  writeFile(
    join(folder, 'migrations', '20240101000000_a1_first.ts'),
    `import { revision } from 'surefoot';
${head}
export default revision({
  id: 'a1', revises: null, message: 'first', createdAt: '2024-01-01T00:00:00.000Z',
  upgrade(op) { op.createTable('${table}', (t) => ({ id: t.integer().primaryKey() })); },
  downgrade: 'auto',
});
`,
  );

const cacheFile = () => join(folder, '.surefoot', 'cache', 'revisions-sqlite.large');

async function load(url = 'sqlite::memory:') {
  const project = createProject({ projectFolder: folder });
  const [revision] = await loadKnown(project, ['a1'], {
    dialect: await offlineDialect({ url }, folder),
    since: now() + 10_000,
  });
  return revision;
}

const tableOf = (revision: Awaited<ReturnType<typeof load>>) =>
  revision?.upgrade.map((one) => (one.kind === 'createTable' ? one.table.name : one.kind));

/** Rewrites what is remembered; `sound`: with the hash that belongs to it. */
async function tamper(change: (text: string) => string, { sound }: { readonly sound: boolean }) {
  const [hash, json = ''] = (await readFile(cacheFile(), 'utf8')).split('\n');
  const changed = change(json);
  await writeFile(cacheFile(), `${sound ? hashText(changed) : hash}\n${changed}`);
}

test('what is remembered of a text is what loading it gives', async () => {
  await write('one');
  const first = await load();
  const second = await load();
  expect(second).toEqual(first);
  expect(second && operationsChecksum(second)).toBe(first && operationsChecksum(first));
  // That it was not the file that spoke, a changed memory shows.
  await tamper((json) => json.replaceAll('"one"', '"remembered"'), { sound: true });
  expect(tableOf(await load())).toEqual(['remembered']);
});

test('a memory that is broken, of another text, tool or server is not believed', async () => {
  await write('one');
  await load();
  await tamper((json) => json.replaceAll('"one"', '"other"'), { sound: false });
  expect(tableOf(await load())).toEqual(['one']);
  await tamper((json) => json.replaceAll('"one"', '"other"').replace(/"of":"\w+"/, '"of":"x"'), {
    sound: true,
  });
  expect(tableOf(await load())).toEqual(['one']);
  await writeFile(cacheFile(), 'rubbish');
  expect(tableOf(await load())).toEqual(['one']);
  await tamper((json) => json.replaceAll('"one"', '"other"'), { sound: true });
  expect(tableOf(await load('postgres://localhost/a'))).toEqual(['one']);
});

test('of a file that was changed since this process began nothing is remembered', async () => {
  await write('one');
  const project = createProject({ projectFolder: folder });
  const [revision] = await loadKnown(project, ['a1'], { dialect: await offlineDialect({}, folder) });
  expect(tableOf(revision)).toEqual(['one']);
  await expect(readFile(cacheFile())).rejects.toThrow('ENOENT');
});

test('what may say something else another time is not remembered', async () => {
  await write('one', 'export const at = Date.now();');
  await load();
  await expect(readFile(cacheFile())).rejects.toThrow('ENOENT');
});
