import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { FreshDatabase } from '../servers/index.ts';
import { freshDatabase, selectedEngines } from '../servers/index.ts';
import { testProject } from '../support/revisions.ts';
import { representatives } from '../support/share.ts';
import { familyOf, onDatabase, writeSql } from './histories.ts';

const quote = (engine: Parameters<typeof familyOf>[0], name: string) =>
  familyOf(engine) === 'mysql' ? `\`${name}\`` : `"${name}"`;

// Each plan of PostgreSQL starts a database in the process.
describe.each(representatives(selectedEngines()))('%s', { timeout: 240_000 }, (engine) => {
  const family = familyOf(engine);
  let database: FreshDatabase;
  beforeEach(async () => {
    database = await freshDatabase(engine);
  });
  afterEach(() => database.drop());

  test('operations and raw SQL by turns; the way back by inverses', async () => {
    const user = quote(engine, 'user');
    const dropIndex = family === 'mysql' ? `DROP INDEX ix_user_email ON ${user}` : 'DROP INDEX ix_user_email';
    using project = testProject(
      {
        id: 'aaa1',
        up: `op.createTable('user', { id: t.integer().identity().primaryKey(), email: t.varchar(80).notNull().unique(), age: t.integer() });
          op.execute(${JSON.stringify(`ALTER TABLE ${user} ADD COLUMN nick varchar(20)`)}, { inverse: [${JSON.stringify(`ALTER TABLE ${user} DROP COLUMN nick`)}] });
          op.createIndex('user', ['nick']);`,
      },
      {
        id: 'aaa2',
        up: `op.execute(${JSON.stringify(`CREATE INDEX ix_user_email ON ${user} (email, age)`)}, { inverse: [${JSON.stringify(dropIndex)}] });
          op.addColumn('user', 'born', t.date());
          op.execute(${JSON.stringify(`UPDATE ${user} SET age = 3`)}, { inverse: [] });`,
      },
      {
        id: 'aaa3',
        up: `op.insertRows('user', [{ id: 1, email: 'a', age: 1 }]);
          op.run(async ({ connection }) => { await connection.query(${JSON.stringify(`UPDATE ${user} SET nick = 'n'`)}); }, { description: 'fill', inverse: 'nothing' });
          op.alterColumn('user', 'nick', { nullable: false });
          op.execute(${JSON.stringify(`CREATE VIEW old AS SELECT id, nick FROM ${user} WHERE age > 2`)}, { inverse: ['DROP VIEW old'] });`,
      },
    );
    const surefoot = project.surefoot({ url: database.url });
    const plan = await surefoot.plan();
    expect(plan).toMatchObject({ unverified: [], unverifiedBecause: null });
    expect(await surefoot.upgrade()).toMatchObject({
      failed: null,
      differences: [],
      extras: [],
      unverified: [],
    });
    expect(await surefoot.downgrade('aaa1')).toMatchObject({
      failed: null,
      differences: [],
      extras: [],
      unverified: [],
    });
    expect(await surefoot.upgrade()).toMatchObject({
      failed: null,
      differences: [],
      extras: [],
      unverified: [],
    });
    expect(await surefoot.downgrade('base')).toMatchObject({
      failed: null,
      differences: [],
      extras: [],
      unverified: [],
    });
  });

  test('raw SQL drops what an operation left unnamed, and renames what it made', async () => {
    const drop = {
      sqlite: 'DROP INDEX ix_note_body',
      postgres: 'DROP INDEX ix_note_body',
      mysql: 'DROP INDEX ix_note_body ON note',
    }[family];
    using project = testProject({
      id: 'aaa1',
      up: `op.createTable('note', { id: t.integer().primaryKey(), body: t.varchar(50), kind: t.integer() });
        op.createIndex('note', ['body']);
        op.execute(${JSON.stringify(drop)}, { inverse: ['CREATE INDEX ix_note_body ON note (body)'] });
        op.execute('ALTER TABLE note RENAME COLUMN body TO content', { inverse: ['ALTER TABLE note RENAME COLUMN content TO body'] });
        op.execute('ALTER TABLE note RENAME TO memo', { inverse: ['ALTER TABLE memo RENAME TO note'] });`,
    });
    const surefoot = project.surefoot({ url: database.url });
    const [step] = (await surefoot.plan()).steps;
    const kinds = step?.operations.map(({ operation }) =>
      operation.kind === 'execute' ? operation.effect?.map(({ kind }) => kind) : operation.kind,
    );
    expect(kinds).toEqual(['createTable', 'createIndex', ['dropIndex'], ['renameColumn'], ['renameTable']]);
    expect(await surefoot.upgrade()).toMatchObject({
      failed: null,
      differences: [],
      extras: [],
      unverified: [],
    });
    expect(await surefoot.downgrade('base')).toMatchObject({
      failed: null,
      differences: [],
      extras: [],
      unverified: [],
    });
  });

  test('a downgrade that does not undo its upgrade is refused before anything is touched', async () => {
    using project = testProject();
    writeSql(project, [
      { id: 'aaa1', up: 'CREATE TABLE a (id int, b int, c int);', down: 'ALTER TABLE a DROP COLUMN b;' },
    ]);
    const surefoot = project.surefoot({ url: database.url });
    await surefoot.upgrade();
    await expect(surefoot.downgrade('base')).rejects.toMatchObject({ code: 'plan/drift' });
    expect((await surefoot.current()).heads).toEqual(['aaa1']);
    const rows = await onDatabase(database.url, (connection) => connection.query('SELECT b FROM a'));
    expect(rows.rows).toEqual([]);
  });

  test('a statement that fails on scratch leaves its revision unverified, with the reason', async () => {
    using project = testProject();
    writeSql(project, [
      { id: 'aaa1', up: 'ALTER TABLE legacy ADD COLUMN b int;', down: 'ALTER TABLE legacy DROP COLUMN b;' },
      { id: 'aaa2', up: 'CREATE TABLE x (id int);', down: 'DROP TABLE x;' },
    ]);
    await onDatabase(database.url, (connection) => connection.query('CREATE TABLE legacy (id int)'));
    const surefoot = project.surefoot({ url: database.url });
    const plan = await surefoot.plan();
    expect(plan.unverified).toEqual(['aaa1', 'aaa2']);
    expect(plan.unverifiedBecause).toMatch(/revision aaa1: .*legacy/);
    expect(await surefoot.upgrade()).toMatchObject({
      failed: null,
      heads: ['aaa2'],
      unverified: ['aaa1', 'aaa2'],
    });
  });
});
