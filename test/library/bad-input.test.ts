import { chmodSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { expect, test } from 'vitest';
import { refusal } from '../support/refusal.ts';
import { testProject } from '../support/revisions.ts';

const users = {
  id: 'aaaa',
  up: `op.createTable('user', { id: t.integer().primaryKey(), name: t.varchar(20) });`,
};
const token = { id: 'bbbb', up: `op.addColumn('user', 'token', t.varchar(255));` };

const stamped = (...rows: readonly string[]) => {
  const db = new DatabaseSync(':memory:');
  db.exec('CREATE TABLE surefoot_version (version_num VARCHAR(255) NOT NULL PRIMARY KEY)');
  for (const row of rows) db.prepare('INSERT INTO surefoot_version VALUES (?)').run(row);
  return db;
};

test('a version table that names an unknown revision', async () => {
  using project = testProject(users);
  const error = await refusal(
    project.surefoot({ connection: stamped('feed') }).upgrade(),
    'version/unknown-revision',
  );
  expect(error.details.revisions).toEqual(['feed']);
});

test('a version table that names a revision and its ancestor', async () => {
  using project = testProject(users, token);
  await refusal(project.surefoot({ connection: stamped('aaaa', 'bbbb') }).upgrade(), 'version/overlapping');
});

test('stamp --purge sets right what version rows cannot explain', async () => {
  using project = testProject(users, token);
  const surefoot = project.surefoot({ connection: stamped('feed', 'aaaa', 'bbbb') });
  await refusal(surefoot.stamp(['base']), 'version/unknown-revision');
  expect(await surefoot.stamp(['base'], { purge: true })).toEqual({ heads: [], pending: ['aaaa', 'bbbb'] });
  expect((await surefoot.upgrade()).heads).toEqual(['bbbb']);
});

test('a version table of another tool', async () => {
  using project = testProject(users);
  const db = new DatabaseSync(':memory:');
  db.exec('CREATE TABLE surefoot_version (id INTEGER, hash TEXT)');
  const error = await refusal(project.surefoot({ connection: db }).upgrade(), 'version/foreign-table');
  expect(error.details.columns).toEqual(['id', 'hash']);
});

test('an id longer than an adopted version table holds is refused before any statement', async () => {
  const long = 'a'.repeat(40);
  using project = testProject({ ...users, id: long });
  const db = new DatabaseSync(':memory:');
  db.exec('CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL PRIMARY KEY)');
  const surefoot = project.surefoot({ connection: db, versionTable: 'alembic_version' });
  await refusal(surefoot.upgrade(), 'version/id-too-long');
  expect(db.prepare(`SELECT count(*) AS n FROM sqlite_schema WHERE name = 'user'`).get()).toEqual({ n: 0 });
});

test('stamp compares the schema unless it is forced', async () => {
  using project = testProject(users, token);
  const db = new DatabaseSync(':memory:');
  db.exec('CREATE TABLE "user" (id INTEGER PRIMARY KEY, name VARCHAR(20))');
  const surefoot = project.surefoot({ connection: db });
  await refusal(surefoot.stamp(['bbbb']), 'plan/drift');
  expect((await surefoot.stamp(['aaaa'])).heads).toEqual(['aaaa']);
  expect((await surefoot.stamp(['bbbb'], { force: true })).heads).toEqual(['bbbb']);
});

test.each([
  ['unknown', 'zzzz', 'revision/not-found'],
  ['empty', '', 'identifier/invalid'],
  ['over-long', 'a'.repeat(300), 'identifier/too-long'],
  ['too far', '+9', 'revision/out-of-range'],
] as const)('an identifier that is %s', async (_, identifier, code) => {
  using project = testProject(users, token);
  await refusal(project.surefoot({ connection: stamped() }).upgrade(identifier), code);
});

test('an ambiguous prefix names its candidates', async () => {
  using project = testProject({ ...users, id: 'abcd1' }, { ...token, id: 'abcd2' });
  const error = await refusal(
    project.surefoot({ connection: stamped() }).upgrade('abcd'),
    'revision/ambiguous',
  );
  expect(error.details.candidates).toEqual(['abcd1', 'abcd2']);
});

test('two heads where one is needed', async () => {
  using project = testProject(users, token, { id: 'cccc', revises: 'aaaa', up: '' });
  const surefoot = project.surefoot({ connection: stamped() });
  const error = await refusal(surefoot.upgrade('head'), 'revision/multiple-heads');
  expect(error.details.heads).toEqual(['bbbb', 'cccc']);
  expect((await surefoot.upgrade('heads')).heads).toEqual(['bbbb', 'cccc']);
  await refusal(surefoot.downgrade('-1'), 'revision/ambiguous');
});

test('a missing parent, a duplicate id, a cycle', async () => {
  using missing = testProject({ ...users, revises: 'nope' });
  await refusal(missing.surefoot({ connection: stamped() }).upgrade(), 'revision/missing-parent');
  using duplicate = testProject(users, users);
  await refusal(duplicate.surefoot({ connection: stamped() }).upgrade(), 'revision/duplicate-id');
  using cycle = testProject({ ...users, revises: 'bbbb' }, { ...token, revises: 'aaaa' });
  await refusal(cycle.surefoot({ connection: stamped() }).upgrade(), 'revision/cycle');
});

test.each([
  [
    'throws',
    `import { revision } from 'surefoot'; export default revision({ id: 'bbbb', revises: 'aaaa', message: 'm', upgrade() { throw new Error('oh'); }, downgrade: 'auto' });`,
    'revision/load-failed',
  ],
  [
    'hands a data step its options first',
    `import { revision } from 'surefoot'; export default revision({ id: 'bbbb', revises: 'aaaa', message: 'm', upgrade(op) { op.run('fill', () => {}); }, downgrade: 'auto' });`,
    'revision/load-failed',
  ],
  ['exports nothing', `const x = 1;`, 'revision/invalid'],
  [
    'has a syntax error',
    `import { revision } from 'surefoot'; export default revision({ id: 'bbbb', revises: 'aaaa', message: 'm', upgrade(op) { op..x }, downgrade: 'auto' });`,
    'revision/load-failed',
  ],
] as const)('a revision that %s', async (_, text, code) => {
  using project = testProject(users);
  project.writeFile('migrations/20250101000000_bbbb_x.ts', text);
  const db = stamped();
  const error = await refusal(project.surefoot({ connection: db }).upgrade(), code);
  expect(error.message).not.toContain('\n    at ');
  expect(db.prepare(`SELECT count(*) AS n FROM sqlite_schema WHERE name = 'user'`).get()).toEqual({ n: 0 });
});

test('a statement that the server refuses: what finished, what failed, what remains', async () => {
  using project = testProject(
    users,
    { id: 'bbbb', up: `op.execute('CREATE TABLE broken (', { inverse: [] });` },
    { id: 'cccc', up: '' },
  );
  const surefoot = project.surefoot({ connection: stamped() });
  const result = await surefoot.upgrade();
  expect(result).toMatchObject({
    finished: [{ revision: 'aaaa' }],
    failed: { revision: 'bbbb', statement: 0, sql: 'CREATE TABLE broken (' },
    remaining: ['bbbb', 'cccc'],
    heads: ['aaaa'],
  });
});

test('a read-only file and a file that is no database', async () => {
  using project = testProject(users);
  writeFileSync(join(project.folder, 'text.db'), 'this is no database at all, it is text'.repeat(30));
  await refusal(project.surefoot({ url: 'sqlite:./text.db' }).upgrade(), 'database/not-a-database');
  await refusal(project.surefoot({ url: 'sqlite:./no/such/folder/x.db' }).upgrade(), 'database/unreachable');
  const handle = new DatabaseSync(join(project.folder, 'ro.db'));
  handle.exec('CREATE TABLE x (a)');
  handle.close();
  chmodSync(join(project.folder, 'ro.db'), 0o444);
  const readOnly = new DatabaseSync(join(project.folder, 'ro.db'), { readOnly: true });
  await refusal(project.surefoot({ connection: readOnly }).upgrade(), 'database/read-only');
});

test('names that need every care', async () => {
  const names = [
    `o'h "x" \`y\``,
    'a.b',
    'select',
    'größe',
    '__proto__',
    'constructor',
    'x'.repeat(63),
    'semi;colon --',
  ];
  const lines = names.map((name) => {
    const ref = `{ namespace: null, name: ${JSON.stringify(name)} }`;
    return `op.createTable(${ref}, Object.fromEntries([[${JSON.stringify(name)}, t.integer().primaryKey()], ['v', t.text()]]));
      op.createIndex(${ref}, ['v'], { name: ${JSON.stringify(`ix ${name}`.slice(0, 63))} });`;
  });
  using project = testProject({
    id: 'aaaa',
    message: 'line one\nline two "quoted" */ -- \u001b[31m',
    up: lines.join('\n'),
  });
  const db = new DatabaseSync(':memory:');
  const surefoot = project.surefoot({ connection: db });
  expect(await surefoot.upgrade()).toMatchObject({ failed: null, differences: [] });
  expect(await surefoot.downgrade()).toMatchObject({ failed: null, differences: [] });
  expect(
    db
      .prepare(
        `SELECT count(*) AS n FROM sqlite_schema WHERE name NOT LIKE 'surefoot%' AND name NOT LIKE 'sqlite%'`,
      )
      .get(),
  ).toEqual({ n: 0 });
});
