// Projects of other tools with something wrong in them: each is refused with what to do, or taken over as far as it goes.

import { rmSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { DatabaseSync } from 'node:sqlite';
import { expect, test } from 'vitest';
import type { ToolImport } from '../../src/library/import-tool.ts';
import { importFromTool } from '../../src/library/import-tool.ts';
import { createSurefoot } from '../../src/library/surefoot.ts';
import { foreignTools } from '../../src/takeover/tools.ts';
import { cli } from '../support/cli.ts';
import type { ProjectAtWork } from './programs/work.ts';
import { projectAtWork } from './programs/work.ts';

const knexfile = `module.exports = { client: 'better-sqlite3', connection: { filename: './dev.db' }, useNullAsDefault: true };`;
const make = (table: string) =>
  `exports.up = (knex) => knex.schema.createTable('${table}', (t) => { t.increments('id'); t.string('name'); });
exports.down = (knex) => knex.schema.dropTable('${table}');
`;

async function projectOf(files: Readonly<Record<string, string>>): Promise<ProjectAtWork> {
  const work = await projectAtWork({ 'package.json': '{ "private": true }', ...files }, '');
  return { ...work, url: `sqlite:${work.folder}/dev.db` };
}

async function importOf(work: ProjectAtWork, tool = 'knex', path = '.'): Promise<ToolImport> {
  const found = await foreignTools[tool]?.();
  if (found === undefined) throw new Error(`there is no tool ${tool}`);
  return await importFromTool({ tool: found, path, options: { projectFolder: work.folder } });
}

const textOf = (imported: ToolImport, at: number) => readFile(imported.files[at] ?? '', 'utf8');
const statesOf = ({ report }: ToolImport) => report.revisions.map(({ id, status }) => `${id} ${status}`);
const remaindersOf = ({ report }: ToolImport) => report.revisions.flatMap(({ remainders }) => remainders);

test('one that fails is marked with its source, and the others go on', async () => {
  await using work = await projectOf({
    'knexfile.js': knexfile,
    'migrations/001_a.js': make('a'),
    'migrations/002_env.js': `exports.up = async (knex) => {
  await knex.schema.createTable('half', (t) => { t.increments('id'); });
  if (!process.env.SUREFOOT_NOT_SET) throw new Error('SUREFOOT_NOT_SET is not set');
};
exports.down = (knex) => knex.schema.dropTable('half');
`,
    'migrations/003_b.js': make('b'),
    'migrations/004_syntax.js': 'exports.up = (',
    'migrations/005_none.js': 'exports.down = () => {};',
  });
  const imported = await importOf(work);
  expect(statesOf(imported)).toEqual([
    '001_a full',
    '002_env none',
    '003_b full',
    '004_syntax none',
    '005_none none',
  ]);
  expect(remaindersOf(imported)).toMatchObject([
    { line: 3, reason: 'it fails on an empty database: SUREFOOT_NOT_SET is not set' },
    { line: 1, reason: expect.stringMatching(/^it fails on an empty database: .*(?:parse|unexpected)/i) },
    { line: 1, reason: 'it fails on an empty database: it exports no function "up"' },
  ]);
  const text = await textOf(imported, 1);
  expect(text).toContain("//       await knex.schema.createTable('half'");
  expect(text).not.toContain('op.createTable');
  // It refuses when it should run, and what stands before it has run.
  const surefoot = createSurefoot({ projectFolder: work.folder, migrations: imported.folder, url: work.url });
  expect(await surefoot.upgrade('001_a')).toMatchObject({ failed: null });
  expect(await surefoot.upgrade()).toMatchObject({
    failed: { message: expect.stringContaining('002_env.js:3') },
  });
});

test('one that reads rows refuses where others are than there were', async () => {
  await using work = await projectOf({
    'knexfile.js': knexfile,
    'migrations/001_a.js': make('a'),
    'migrations/002_rows.js': `exports.up = async (knex) => {
  for (const { id, name } of await knex('a').select('*'))
    await knex('a').where({ id }).update({ name: name.trim() });
  await knex('a').insert({ name: 'x' });
};
exports.down = () => {};
`,
  });
  const imported = await importOf(work);
  const reason = 'it reads rows of a: what it does with them is known only for those that were there';
  expect(statesOf(imported)).toEqual(['001_a full', '002_rows schema']);
  expect(remaindersOf(imported)).toEqual([{ line: 2, reason }]);
  const project = { projectFolder: work.folder, migrations: imported.folder };
  const fresh = createSurefoot({ ...project, url: `sqlite:${work.folder}/fresh.db` });
  expect(await fresh.upgrade()).toMatchObject({ failed: null });
  const surefoot = createSurefoot({ ...project, url: work.url });
  await surefoot.upgrade('001_a');
  using database = new DatabaseSync(`${work.folder}/dev.db`);
  database.exec(`INSERT INTO a (name) VALUES (' y ')`);
  expect(await surefoot.upgrade()).toMatchObject({
    failed: { message: expect.stringContaining('002_rows.js:2') },
  });
  expect(database.prepare('SELECT name FROM a').all()).toEqual([{ name: ' y ' }]);
});

test('hostile names, Windows line ends, a way back that ends elsewhere', async () => {
  const hostile = `__proto__'"; DROP TABLE x`;
  await using work = await projectOf({
    'knexfile.js': knexfile,
    [`migrations/001_${'long'.repeat(50)}.js`]: make('a').replaceAll('\n', '\r\n'),
    [`migrations/002 "it's" \u00fc.js`]: `\ufeffexports.up = (knex) => knex.schema.createTable(${JSON.stringify(hostile)}, (t) => {\r
  t.increments('id');\r
  t.string('a\`"b');\r
});\r
exports.down = () => {};\r
`,
    'migrations/003_part.js': `exports.up = (knex) => knex.schema.alterTable('a', (t) => { t.integer('x'); t.integer('y'); });
exports.down = (knex) => knex.schema.alterTable('a', (t) => { t.dropColumn('x'); });
`,
  });
  const imported = await importOf(work);
  expect(imported.report.totals).toMatchObject({ revisions: 3, full: 3 });
  expect(remaindersOf(imported)).toEqual([
    { line: 2, reason: 'its way back does not end where it began: the downgrade does' },
  ]);
  expect(await textOf(imported, 1)).toContain(
    'irreversible("its way back did nothing")'.replaceAll('"', "'"),
  );
  const surefoot = createSurefoot({ projectFolder: work.folder, migrations: imported.folder, url: work.url });
  expect(await surefoot.upgrade()).toMatchObject({ failed: null });
  expect(await surefoot.downgrade('-1')).toMatchObject({ failed: null });
  using database = new DatabaseSync(`${work.folder}/dev.db`);
  const columns = database.prepare(`SELECT name FROM pragma_table_info('a')`).all();
  expect(columns.map(({ name }) => name)).toEqual(['id', 'name']);
});

test('what the table names and no file has, and the other way round', async () => {
  await using work = await projectOf({
    'knexfile.js': knexfile,
    'migrations/001_a.js': make('a'),
    'migrations/002_b.js': make('b'),
    'migrations/003_c.js': make('c'),
  });
  await work.run(['knex/bin/cli.js', 'migrate:latest']);
  rmSync(`${work.folder}/migrations/003_c.js`);
  work.write('migrations/004_d.js', make('d'));
  {
    using database = new DatabaseSync(`${work.folder}/dev.db`);
    database.exec('UPDATE knex_migrations_lock SET is_locked = 1');
  }
  const imported = await importOf(work);
  expect(imported.applied?.problems.map(({ kind, name }) => `${kind} ${name}`)).toEqual([
    'file-gone 003_c.js',
  ]);
  expect(imported.applied?.notes).toEqual([expect.stringContaining('knex_migrations_lock is held')]);
  expect(imported.recorded).toEqual(['002_b']);
  using database = new DatabaseSync(`${work.folder}/dev.db`);
  expect(database.prepare('SELECT name FROM knex_migrations ORDER BY id').all()).toHaveLength(3);
  expect(database.prepare('SELECT is_locked FROM knex_migrations_lock').get()).toEqual({ is_locked: 1 });
});

test.each([
  ['throws', `throw new Error('KNEX_URL is not set');`, /KNEX_URL is not set/],
  ['does not parse', 'module.exports = {', /parse|unexpected/i],
])('a config that %s is refused in its own words', async (_, text, words) => {
  await using work = await projectOf({ 'knexfile.js': text, 'migrations/001_a.js': make('a') });
  const message = expect.stringMatching(words);
  await expect(importOf(work)).rejects.toMatchObject({ code: 'config/invalid', message });
});

test('a database that Surefoot does not know is named', async () => {
  const options = `module.exports = { client: 'mssql', connection: {} };`;
  await using work = await projectOf({ 'knexfile.js': options, 'migrations/001_a.js': make('a') });
  const refusal = { code: 'import/other-database', message: 'the migrations of Knex are for mssql' };
  await expect(importOf(work)).rejects.toMatchObject(refusal);
});

test('what is not there is named', async () => {
  await using work = await projectOf({ 'knexfile.js': knexfile, 'migrations/001_a.js': make('a') });
  await expect(importOf(work, 'kysely', 'nowhere')).rejects.toMatchObject({ code: 'import/not-found' });
  rmSync(`${work.folder}/node_modules`);
  await expect(importOf(work)).rejects.toMatchObject({
    code: 'driver/missing',
    details: { package: 'knex' },
  });
  rmSync(`${work.folder}/migrations/001_a.js`);
  await expect(importOf(work)).rejects.toMatchObject({ code: 'import/nothing-found' });
  rmSync(`${work.folder}/knexfile.js`);
  work.write('migrations/001_a.js', make('a'));
  await expect(importOf(work)).rejects.toMatchObject({ code: 'config/no-database' });
});

test('the command line: what migrations print is no part of the result', async () => {
  await using work = await projectOf({
    'knexfile.js': `console.log('config');\n${knexfile}`,
    'migrations/001_a.js': `console.log('loaded');\n${make('a').replace('=>', "=> console.log('up') ?? ")}`,
  });
  const { code, out, err } = await cli(['import', 'knex', '--json'], { cwd: work.folder });
  expect([code, err.match(/config|loaded|up/g)]).toEqual([0, ['config', 'loaded', 'up']]);
  expect(JSON.parse(out)).toMatchObject({ totals: { revisions: 1, full: 1 }, recorded: null });
  const checked = await cli(['upgrade'], { cwd: work.folder });
  expect([checked.code, checked.err]).toEqual([0, expect.not.stringContaining('error')]);
});
