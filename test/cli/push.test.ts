import { expect, test } from 'vitest';
import type { PushResult } from '../../src/library/autogenerate-choices.ts';
import { atTerminal, cli, cliJson } from '../support/cli.ts';
import type { TestProject } from '../support/revisions.ts';
import { testProject } from '../support/revisions.ts';
import { columnsOf, onDatabase } from './stories.ts';

function model(project: TestProject, columns: string): void {
  project.writeFile(
    'schema.ts',
    `import { defineSchema, table } from 'surefoot';
export default defineSchema({ tables: { user: table((t) => ({ id: t.integer().primaryKey(), ${columns} })) } });
`,
  );
}

function prototype(columns: string): TestProject {
  const project = testProject();
  project.writeFile('surefoot.config.json', '{ "url": "sqlite:./app.db", "models": "./schema.ts" }');
  model(project, columns);
  return project;
}

test('brings the database to the models, and leaves no trace', async () => {
  using project = prototype('name: t.text()');
  const { folder: cwd } = project;
  const plan = await cli(['push', '--plan'], { cwd });
  expect(plan).toMatchObject({ code: 0, err: '' });
  expect(plan.out).toMatch(
    /^ {2}create table user\n\nCREATE TABLE "user" \([^;]*;\n\nNothing was changed\.\n$/,
  );
  expect(await cli(['push'], { cwd })).toEqual({
    code: 0,
    err: '',
    out: '  create table user\n\nDone: 1 operation. No revision was written, and none recorded.\n',
  });
  expect((await cli(['push'], { cwd })).out).toBe('Nothing to push: the database is what the models say.\n');
  const tables = () =>
    onDatabase(project, (db) => db.prepare("SELECT name FROM sqlite_schema WHERE type = 'table'").all());
  expect(tables()).toEqual([{ name: 'user' }]);
  model(project, 'name: t.text().notNull(), phone: t.text()');
  const { operations, confirmed } = await cliJson<PushResult>(['push'], { cwd });
  expect({ kinds: operations.map(({ kind }) => kind), confirmed }).toEqual({
    kinds: ['addColumn', 'alterColumn'],
    confirmed: true,
  });
  expect(tables()).toEqual([{ name: 'user' }]);
});

test('asks before values are lost', async () => {
  using project = prototype('name: t.text()');
  const { folder: cwd } = project;
  await cli(['push'], { cwd });
  onDatabase(project, (db) => db.exec(`INSERT INTO "user" VALUES (1, 'a')`));
  model(project, 'born: t.date()');
  const refused = await cli(['push', '--no-renames'], { cwd });
  expect(refused).toMatchObject({ code: 2, out: '' });
  expect(refused.err).toContain('code  run/confirmation-needed');
  const no = await atTerminal(['push'], { cwd, answers: ['n'] });
  expect({ code: no.code, asked: no.asked.length }).toEqual({ code: 2, asked: 1 });
  expect(columnsOf(project, 'user')).toEqual(['id', 'name']);
  expect(await cli(['push', '--allow', 'data-loss'], { cwd })).toMatchObject({ code: 0 });
  expect(columnsOf(project, 'user')).toEqual(['id', 'born']);
});

test('rows in the way undo it', async () => {
  using project = prototype('name: t.text()');
  const { folder: cwd } = project;
  await cli(['push'], { cwd });
  onDatabase(project, (db) => db.exec('INSERT INTO "user" VALUES (1, NULL)'));
  model(project, 'name: t.text().notNull()');
  expect((await cli(['push'], { cwd })).code).toBe(2);
  expect(onDatabase(project, (db) => db.prepare('SELECT * FROM "user"').all())).toEqual([
    { id: 1, name: null },
  ]);
});

test('a database with a history is none to push to', async () => {
  using project = prototype('name: t.text()');
  const { folder: cwd } = project;
  await cli(['migrate', '-m', 'start', '--rev-id', 'one'], { cwd });
  await cli(['upgrade'], { cwd });
  model(project, 'name: t.text(), phone: t.text()');
  const refused = await cli(['push'], { cwd });
  expect(refused.err).toContain('error surefoot_version in this database names one: it has a history');
  expect(refused.code).toBe(2);
  await cli(['downgrade', '--yes'], { cwd });
  expect((await cli(['push'], { cwd })).err).toContain('has a journal beside it');
});
