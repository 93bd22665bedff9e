import { DatabaseSync } from 'node:sqlite';
import { expect, test } from 'vitest';
import { refusal } from '../support/refusal.ts';
import { testProject } from '../support/revisions.ts';

const users = {
  id: 'aaaa',
  up: `op.createTable('user', { id: t.integer().primaryKey(), name: t.varchar(20) });`,
};

const rows = (db: DatabaseSync) => db.prepare('SELECT * FROM "user" ORDER BY id').all();

test('rows are inserted, and taken out again by their key', async () => {
  using project = testProject(users, {
    id: 'bbbb',
    up: `op.insertRows('user', [{ id: 1, name: 'O\\'Hara' }, { id: 2, name: null }]);`,
  });
  const db = new DatabaseSync(':memory:');
  const surefoot = project.surefoot({ connection: db });
  await surefoot.upgrade();
  expect(rows(db)).toEqual([
    { id: 1, name: "O'Hara" },
    { id: 2, name: null },
  ]);
  db.exec(`INSERT INTO "user" VALUES (3, 'kept')`);
  await surefoot.downgrade();
  expect(rows(db)).toEqual([{ id: 3, name: 'kept' }]);
});

test('a data step in TypeScript stands in the transaction of its entry, with Kysely on it', async () => {
  using project = testProject(users, {
    id: 'bbbb',
    up: `op.run(async ({ connection, kysely }) => {
        await connection.query('INSERT INTO "user" (id, name) VALUES (?, ?)', [1, 'a']);
        const db = await kysely();
        await db.insertInto('user').values({ id: 2, name: 'b' }).execute();
        await db.updateTable('user').set({ name: 'c' }).where('id', '=', 1).execute();
      }, { description: 'fill', inverse: async ({ connection }) => { await connection.query('DELETE FROM "user"'); } });`,
  });
  const db = new DatabaseSync(':memory:');
  const surefoot = project.surefoot({ connection: db });
  await surefoot.upgrade();
  expect(rows(db)).toEqual([
    { id: 1, name: 'c' },
    { id: 2, name: 'b' },
  ]);
  await surefoot.downgrade();
  expect(rows(db)).toEqual([]);
});

test('a data step that throws rolls its revision back, schema and all, and says where', async () => {
  using project = testProject(users, {
    id: 'bbbb',
    up: `op.addColumn('user', 'token', t.text());
      op.run(async ({ connection }) => {
        await connection.query(\`INSERT INTO "user" (id) VALUES (9)\`);
        throw new Error('no luck');
      }, { inverse: 'nothing' });`,
  });
  const db = new DatabaseSync(':memory:');
  const surefoot = project.surefoot({ connection: db });
  const result = await surefoot.upgrade();
  expect(result.finished.map(({ revision }) => revision)).toEqual(['aaaa']);
  expect(result.failed).toMatchObject({ revision: 'bbbb', statement: 1, message: 'no luck' });
  expect(result.remaining).toEqual(['bbbb']);
  expect(rows(db)).toEqual([]);
  expect(Object.keys(db.prepare('SELECT count(*) AS n FROM "user"').get() ?? {})).toEqual(['n']);
  expect(db.prepare(`SELECT name FROM pragma_table_info('user')`).all()).toHaveLength(2);
  const failed = (await surefoot.log()).at(-1);
  expect(failed).toMatchObject({
    event: 'failed',
    revision: 'bbbb',
    statement: 1,
    data: { error: { message: 'no luck' } },
  });
});

test('a data step may not end the transaction it stands in', async () => {
  using project = testProject(users, {
    id: 'bbbb',
    up: `op.run(({ connection }) => connection.query('COMMIT').then(() => {}), { inverse: 'nothing' });`,
  });
  const result = await project.surefoot({ connection: new DatabaseSync(':memory:') }).upgrade();
  expect(result.failed).toMatchObject({ revision: 'bbbb', code: 'run/implicit-commit' });
});

const unclear = [
  users,
  {
    id: 'bbbb',
    up: `op.addColumn('user', 'token', t.text());
      op.execute(\`UPDATE "user" SET token = 'x' WHERE token IS NULL\`, { inverse: [] });`,
  },
];

test('a data step is unclear where its revision is partly there: asked, run or skipped', async () => {
  using project = testProject(...unclear);
  const open = () => {
    const db = new DatabaseSync(':memory:');
    db.exec(`CREATE TABLE "user" (id INTEGER PRIMARY KEY, name VARCHAR(20), token TEXT);
      INSERT INTO "user" VALUES (1, 'a', NULL)`);
    return db;
  };
  const error = await refusal(project.surefoot({ connection: open() }).upgrade(), 'plan/unclear-data');
  expect(error.details.steps).toHaveLength(1);

  const ran = open();
  await project.surefoot({ connection: ran }).upgrade('heads', { runData: ['bbbb'] });
  expect(rows(ran)).toEqual([{ id: 1, name: 'a', token: 'x' }]);

  const skipped = open();
  await project.surefoot({ connection: skipped }).upgrade('heads', { skipData: ['bbbb'] });
  expect(rows(skipped)).toEqual([{ id: 1, name: 'a', token: null }]);
});

test('a revision of data alone is unclear where a later one is there', async () => {
  using project = testProject(
    users,
    { id: 'bbbb', up: `op.execute(\`UPDATE "user" SET name = 'x'\`, { inverse: [] });` },
    { id: 'cccc', up: `op.addColumn('user', 'token', t.text());` },
  );
  const db = new DatabaseSync(':memory:');
  const surefoot = project.surefoot({ connection: db });
  await surefoot.upgrade('aaaa');
  db.exec('ALTER TABLE "user" ADD COLUMN token TEXT');
  await refusal(surefoot.upgrade(), 'plan/unclear-data');
});

test('an assertion is asked before the first statement', async () => {
  using project = testProject(
    users,
    { id: 'bbbb', up: `op.addColumn('user', 'token', t.text());` },
    { id: 'cccc', up: `op.assert('SELECT count(*) = 0 FROM "user"', 'nobody is there yet');` },
  );
  const db = new DatabaseSync(':memory:');
  const surefoot = project.surefoot({ connection: db });
  await surefoot.upgrade('aaaa');
  db.exec(`INSERT INTO "user" VALUES (1, 'a')`);
  const error = await refusal(surefoot.upgrade(), 'plan/assertion');
  expect(error.message).toContain('nobody is there yet');
  expect(db.prepare(`SELECT name FROM pragma_table_info('user')`).all()).toHaveLength(2);
  db.exec('DELETE FROM "user"');
  expect((await surefoot.upgrade()).failed).toBeNull();
});

test('rows that a new unique index would break are named by key, never by value, before anything is touched', async () => {
  using project = testProject(
    users,
    { id: 'bbbb', up: `op.addColumn('user', 'other', t.text());` },
    { id: 'cccc', up: `op.createIndex('user', ['name'], { name: 'ix_name', unique: true });` },
  );
  const db = new DatabaseSync(':memory:');
  const surefoot = project.surefoot({ connection: db });
  await surefoot.upgrade('aaaa');
  db.exec(`INSERT INTO "user" VALUES (1, 'hush'), (2, 'hush'), (3, 'b')`);
  const result = await surefoot.upgrade().then(
    (outcome) => outcome.failed,
    (error: unknown) => error,
  );
  expect(result).toMatchObject({ code: 'plan/rows' });
  expect(JSON.stringify(result)).toContain('1');
  expect(JSON.stringify(result)).not.toContain('hush');
});

test('what a downgrade destroys is counted in its plan; what is empty loses nothing', async () => {
  using project = testProject(users, { id: 'bbbb', up: `op.addColumn('user', 'token', t.text());` });
  const db = new DatabaseSync(':memory:');
  const surefoot = project.surefoot({ connection: db });
  await surefoot.upgrade();
  expect((await surefoot.plan('-1', { direction: 'downgrade' })).losses).toEqual([]);
  db.exec(`INSERT INTO "user" VALUES (1, 'a', 'x'), (2, 'b', NULL)`);
  const { losses } = await surefoot.plan('-1', { direction: 'downgrade' });
  expect(losses).toMatchObject([{ revision: 'bbbb', count: 1 }]);
});
