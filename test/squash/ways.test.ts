// What a squash carries over, and what it refuses.

import { existsSync, mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { describe, expect, test } from 'vitest';
import { refusal } from '../support/refusal.ts';
import type { RevisionText, TestProject } from '../support/revisions.ts';
import { testProject } from '../support/revisions.ts';

const start: RevisionText = {
  id: 'aaaa1111',
  up: `op.createTable('person', (t) => ({ id: t.integer().primaryKey(), name: t.varchar(60), age: t.integer() }));`,
};
const url = 'sqlite:./app.db';
const migrations = (project: TestProject): readonly string[] =>
  readdirSync(join(project.folder, 'migrations')).sort();

describe('what is carried over', () => {
  test('data steps, in order, between the schemas that they need', async () => {
    using project = testProject(
      start,
      { id: 'bbbb2222', up: `op.addColumn('person', 'first', t.varchar(60));` },
      {
        id: 'cccc3333',
        up: `op.execute("UPDATE person SET first = 'it''s ' || name", { inverse: [], effect: 'none' });
        op.insertRows('person', [{ id: 900, name: 'Ada', first: 'A' }]);`,
      },
      { id: 'dddd4444', up: `op.dropColumn('person', 'name');` },
    );
    const surefoot = project.surefoot({ url });
    const result = await surefoot.squash({ range: 'bbbb2222:dddd4444' });
    expect(result).toMatchObject({ way: 'in-order', operations: { before: 4, after: 4 } });
    expect(result.proof.rows).toBeGreaterThan(2);
    expect(result.text.match(/op\.\w+/g)).toEqual([
      'op.addColumn',
      'op.execute',
      'op.insertRows',
      'op.dropColumn',
    ]);
    expect(await surefoot.upgrade()).toMatchObject({ failed: null, differences: [] });
    expect((await surefoot.check()).findings).toEqual([]);
    await surefoot.downgrade('base');
    expect((await surefoot.current()).heads).toEqual([]);
  });

  test('the way back, where rows that were there stand in it: then the schemas tell', async () => {
    using project = testProject(
      start,
      {
        id: 'bbbb2222',
        up: `op.createTable('pet', (t) => ({ id: t.integer().primaryKey(), n: t.integer().notNull() }));`,
      },
      { id: 'cccc3333', up: `op.dropColumn('pet', 'n');` },
      { id: 'dddd4444', up: `op.addColumn('pet', 'm', t.integer());` },
    );
    const { proof } = await project.surefoot({ url }).squash({ range: 'cccc3333:dddd4444', dryRun: true });
    expect(proof.downgrade).toBe('same');
  });

  test('how an index is built on a table that is there before', async () => {
    using project = testProject(
      start,
      { id: 'bbbb2222', up: `op.createIndex('person', ['age'], { concurrently: true });` },
      {
        id: 'cccc3333',
        up: `op.createIndex('person', ['name']);
        op.createTable('pet', (t) => ({ id: t.integer().primaryKey(), n: t.integer() }));
        op.createIndex('pet', ['n'], { concurrently: true });`,
      },
    );
    const { way, text } = await project
      .surefoot({ url })
      .squash({ range: 'bbbb2222:cccc3333', dryRun: true });
    expect(way).toBe('combined');
    expect(text.match(/op\.createIndex\(.*/g)?.toSorted()).toEqual([
      "op.createIndex('person', ['age'], { concurrently: true });",
      "op.createIndex('person', ['name']);",
    ]);
  });

  test('values that are made anew: which they are is said', async () => {
    using project = testProject(
      start,
      {
        id: 'bbbb2222',
        up: `op.execute('UPDATE person SET age = random()', { inverse: [], effect: 'none' });`,
      },
      { id: 'cccc3333', up: '' },
    );
    await expect(
      project.surefoot({ url }).squash({ range: 'bbbb2222:cccc3333', dryRun: true }),
    ).rejects.toMatchObject({ message: expect.stringContaining('rows of person are others, in age') });
  });

  test('values, too: a rename stays a rename', async () => {
    using project = testProject(
      start,
      { id: 'bbbb2222', up: `op.renameColumn('person', 'name', 'called');` },
      { id: 'cccc3333', up: `op.addColumn('person', 'mail', t.varchar(80));` },
    );
    const files = migrations(project);
    const result = await project.surefoot({ url }).squash({ range: 'bbbb2222:cccc3333', dryRun: true });
    expect(result).toMatchObject({ way: 'in-order', written: false, proof: { downgrade: 'same' } });
    expect(migrations(project)).toEqual(files);
  });

  test('a way back of the author’s, or none', async () => {
    using project = testProject(
      start,
      {
        id: 'bbbb2222',
        up: `op.addColumn('person', 'x', t.integer());`,
        down: `op.dropColumn('person', 'x');`,
      },
      {
        id: 'cccc3333',
        up: `op.execute('UPDATE person SET x = 1', { effect: 'none' });`,
        down: `op.execute('UPDATE person SET x = NULL', { effect: 'none' });`,
      },
    );
    const result = await project.surefoot({ url }).squash({ range: ':cccc3333', message: 'all of it' });
    expect(result).toMatchObject({ revises: [], message: 'all of it', proof: { downgrade: 'same' } });
    expect(result.text).toMatch(/downgrade\(op\) \{\n {4}op\.execute\('UPDATE person SET x = NULL'/);
    using oneWay = testProject(start, {
      id: 'bbbb2222',
      up: `op.execute('DELETE FROM person', { effect: 'none' });`,
      down: ` }, ...{ downgrade: irreversible('they are gone') }, ...{ x() {`,
    });
    oneWay.writeFile(
      'migrations/20240101000002_bbbb2222_x.ts',
      `import { irreversible, revision } from 'surefoot';
export default revision({ id: 'bbbb2222', revises: 'aaaa1111', message: 'gone',
  upgrade(op) { op.execute('DELETE FROM person', { effect: 'none' }); },
  downgrade: irreversible('they are gone') });\n`,
    );
    const gone = await oneWay.surefoot({ url }).squash({ range: 'aaaa1111:bbbb2222' });
    expect(gone.proof.downgrade).toBe('irreversible');
    expect(gone.text).toContain('irreversible("bbbb2222: they are gone")'.replaceAll('"', "'"));
  });

  test('labels, parents and dependencies outside', async () => {
    using project = testProject(
      start,
      {
        id: 'side1111',
        revises: 'aaaa1111',
        up: `op.createTable('side', (t) => ({ id: t.integer().primaryKey() }));`,
      },
      {
        id: 'bbbb2222',
        revises: 'aaaa1111',
        more: `branchLabels: ['billing'],`,
        up: `op.addColumn('person', 'x', t.integer());`,
      },
      { id: 'cccc3333', more: `dependsOn: ['side1111'],`, up: `op.addColumn('person', 'y', t.integer());` },
      { id: 'dddd4444', up: `op.addColumn('side', 'z', t.integer());` },
    );
    const surefoot = project.surefoot({ url });
    await surefoot.squash({ range: 'bbbb2222:dddd4444' });
    const node = (await project.surefoot({ url }).graph()).nodes.get('dddd4444');
    expect(node?.header).toMatchObject({
      revises: ['aaaa1111'],
      dependsOn: ['side1111'],
      branchLabels: ['billing'],
      replaces: ['bbbb2222', 'cccc3333'],
    });
    const again = project.surefoot({ url });
    expect(await again.upgrade('billing@head')).toMatchObject({ failed: null, heads: ['dddd4444'] });
  });

  test('imports of what is moved', async () => {
    using project = testProject(start);
    mkdirSync(join(project.folder, 'migrations/lib'));
    project.writeFile('migrations/lib/names.ts', `export const table = 'person';\n`);
    project.writeFile(
      'migrations/20240101000002_bbbb2222_x.ts',
      `import { revision, t } from 'surefoot';
import { table } from './lib/names.ts';
export default revision({ id: 'bbbb2222', revises: 'aaaa1111', message: 'imports',
  upgrade(op) { op.addColumn(table, 'x', t.integer()); }, downgrade: 'auto' });\n`,
    );
    const surefoot = project.surefoot({ url });
    await surefoot.upgrade('aaaa1111');
    await surefoot.squash({ range: 'aaaa1111:bbbb2222' });
    const moved = readFileSync(
      join(project.folder, 'migrations/squashed/20240101000002_bbbb2222_x.ts'),
      'utf8',
    );
    expect(moved).toContain(`from '../lib/names.ts'`);
    const after = project.surefoot({ url });
    expect((await after.upgrade()).finished.map(({ revision }) => revision)).toEqual(['bbbb2222']);
    expect((await after.check()).findings).toEqual([]);
  });

  test('raw SQL, as its author wrote it; and the whole as an SQL file', async () => {
    using project = testProject(start);
    project.writeFile(
      'migrations/20240101000002_bbbb2222_x.sql',
      `-- id: bbbb2222\n-- revises: aaaa1111\n-- message: raw\n\n-- upgrade\nCREATE TABLE "odd ""name" (id INTEGER PRIMARY KEY);\n\n-- downgrade\nDROP TABLE "odd ""name";\n`,
    );
    const surefoot = project.surefoot({ url });
    const result = await surefoot.squash({ range: 'aaaa1111:bbbb2222', sql: true });
    expect(result.file).toMatch(/\.sql$/);
    expect(result.text).toContain('CREATE TABLE "odd ""name" (id INTEGER PRIMARY KEY)');
    const after = project.surefoot({ url });
    expect(await after.upgrade()).toMatchObject({ failed: null });
    expect((await after.check()).findings).toEqual([]);
  });
});

describe('a database that ran the one revision', () => {
  test('is left alone by whoever has the originals; and can be stamped among them', async () => {
    const second: RevisionText = { id: 'bbbb2222', up: `op.insertRows('person', [{ id: 1, name: 'Ada' }]);` };
    using before = testProject(start, second);
    using project = testProject(start, second);
    await project.surefoot({ url }).squash({ range: 'aaaa1111:bbbb2222' });
    const surefoot = project.surefoot({ url: `sqlite:${project.folder}/app.db` });
    await surefoot.upgrade();
    const older = before.surefoot({ url: `sqlite:${project.folder}/app.db` });
    expect((await older.status()).pending).toEqual([]);
    expect((await older.check()).findings).toEqual([]);
    expect(await surefoot.stamp(['aaaa1111'], { force: true })).toMatchObject({
      heads: ['aaaa1111'],
      pending: ['bbbb2222'],
    });
    expect(await refusal(surefoot.upgrade('cccc3333'), 'revision/not-found')).toBeTruthy();
  });
});

describe('a database on which a run died in the midst of the first revision', () => {
  test('is finished by the originals, though no row names one of them', async () => {
    const sqlOf = (text: string) => JSON.stringify(text);
    using project = testProject(
      {
        id: 'aaaa1111',
        up: `op.createTable('one', (t) => ({ id: t.integer().check('id = 0', 'ck_one') }));
        op.execute(${sqlOf("INSERT INTO one SELECT count(*) FROM sqlite_master WHERE name = 'block'")},
          { inverse: [], effect: 'none', transaction: false });`,
      },
      { id: 'bbbb2222', up: `op.createTable('two', (t) => ({ id: t.integer().primaryKey() }));` },
    );
    const here = { url: `sqlite:${project.folder}/app.db` };
    const database = new DatabaseSync(join(project.folder, 'app.db'));
    database.exec('CREATE TABLE block (id INTEGER)');
    expect((await project.surefoot(here).upgrade()).failed).toMatchObject({ revision: 'aaaa1111' });
    expect((await project.surefoot(here).current()).heads).toEqual([]);
    database.exec('DROP TABLE block');
    database.close();
    await project.surefoot({ url: 'sqlite::memory:' }).squash({ range: 'aaaa1111:bbbb2222' });
    const after = project.surefoot(here);
    const run = await after.upgrade();
    expect(run).toMatchObject({ failed: null, differences: [] });
    expect(run.finished.map(({ revision }) => revision)).toEqual(['aaaa1111', 'bbbb2222']);
    expect((await after.check()).findings).toEqual([]);
  });
});

describe('what is refused', () => {
  const column = (name: string) => `op.addColumn('person', '${name}', t.integer());`;
  const squash = (project: TestProject, range: string) => project.surefoot({ url }).squash({ range });

  test.each<[string, readonly RevisionText[], string, Parameters<typeof refusal>[1]]>([
    ['one revision', [start], 'aaaa1111:aaaa1111', 'squash/too-few'],
    [
      'two ends',
      [
        start,
        { id: 'bbbb2222', revises: 'aaaa1111', up: column('x') },
        { id: 'cccc3333', revises: 'aaaa1111', up: column('y') },
      ],
      'aaaa1111:',
      'squash/several-ends',
    ],
    [
      'a branch that comes off inside',
      [
        start,
        { id: 'bbbb2222', revises: 'aaaa1111', up: column('x') },
        { id: 'cccc3333', revises: 'aaaa1111', up: column('y') },
      ],
      'aaaa1111:bbbb2222',
      'squash/needed-outside',
    ],
    [
      'a dependency, by label, on one inside',
      [
        { ...start, more: `branchLabels: ['main'],` },
        { id: 'bbbb2222', up: column('x') },
        { id: 'other111', revises: null, more: `dependsOn: ['main'],`, up: '' },
      ],
      'aaaa1111:bbbb2222',
      'squash/needed-outside',
    ],
    [
      'a data step in TypeScript',
      [start, { id: 'bbbb2222', up: `op.run(async () => {}, { inverse: 'nothing' });` }],
      'aaaa1111:bbbb2222',
      'squash/not-copyable',
    ],
    [
      'what is done on one server only',
      [start, { id: 'bbbb2222', up: `if (dialect === 'postgres') ${column('x')}` }],
      'aaaa1111:bbbb2222',
      'squash/not-copyable',
    ],
    [
      'originals that stop',
      [
        start,
        { id: 'bbbb2222', up: `op.addUnique('person', ['age']); op.addColumn('nobody', 'x', t.integer());` },
      ],
      'aaaa1111:bbbb2222',
      'squash/not-proven',
    ],
    [
      'a column taken away and made again: one schema, other values',
      [
        start,
        { id: 'bbbb2222', up: `op.dropColumn('person', 'age');` },
        { id: 'cccc3333', up: column('age') },
      ],
      'bbbb2222:cccc3333',
      'squash/not-proven',
    ],
    [
      'values by chance',
      [
        start,
        {
          id: 'bbbb2222',
          up: `op.execute('UPDATE person SET age = random()', { inverse: [], effect: 'none' });`,
        },
        { id: 'cccc3333', up: column('x') },
      ],
      'bbbb2222:cccc3333',
      'squash/not-proven',
    ],
  ])('%s', async (_name, revisions, range, code) => {
    using project = testProject(...revisions);
    const files = migrations(project);
    await refusal(squash(project, range), code);
    expect(migrations(project)).toEqual(files);
  });

  test('a squash within, as long as its originals are there', async () => {
    using project = testProject(
      start,
      { id: 'bbbb2222', up: column('x') },
      { id: 'cccc3333', up: column('y') },
    );
    await squash(project, 'aaaa1111:bbbb2222');
    await refusal(squash(project, 'bbbb2222:cccc3333'), 'squash/nested');
    for (const name of readdirSync(join(project.folder, 'migrations/squashed')))
      project.remove(`migrations/squashed/${name}`);
    expect(await squash(project, 'bbbb2222:cccc3333')).toMatchObject({ replaces: ['bbbb2222'] });
    expect(existsSync(join(project.folder, 'migrations/squashed'))).toBe(true);
  });
});
