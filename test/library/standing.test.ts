import { DatabaseSync } from 'node:sqlite';
import { expect, test } from 'vitest';
import { refusal } from '../support/refusal.ts';
import { testProject } from '../support/revisions.ts';

const users = {
  id: 'aaaa',
  up: `op.createTable('user', { id: t.integer().primaryKey(), name: t.varchar(20) });`,
};
const token = { id: 'bbbb', up: `op.addColumn('user', 'token', t.varchar(255));` };

const columns = (db: DatabaseSync, table = 'user') =>
  db
    .prepare(`SELECT name, type FROM pragma_table_info(?)`)
    .all(table)
    .map((row) => `${row['name']} ${row['type']}`);

const dump = (db: DatabaseSync) =>
  db
    .prepare(
      `SELECT name, sql FROM sqlite_schema WHERE name NOT LIKE 'sqlite%' AND name NOT LIKE 'surefoot%'`,
    )
    .all();

test('a column that is there already, equal, is satisfied and journalled so', async () => {
  using project = testProject(users, token);
  const db = new DatabaseSync(':memory:');
  db.exec('CREATE TABLE "user" (id INTEGER PRIMARY KEY, name VARCHAR(20), token VARCHAR(255))');
  const surefoot = project.surefoot({ connection: db });
  const result = await surefoot.upgrade();
  expect(
    result.finished.map(({ revision, statements, satisfied }) => [revision, statements, satisfied]),
  ).toEqual([
    ['aaaa', 0, 1],
    ['bbbb', 0, 1],
  ]);
  const events = (await surefoot.log()).map(({ event, revision }) => `${event} ${revision}`);
  expect(events).toEqual(['satisfied aaaa', 'moved aaaa', 'satisfied bbbb', 'moved bbbb', 'verified null']);
});

test('a column that is there and differs is refused with both sides, and nothing is touched', async () => {
  using project = testProject(users, token);
  const db = new DatabaseSync(':memory:');
  db.exec('CREATE TABLE "user" (id INTEGER PRIMARY KEY, name VARCHAR(20), token INTEGER NOT NULL DEFAULT 7)');
  const before = dump(db);
  const error = await refusal(project.surefoot({ connection: db }).upgrade(), 'plan/conflict');
  expect(error.details.conflicts).toEqual([
    {
      revision: 'bbbb',
      operation: 'add column user.token varchar(255)',
      object: 'column user.token',
      expected: 'varchar(255)',
      found: 'integer not null default 7',
    },
  ]);
  expect(dump(db)).toEqual(before);
});

test('strict refuses what is satisfied', async () => {
  using project = testProject(users);
  const db = new DatabaseSync(':memory:');
  db.exec('CREATE TABLE "user" (id INTEGER PRIMARY KEY, name VARCHAR(20))');
  await refusal(project.surefoot({ connection: db }).upgrade('heads', { strict: true }), 'plan/strict');
});

test('half a table is a conflict, not a satisfied one', async () => {
  using project = testProject(users);
  const db = new DatabaseSync(':memory:');
  db.exec('CREATE TABLE "user" (id INTEGER PRIMARY KEY)');
  await refusal(project.surefoot({ connection: db }).upgrade(), 'plan/conflict');
});

test('a table that raw alterations brought to a later point of the chain: what is done is skipped', async () => {
  using project = testProject(
    users,
    { id: 'bbbb', up: `op.alterColumn('user', 'name', { type: t.varchar(50) });` },
    { id: 'cccc', up: `op.alterColumn('user', 'name', { nullable: false });` },
  );
  const db = new DatabaseSync(':memory:');
  db.exec('CREATE TABLE "user" (id INTEGER PRIMARY KEY, name VARCHAR(50))');
  const result = await project.surefoot({ connection: db }).upgrade();
  expect(result.finished.map(({ satisfied }) => satisfied)).toEqual([1, 1, 0]);
  expect(result.differences).toEqual([]);
});

test('a rename is satisfied only if the source is gone and the target is what it should be', async () => {
  using project = testProject(users, { id: 'bbbb', up: `op.renameColumn('user', 'name', 'nick');` });
  const renamed = new DatabaseSync(':memory:');
  renamed.exec('CREATE TABLE "user" (id INTEGER PRIMARY KEY, nick VARCHAR(20))');
  const result = await project.surefoot({ connection: renamed }).upgrade();
  expect(result.finished.map(({ satisfied }) => satisfied)).toEqual([1, 1]);

  const both = new DatabaseSync(':memory:');
  both.exec('CREATE TABLE "user" (id INTEGER PRIMARY KEY, name VARCHAR(20), nick VARCHAR(20))');
  await refusal(project.surefoot({ connection: both }).upgrade(), 'plan/conflict');
});

test('an object that stands on either side of a drop and a re-creation: the user says where', async () => {
  using project = testProject(
    users,
    token,
    { id: 'cccc', up: `op.dropColumn('user', 'token');` },
    { id: 'dddd', up: `op.addColumn('user', 'token', t.varchar(255));` },
  );
  const open = () => {
    const db = new DatabaseSync(':memory:');
    db.exec(`CREATE TABLE "user" (id INTEGER PRIMARY KEY, name VARCHAR(20), token VARCHAR(255));
      INSERT INTO "user" VALUES (1, 'a', 'secret')`);
    return db;
  };
  await refusal(project.surefoot({ connection: open() }).upgrade(), 'plan/ambiguous-object');
  const db = open();
  const result = await project.surefoot({ connection: db }).upgrade('heads', { objectAt: { token: 'dddd' } });
  expect(result.finished.map(({ satisfied }) => satisfied)).toEqual([1, 1, 1, 1]);
  expect(db.prepare('SELECT token FROM "user"').get()).toEqual({ token: 'secret' });
});

test('dropping what is gone is satisfied', async () => {
  using project = testProject(users, token, { id: 'cccc', up: `op.dropColumn('user', 'token');` });
  const db = new DatabaseSync(':memory:');
  const surefoot = project.surefoot({ connection: db });
  await surefoot.upgrade('bbbb');
  db.exec('ALTER TABLE "user" DROP COLUMN token');
  const result = await surefoot.upgrade();
  expect(result).toMatchObject({
    finished: [{ revision: 'cccc', statements: 0, satisfied: 1 }],
    differences: [],
  });
});

test('it always looks: with nothing pending, a missing column is refused and named', async () => {
  using project = testProject(users, token);
  const db = new DatabaseSync(':memory:');
  const surefoot = project.surefoot({ connection: db });
  await surefoot.upgrade();
  db.exec('ALTER TABLE "user" DROP COLUMN token');
  const error = await refusal(surefoot.upgrade(), 'plan/drift');
  expect(error.details.differences).toEqual([
    { kind: 'missing', object: 'column user.token', expected: 'varchar(255)', found: null, revision: 'bbbb' },
  ]);
  expect((await surefoot.upgrade('heads', { verify: false })).finished).toEqual([]);
});

test('an object that history never named is reported and changes nothing', async () => {
  using project = testProject(users);
  const db = new DatabaseSync(':memory:');
  db.exec('CREATE TABLE theirs (a)');
  const result = await project.surefoot({ connection: db }).upgrade();
  expect(result.differences).toEqual([]);
  expect(result.extras.map(({ object }) => object)).toContain('table theirs');
});

test('what history dropped and the server still has is left over', async () => {
  using project = testProject(users, token, { id: 'cccc', up: `op.dropColumn('user', 'token');` });
  const db = new DatabaseSync(':memory:');
  const surefoot = project.surefoot({ connection: db });
  await surefoot.upgrade();
  db.exec('ALTER TABLE "user" ADD COLUMN token VARCHAR(255)');
  const error = await refusal(surefoot.upgrade(), 'plan/drift');
  expect(error.details.differences).toMatchObject([
    { kind: 'extra', object: 'column user.token', revision: 'cccc' },
  ]);
});

test('accepted drift is gone over, and said in the plan', async () => {
  using project = testProject(users, token);
  const db = new DatabaseSync(':memory:');
  const surefoot = project.surefoot({ connection: db });
  await surefoot.upgrade();
  db.exec('ALTER TABLE "user" DROP COLUMN token');
  const result = await surefoot.upgrade('heads', { acceptDrift: true });
  expect(result.failed).toBeNull();
});

test('a downgrade leaves alone what history already has at its target', async () => {
  using project = testProject(users, token, {
    id: 'cccc',
    more: 'safety: true,',
    up: `op.addColumn('user', 'token', t.varchar(255));
      op.createIndex('user', ['token'], { name: 'ix_user_token', unique: true });`,
  });
  const db = new DatabaseSync(':memory:');
  const surefoot = project.surefoot({ connection: db });
  await surefoot.upgrade();
  db.exec(`INSERT INTO "user" VALUES (1, 'a', 'secret')`);
  const result = await surefoot.downgrade();
  expect(result.differences).toEqual([]);
  expect(columns(db)).toEqual(['id INTEGER', 'name VARCHAR(20)', 'token VARCHAR(255)']);
  expect(db.prepare('SELECT token FROM "user"').get()).toEqual({ token: 'secret' });
  expect(db.prepare(`SELECT count(*) AS n FROM sqlite_schema WHERE name = 'ix_user_token'`).get()).toEqual({
    n: 0,
  });
});

test('a downgrade that would not end at what history describes is refused before it starts', async () => {
  using project = testProject(users, {
    id: 'bbbb',
    up: `op.addColumn('user', 'token', t.varchar(255)); op.createIndex('user', ['name'], { name: 'ix_name' });`,
    down: `op.dropColumn('user', 'token');`,
  });
  const db = new DatabaseSync(':memory:');
  const surefoot = project.surefoot({ connection: db });
  await surefoot.upgrade();
  const error = await refusal(surefoot.downgrade(), 'plan/drift');
  expect(error.details.differences).toMatchObject([{ kind: 'extra', object: 'index ix_name of user' }]);
  expect(columns(db)).toContain('token VARCHAR(255)');
});

test('an irreversible revision says why', async () => {
  using project = testProject(users);
  project.writeFile(
    'migrations/20250101000000_bbbb_x.ts',
    `import { irreversible, revision } from 'surefoot';
     export default revision({ id: 'bbbb', revises: 'aaaa', message: 'no way back', upgrade() {}, downgrade: irreversible('the data is gone') });`,
  );
  const surefoot = project.surefoot({ connection: new DatabaseSync(':memory:') });
  await surefoot.upgrade();
  const error = await refusal(surefoot.downgrade(), 'revision/irreversible');
  expect(error.message).toContain('the data is gone');
});

test('a revision inserted below the recorded head is run, and shown as such', async () => {
  using project = testProject(users, { id: 'cccc', up: `op.addColumn('user', 'late', t.text());` });
  const db = new DatabaseSync(':memory:');
  await project.surefoot({ connection: db }).upgrade();
  project.writeFile(
    'migrations/20240101000003_bbbb_x.ts',
    `import { revision, t } from 'surefoot';
     export default revision({ id: 'bbbb', revises: 'aaaa', message: 'inserted', upgrade(op) { op.addColumn('user', 'mid', t.text()); }, downgrade: 'auto' });`,
  );
  project.remove('migrations/20240101000002_cccc_x.ts');
  project.writeFile(
    'migrations/20240101000002_cccc_x.ts',
    `import { revision, t } from 'surefoot';
     export default revision({ id: 'cccc', revises: 'bbbb', message: 'revision cccc', upgrade(op) { op.addColumn('user', 'late', t.text()); }, downgrade: 'auto' });`,
  );
  const surefoot = project.surefoot({ connection: db });
  expect(await surefoot.current()).toEqual({ heads: ['cccc'], pending: ['bbbb'] });
  expect((await surefoot.plan()).inserted).toEqual(['bbbb']);
  const result = await surefoot.upgrade();
  expect(result).toMatchObject({ finished: [{ revision: 'bbbb' }], heads: ['cccc'], differences: [] });
  expect(columns(db)).toEqual(['id INTEGER', 'name VARCHAR(20)', 'late TEXT', 'mid TEXT']);
});

test('rows that another tool moved are adopted with all their ancestors', async () => {
  using project = testProject(users, token);
  const db = new DatabaseSync(':memory:');
  db.exec(`CREATE TABLE "user" (id INTEGER PRIMARY KEY, name VARCHAR(20));
    CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL, PRIMARY KEY (version_num));
    INSERT INTO alembic_version VALUES ('aaaa')`);
  const surefoot = project.surefoot({ connection: db, versionTable: 'alembic_version' });
  await surefoot.upgrade();
  const [adopted] = await surefoot.log();
  expect(adopted).toMatchObject({ event: 'adopted', data: { heads: ['aaaa'], applied: ['aaaa'] } });
  expect(db.prepare('SELECT * FROM alembic_version').all()).toEqual([{ version_num: 'bbbb' }]);
});

test('a table that should be there and is not is drift, whatever is to become of it', async () => {
  using project = testProject(users, {
    id: 'bbbb',
    up: `op.addColumn('user', 'token', t.text());\nop.createIndex('user', ['name']);`,
  });
  const db = new DatabaseSync(':memory:');
  const surefoot = project.surefoot({ connection: db });
  await surefoot.upgrade('aaaa');
  db.exec('DROP TABLE "user"');
  const error = await refusal(surefoot.upgrade(), 'plan/drift');
  expect(error.details.differences).toContainEqual(
    expect.objectContaining({ object: 'table user', kind: 'missing', revision: 'aaaa' }),
  );
  expect(error.hint).toContain('surefoot repair');
  await refusal(surefoot.upgrade('heads', { acceptDrift: true }), 'operation/unknown-object');
  expect(dump(db)).toEqual([]);
  await surefoot.repair({ backup: false });
  expect(await surefoot.upgrade()).toMatchObject({ failed: null, heads: ['bbbb'] });
});
