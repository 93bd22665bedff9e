import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { AutogenerateResult } from '../../src/library/autogenerate-choices.ts';
import { atTerminal, cli, cliJson, masked } from '../support/cli.ts';
import type { TestProject } from '../support/revisions.ts';
import { testProject } from '../support/revisions.ts';
import { columnsOf, onDatabase } from './stories.ts';

const url = 'sqlite:./app.db';

/** A project with models, as columns of the table `user`. */
function modelled(columns: string, config: object = {}): TestProject {
  const project = testProject();
  project.writeFile('surefoot.config.json', JSON.stringify({ url, models: './schema.ts', ...config }));
  model(project, columns);
  return project;
}

function model(project: TestProject, columns: string, more = ''): void {
  project.writeFile(
    'schema.ts',
    `import { defineSchema, table } from 'surefoot';
export default defineSchema({ tables: { user: table((t) => ({ id: t.integer().primaryKey(), ${columns} }))${more} } });
`,
  );
}

const migrate = (project: TestProject, ...args: readonly string[]) =>
  cli(['migrate', '-m', 'change', ...args], { cwd: project.folder });
const migrateJson = (project: TestProject, ...args: readonly string[]) =>
  cliJson<AutogenerateResult>(['migrate', '-m', 'change', ...args], { cwd: project.folder });
const upgrade = async (project: TestProject) =>
  expect(await cli(['upgrade'], { cwd: project.folder })).toMatchObject({ code: 0 });

describe('migrate', () => {
  test('writes what changed, and nothing where nothing did', async () => {
    using project = modelled('name: t.varchar(40)');
    const first = await migrate(project, '--rev-id', 'one');
    expect(first).toMatchObject({ code: 0, err: '' });
    expect(masked(first.out)).toBe(
      [
        'Wrote migrations/<stamp>_one_change.ts',
        '  revision one',
        '  revises  base',
        '',
        '  create table user',
        '',
        'Next: read it, then surefoot upgrade.',
        '',
      ].join('\n'),
    );
    await upgrade(project);
    expect(await migrate(project)).toEqual({
      code: 0,
      err: '',
      out: 'Nothing changed: no revision was written.\n',
    });
    expect(await migrateJson(project)).toEqual({
      revision: null,
      operations: [],
      renamed: [],
      leftOut: [],
      standIn: null,
    });
    expect(await cli(['check'], { cwd: project.folder })).toMatchObject({ code: 0 });
  });

  test('a required column comes in three steps, which refuse where rows are and nothing was filled in', async () => {
    using project = modelled('name: t.text()');
    await migrate(project);
    await upgrade(project);
    onDatabase(project, (db) => db.exec(`INSERT INTO "user" (id, name) VALUES (1, 'a')`));
    model(project, 'name: t.text(), phone: t.varchar(20).notNull()');
    const { revision, operations } = await migrateJson(project);
    expect(operations.map(({ kind }) => kind)).toEqual(['addColumn', 'execute', 'alterColumn']);
    const refused = await cli(['upgrade'], { cwd: project.folder });
    expect(refused).toMatchObject({ code: 2 });
    expect(refused.err).toContain('phone');
    const file = revision?.file ?? '';
    const text = readFileSync(file, 'utf8');
    expect(text).toContain('// FILL IN: ');
    writeFileSync(file, text.replace('= NULL WHERE', "= 'none' WHERE"));
    const again = await cli(['upgrade', '--run-data', revision?.id ?? ''], { cwd: project.folder });
    expect(again).toMatchObject({ code: 0 });
    expect(onDatabase(project, (db) => db.prepare('SELECT phone FROM "user"').all())).toEqual([
      { phone: 'none' },
    ]);
    expect(await migrateJson(project)).toMatchObject({ revision: null });
    expect(await cli(['downgrade', '--yes'], { cwd: project.folder })).toMatchObject({ code: 0 });
    expect(columnsOf(project, 'user')).toEqual(['id', 'name']);
  });

  test('renames: refused where nobody answers, asked at a terminal, answered by options and by a file', async () => {
    using project = modelled('fullname: t.varchar(80)');
    const { folder: cwd } = project;
    await migrate(project, '--rev-id', 'one');
    model(project, 'name: t.varchar(80)');
    const refused = await migrate(project);
    expect(refused).toMatchObject({ code: 2, out: '' });
    expect(masked(refused.err, cwd)).toBe(
      [
        'error this may have got another name, or be gone and something else new: column user.fullname → name',
        'hint  Nothing was written. If it is a rename, the values stay: --rename user.fullname:name. If not, they are dropped: --no-renames. Or answer once for all in <folder>/migrations/renames.json.',
        'code  autogenerate/renames-unanswered',
        '',
      ].join('\n'),
    );
    const wrong = await migrate(project, '--rename', 'user.fulname:name');
    expect(wrong.err).toContain('What went away: user.fullname.');
    const asked = await atTerminal(['migrate', '-m', 'no', '--rev-id', 'no'], { cwd, answers: ['n'] });
    expect(asked.asked).toEqual([
      'user: is column name the column fullname under another name? Its values stay then. (y/N) ',
    ]);
    expect(asked.out).toContain('drop column user.fullname');
    project.remove(migration(asked.out));
    const yes = await atTerminal(['generate', '-m', 'yes', '--rev-id', 'yes'], { cwd, answers: ['y'] });
    expect(yes.out).toContain('rename column user.fullname to name');
    project.remove(migration(yes.out));
    for (const rename of ['user.fullname:name', 'user.fullname=name']) {
      const { revision, renamed } = await migrateJson(project, '--rename', rename);
      expect(renamed).toEqual(['column user.fullname → name']);
      project.remove(`migrations/${revision?.file.split(/[\\/]/).at(-1)}`);
    }
    project.writeFile('migrations/renames.json', '{ "user.fullname": "name", "user.long_gone": null }');
    expect(await migrateJson(project)).toMatchObject({ renamed: ['column user.fullname → name'] });
    project.writeFile('migrations/renames.json', '[1]');
    expect((await migrate(project)).err).toContain('code  config/invalid');
  });

  test('in SQL; the same as revision --autogenerate', async () => {
    using project = modelled('name: t.text()');
    const { folder: cwd } = project;
    const made = await cliJson<AutogenerateResult>(['new', '--autogenerate', '--sql', '-m', 'sql'], {
      cwd,
      schema: 'revision',
    });
    expect(readFileSync(made.revision?.file ?? '', 'utf8')).toContain('CREATE TABLE "user"');
    await upgrade(project);
    expect(await migrateJson(project)).toMatchObject({ revision: null });
    const alone = await cli(['revision', '-m', 'x', '--no-renames'], { cwd });
    expect(alone).toMatchObject({ code: 64 });
    const both = await cli(['revision', '-m', 'x', '--autogenerate', '--empty'], { cwd });
    expect(both).toMatchObject({ code: 64 });
    expect((await cli(['migrate'], { cwd })).code).toBe(64);
  });

  test('against the database', async () => {
    using project = modelled('name: t.text()');
    await migrate(project);
    const behind = await migrate(project, '--against', 'database');
    expect(behind.err).toContain('code  autogenerate/not-at-heads');
    await upgrade(project);
    onDatabase(project, (db) => db.exec('ALTER TABLE "user" ADD COLUMN byhand TEXT'));
    const { operations } = await migrateJson(project, '--against', 'database');
    expect(operations.map(({ description }) => description)).toEqual(['drop column user.byhand']);
  });

  test('filters, a rewriting hook, a formatter', async () => {
    using project = modelled('name: t.text()');
    model(project, 'name: t.text()', `, audit_log: table((t) => ({ id: t.integer().primaryKey() }))`);
    project.remove('surefoot.config.json');
    const config = (members: string) =>
      project.writeFile(
        'surefoot.config.ts',
        `import { appendFileSync } from 'node:fs';
export default { url: '${url}', models: './schema.ts', autogenerate: { exclude: ['audit_*'], ${members} } };
`,
      );
    project.writeFile(
      'format.mjs',
      `import { appendFileSync } from 'node:fs'; appendFileSync(process.argv[2], '// formatted\\n');`,
    );
    config(`format: ['${process.execPath}', 'format.mjs', '{file}']`);
    const { revision, operations } = await migrateJson(project);
    expect(operations.map(({ description }) => description)).toEqual(['create table user']);
    expect(readFileSync(revision?.file ?? '', 'utf8')).toMatch(/\/\/ formatted\n$/);
    await upgrade(project);
    // What is excluded is no finding either.
    expect(await cli(['check'], { cwd: project.folder })).toMatchObject({ code: 0 });
    model(project, 'name: t.text(), phone: t.text()');
    config('rewrite: () => []');
    expect(await migrateJson(project)).toMatchObject({ revision: null });
    config(`rewrite: () => { throw new TypeError('no such thing') }`);
    expect((await migrate(project)).err).toContain('error autogenerate.rewrite: no such thing');
    config(`include: ({ kind }) => kind.none.at`);
    expect((await migrate(project)).err).toContain('code  autogenerate/hook-failed');
    config(`format: '${process.execPath} nowhere.mjs'`);
    const unformatted = await migrate(project);
    expect(unformatted.err).toContain('The file is there, as it was written.');
    config(`rewrites: () => []`);
    expect((await migrate(project)).err).toContain('did you mean "rewrite"?');
  });

  test('bad models: nothing is written', async () => {
    using project = modelled('name: t.text()');
    const refused = async (text: string) => {
      project.writeFile('schema.ts', text);
      const { code, err } = await migrate(project);
      expect(code).toBe(2);
      expect(existsSync(join(project.folder, 'app.db'))).toBe(false);
      return err;
    };
    expect(await refused('export default {')).toContain('code  source/unreadable');
    expect(await refused("import 'no-such-package';")).toContain("Cannot find package 'no-such-package'");
    expect(await refused('export const a = 1;')).toContain('code  source/');
    project.writeFile('surefoot.config.json', JSON.stringify({ url }));
    project.remove('schema.ts');
    expect((await migrate(project)).err).toContain('code  autogenerate/no-models');
  });

  test('another branch', async () => {
    using project = modelled('name: t.text()');
    await migrate(project, '--rev-id', 'one');
    await cli(['revision', '-m', 'start', '--head', 'base', '--rev-id', 'two'], { cwd: project.folder });
    model(project, 'name: t.text(), phone: t.text()');
    expect((await migrate(project)).err).toContain('code  revision/multiple-heads');
    expect((await migrate(project, '--head', 'two')).err).toContain('code  autogenerate/other-branch');
    expect(await migrateJson(project, '--head', 'one')).toMatchObject({ revision: { revises: ['one'] } });
  });

  test('without a reachable database', async () => {
    using project = modelled("name: t.text().check('length(name) > 2')", {
      url: 'mysql://a:secret@127.0.0.1:1/x',
    });
    await migrate(project, '--rev-id', 'one');
    const same = await migrateJson(project);
    expect(same).toMatchObject({ revision: null, operations: [] });
    expect(same.standIn).toContain('127.0.0.1:1');
    expect(same.standIn).not.toContain('secret');
    // Nobody spells the two texts, so nothing is done about them, and they are named.
    model(project, "name: t.text().check('char_length(name) > 2')");
    const { revision, leftOut } = await migrateJson(project);
    expect({ revision, kinds: leftOut.map(({ kind }) => kind) }).toEqual({
      revision: null,
      kinds: ['unproven'],
    });
  });

  test('PGlite stands in for PostgreSQL, and spells', async () => {
    using project = modelled("name: t.text().check('length(name) > 3')", {
      url: 'postgres://a:secret@127.0.0.1:1/x',
    });
    const up = `op.createTable('user', (t) => ({ id: t.integer().primaryKey(), name: t.text().check('(length(name)) > 2') }));`;
    project.write({ id: 'one', up });
    const { operations } = await migrateJson(project);
    expect(operations.map((one) => one.kind)).toEqual(['dropCheck', 'addCheck']);
  });
});

const migration = (out: string): string => /Wrote (\S+)/.exec(out)?.[1] ?? '';
