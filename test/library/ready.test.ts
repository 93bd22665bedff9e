import { DatabaseSync } from 'node:sqlite';
import { expect, test } from 'vitest';
import { assertReady } from '../../src/index.ts';
import { refusal } from '../support/refusal.ts';
import { testProject } from '../support/revisions.ts';

const users = { id: 'aaaa', up: `op.createTable('user', { id: t.integer().primaryKey() });` };
const token = { id: 'bbbb', up: `op.addColumn('user', 'token', t.text());` };

test('it tells which revisions are missing, and creates nothing', async () => {
  using project = testProject(users, token);
  const db = new DatabaseSync(':memory:');
  const options = { connection: db, projectFolder: project.folder };
  const error = await refusal(assertReady(options), 'ready/not-ready');
  expect(error.details.missing).toEqual(['aaaa', 'bbbb']);
  expect(db.prepare('SELECT count(*) AS n FROM sqlite_schema').get()).toEqual({ n: 0 });
  const surefoot = project.surefoot({ connection: db });
  await surefoot.upgrade('aaaa');
  expect((await refusal(assertReady(options), 'ready/not-ready')).details.missing).toEqual(['bbbb']);
  await surefoot.upgrade();
  await assertReady(options);
});

test('a database that is ahead passes, unless exact; one that went another way does not', async () => {
  using project = testProject(users, token);
  const db = new DatabaseSync(':memory:');
  await project.surefoot({ connection: db }).upgrade();
  using older = testProject(users);
  const options = { connection: db, projectFolder: older.folder };
  await assertReady(options);
  expect((await refusal(assertReady({ ...options, exact: true }), 'ready/not-ready')).details.ahead).toEqual([
    'bbbb',
  ]);
  using other = testProject(users, { id: 'cccc', up: '' });
  expect(
    (await refusal(assertReady({ ...options, projectFolder: other.folder }), 'ready/not-ready')).details
      .missing,
  ).toEqual(['cccc']);
});

test('it waits for a server that is not there yet, and gives up in time', async () => {
  using project = testProject(users);
  const retries: number[] = [];
  const started = performance.now();
  await refusal(
    assertReady({
      url: 'postgres://nobody@127.0.0.1:1/none',
      projectFolder: project.folder,
      timeoutMs: 700,
      onRetry: (_, ms) => retries.push(ms),
    }),
    'database/unreachable',
  );
  expect(retries).toEqual([100, 200]);
  expect(performance.now() - started).toBeLessThan(5_000);
});

test('hooks are called around a run', async () => {
  using project = testProject(users, token, { id: 'cccc', up: `op.execute('nonsense', { inverse: [] });` });
  const calls: string[] = [];
  const surefoot = project.surefoot({
    connection: new DatabaseSync(':memory:'),
    hooks: {
      beforeRun: (plan) => void calls.push(`run ${plan.steps.length}`),
      beforeStep: (step) => void calls.push(`before ${step.revision}`),
      afterStep: (step) => void calls.push(`after ${step.revision}`),
      afterRun: (outcome) => void calls.push(`done ${outcome.failed?.revision}`),
      onError: () => void calls.push('error'),
    },
  });
  await surefoot.upgrade();
  expect(calls).toEqual([
    'run 3',
    'before aaaa',
    'after aaaa',
    'before bbbb',
    'after bbbb',
    'before cccc',
    'error',
    'done cccc',
  ]);
});
