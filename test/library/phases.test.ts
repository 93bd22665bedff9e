import { DatabaseSync } from 'node:sqlite';
import { expect, test } from 'vitest';
import { assertReady } from '../../src/index.ts';
import { refusal } from '../support/refusal.ts';
import { testProject } from '../support/revisions.ts';

const users = {
  id: 'aaaa',
  up: `op.createTable('user', { id: t.integer().primaryKey(), name: t.varchar(20) });`,
};

/** Adds a column, and takes the old one away once nobody reads it. */
const phased = {
  id: 'bbbb',
  message: 'full names',
  up: `op.addColumn('user', 'full_name', t.varchar(40));
    op.backfill({ table: 'user', set: { full_name: 'name' }, inverse: 'nothing' });`,
  more: `contract: {
    upgrade(op) { op.dropColumn('user', 'name'); },
    downgrade: 'auto',
  },`,
};

const next = { id: 'cccc', revises: 'bbbb', up: `op.createTable('post', { id: t.integer().primaryKey() });` };
const merge = { id: 'dddd', revises: ['cccc', 'bbbbc'], up: 'void op;' };
const above = { id: 'eeee', revises: 'dddd', up: `op.createTable('tag', { id: t.integer().primaryKey() });` };

const columns = (db: DatabaseSync) =>
  db
    .prepare(`SELECT name FROM pragma_table_info('user')`)
    .all()
    .map(({ name }) => name);

test('a phased revision is two, and everything runs both; those who go on do so from the first', async () => {
  using project = testProject(users, phased, next);
  const db = new DatabaseSync(':memory:');
  const surefoot = project.surefoot({ connection: db });
  expect((await surefoot.upgrade()).finished.map(({ revision }) => revision)).toEqual([
    'aaaa',
    'bbbb',
    'bbbbc',
    'cccc',
  ]);
  expect(columns(db)).toEqual(['id', 'full_name']);
  expect((await surefoot.current()).heads).toEqual(['bbbbc', 'cccc']);
  expect((await surefoot.check()).findings).toEqual([]);
  await surefoot.downgrade('aaaa');
  expect(columns(db)).toEqual(['id', 'name']);
});

test('expand before the deployment, contract after it', async () => {
  using project = testProject(users, phased, next);
  const db = new DatabaseSync(':memory:');
  const surefoot = project.surefoot({ connection: db });
  const expanding = await surefoot.plan('heads', { phase: 'expand' });
  expect(expanding.steps.map(({ revision }) => revision)).toEqual(['aaaa', 'bbbb', 'cccc']);
  await surefoot.upgrade('heads', { phase: 'expand' });
  expect(columns(db)).toEqual(['id', 'name', 'full_name']);
  // Again: nothing to do; and the release that knows both halves may start.
  expect((await surefoot.upgrade('heads', { phase: 'expand' })).finished).toEqual([]);
  await assertReady({ projectFolder: project.folder, connection: db });
  const report = await surefoot.check();
  expect(report.findings.map(({ code, revision }) => [code, revision])).toEqual([
    ['history/contract-waiting', 'bbbbc'],
  ]);
  expect(
    (await surefoot.upgrade('heads', { phase: 'contract' })).finished.map(({ revision }) => revision),
  ).toEqual(['bbbbc']);
  expect(columns(db)).toEqual(['id', 'full_name']);
  expect((await surefoot.check()).findings).toEqual([]);
});

test('a contracting half waits for its other half', async () => {
  using project = testProject(users, phased);
  const surefoot = project.surefoot({ connection: new DatabaseSync(':memory:') });
  expect((await surefoot.plan('heads', { phase: 'contract' })).steps).toEqual([]);
});

test('expand refuses to pass a revision behind a contract that has not run, before anything is touched', async () => {
  using project = testProject(users, phased, next, merge, above);
  const db = new DatabaseSync(':memory:');
  const surefoot = project.surefoot({ connection: db });
  await surefoot.upgrade('aaaa');
  const refused = await refusal(surefoot.upgrade('heads', { phase: 'expand' }), 'plan/waits-for-contract');
  expect(refused.details).toEqual({ revision: 'dddd', contracts: ['bbbbc'] });
  expect(columns(db)).toEqual(['id', 'name']);
  await surefoot.upgrade('cccc', { phase: 'expand' });
  await surefoot.upgrade('heads', { phase: 'contract' });
  expect(
    (await surefoot.upgrade('heads', { phase: 'expand' })).finished.map(({ revision }) => revision),
  ).toEqual(['dddd', 'eeee']);
});

test('a contracting half whose file is gone is taken back as the journal keeps it', async () => {
  using project = testProject(users, phased);
  const db = new DatabaseSync(':memory:');
  const surefoot = project.surefoot({ connection: db });
  await surefoot.upgrade();
  project.remove('migrations/20240101000002_bbbb_x.ts');
  await project.surefoot({ connection: db }).downgrade('aaaa');
  expect(columns(db)).toEqual(['id', 'name']);
});

test('what is no contract is refused by name', async () => {
  using project = testProject(users, { ...phased, more: `contract: 7 as never,` });
  const surefoot = project.surefoot({ connection: new DatabaseSync(':memory:') });
  const refused = await refusal(surefoot.upgrade(), 'revision/invalid');
  expect(refused.message).toContain('contract');
});

test('what waits for the deployment is told', async () => {
  using project = testProject(users, phased);
  const surefoot = project.surefoot({ url: `sqlite:${project.folder}/a.db` });
  expect((await surefoot.status()).waiting).toEqual([]);
  expect((await surefoot.upgrade('heads', { phase: 'expand' })).waiting).toEqual(['bbbbc']);
  expect((await surefoot.upgrade('heads', { phase: 'expand' })).waiting).toEqual(['bbbbc']);
  expect((await surefoot.status()).waiting).toEqual(['bbbbc']);
  expect((await surefoot.upgrade()).waiting).toBeUndefined();
  expect((await surefoot.status()).waiting).toEqual([]);
});
