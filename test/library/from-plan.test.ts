// A plan made today and run tomorrow: exactly that plan, or none.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterAll, describe, expect, test } from 'vitest';
import type { Surefoot } from '../../src/library/api.ts';
import type { Direction, Plan, PlanChoices } from '../../src/plan/plan.ts';
import { type Engine, freshDatabase, selectedEngines } from '../servers/index.ts';
import { refusal } from '../support/refusal.ts';
import { testProject } from '../support/revisions.ts';

const start = { id: 'start', up: `op.createTable('a', { id: t.integer().primaryKey(), n: t.integer() });` };
const left = { id: 'left', revises: 'start', up: `op.addColumn('a', 'l', t.integer());` };
const right = { id: 'right', revises: 'start', up: `op.addColumn('a', 'r', t.integer());` };

/** A plan as a file keeps it. */
async function kept(
  surefoot: Surefoot,
  target?: string,
  choices: PlanChoices & { readonly direction?: Direction } = {},
): Promise<Plan> {
  return JSON.parse(JSON.stringify(await surefoot.plan(target, choices)));
}

const engines = selectedEngines();
const drops: (() => Promise<void>)[] = [];
afterAll(async () => {
  for (const drop of drops) await drop();
});

async function fresh(engine: Engine): Promise<string> {
  const { url, drop } = await freshDatabase(engine);
  drops.push(drop);
  return url;
}

describe.each(engines)('on %s', (engine) => {
  test('a plan to several heads, on a new database, and one that takes all of it back', async () => {
    using project = testProject(start, left, right, {
      id: 'rows',
      revises: 'right',
      up: `op.insertRows('a', [{ id: 1, n: 7 }, { id: 2, n: null }]); op.run(async ({ connection }) => { await connection.query('SELECT 1'); });`,
      down: '',
    });
    const surefoot = project.surefoot({ url: await fresh(engine) });
    const plan = await kept(surefoot);
    expect(plan.heads.after).toHaveLength(2);
    const up = await surefoot.upgrade(undefined, { fromPlan: plan });
    expect(up).toMatchObject({ failed: null, heads: ['left', 'rows'], differences: [] });
    expect(up.finished.map(({ revision }) => revision)).toEqual(plan.steps.map(({ revision }) => revision));
    const back = await kept(surefoot, 'base', { direction: 'downgrade' });
    expect((await surefoot.downgrade(undefined, { fromPlan: back })).heads).toEqual([]);
  }, 60_000);
});

test('part of the way: what is pending besides stays so', async () => {
  using project = testProject(start, left, right);
  const surefoot = project.surefoot({ connection: new DatabaseSync(':memory:') });
  await surefoot.upgrade('left', { fromPlan: await kept(surefoot, 'left') });
  expect(await surefoot.current()).toEqual({ heads: ['left'], pending: ['right'] });
});

const fill = {
  id: 'fill',
  up: `op.addColumn('a', 'm', t.integer()); op.execute('UPDATE a SET n = n + 1', { inverse: [], effect: [] });`,
};

/** One row, and half of `fill` done by hand. */
async function halfFilled(surefoot: Surefoot, db: DatabaseSync): Promise<void> {
  await surefoot.upgrade('start');
  db.exec('INSERT INTO a (id, n) VALUES (1, 1); ALTER TABLE a ADD COLUMN m integer');
  await refusal(surefoot.plan(), 'plan/unclear-data');
}

test.each([
  ['skipData', 1],
  ['runData', 2],
] as const)('%s of the plan need not be said again', async (answer, n) => {
  using project = testProject(start, fill);
  const db = new DatabaseSync(':memory:');
  const surefoot = project.surefoot({ connection: db });
  await halfFilled(surefoot, db);
  const plan = await kept(surefoot, undefined, { [answer]: ['fill'] });
  expect(await surefoot.upgrade(undefined, { fromPlan: plan })).toMatchObject({
    failed: null,
    heads: ['fill'],
  });
  expect(db.prepare('SELECT n FROM a').get()).toEqual({ n });
});

test('accepted drift, and where an object stands', async () => {
  using project = testProject(start, left);
  const db = new DatabaseSync(':memory:');
  const surefoot = project.surefoot({ connection: db });
  await surefoot.upgrade('start');
  db.exec('ALTER TABLE a DROP COLUMN n');
  await refusal(surefoot.upgrade(), 'plan/drift');
  const plan = await kept(surefoot, undefined, { acceptDrift: true });
  expect(plan.accepted).toMatchObject([{ object: 'column a.n' }]);
  expect((await surefoot.upgrade(undefined, { fromPlan: plan })).heads).toEqual(['left']);
});

test('where an object stands', async () => {
  using project = testProject(start, { id: 'gone', up: `op.dropTable('a');` }, { ...start, id: 'again' });
  const db = new DatabaseSync(':memory:');
  db.exec('CREATE TABLE a (id INTEGER PRIMARY KEY, n INTEGER)');
  const surefoot = project.surefoot({ connection: db });
  const unclear = await refusal(surefoot.plan(), 'plan/ambiguous-object');
  expect(unclear.hint).toBe('Say where it stands: --object-at a=<revision>.');
  const plan = await kept(surefoot, undefined, { objectAt: { a: 'again' } });
  db.exec('INSERT INTO a VALUES (1, 1)');
  expect((await surefoot.upgrade(undefined, { fromPlan: plan })).heads).toEqual(['again']);
  expect(db.prepare('SELECT id FROM a').all()).toEqual([{ id: 1 }]);
});

test.each([
  ['the schema changed', 'schema', (db: DatabaseSync) => db.exec('CREATE TABLE other (x)')],
  [
    'a revision was stamped',
    'recorded',
    (db: DatabaseSync) => db.exec(`UPDATE surefoot_version SET version_num = 'left'`),
  ],
])('%s: refused, and nothing is done', async (_, word, change) => {
  using project = testProject(start, left);
  const db = new DatabaseSync(':memory:');
  const surefoot = project.surefoot({ connection: db });
  await surefoot.upgrade('start');
  const plan = await kept(surefoot);
  change(db);
  const error = await refusal(surefoot.upgrade(undefined, { fromPlan: plan }), 'plan/stale');
  expect(error.details.problem).toContain(word);
  expect(db.prepare(`SELECT count(*) AS n FROM pragma_table_info('a') WHERE name = 'l'`).get()).toEqual({
    n: 0,
  });
});

test.each([
  ['edited', (text: string) => text.replace('t.integer()', 't.text()')],
  ['gone', () => null],
  ['moved', (text: string) => text.replace('"start"', '"between"')],
])('a revision that was %s', async (_, change) => {
  using project = testProject(start, left);
  const connection = new DatabaseSync(':memory:');
  const plan = await kept(project.surefoot({ connection }));
  const file = 'migrations/20240101000002_left_x.ts';
  const text = change(readFileSync(join(project.folder, file), 'utf8'));
  if (text === null) project.remove(file);
  else project.writeFile(file, text);
  project.write({ id: 'between', revises: 'start', up: '' });
  const later = project.surefoot({ connection });
  await refusal(later.upgrade(undefined, { fromPlan: plan }), 'plan/stale');
  expect(connection.prepare(`SELECT count(*) AS n FROM sqlite_schema WHERE name = 'a'`).get()).toEqual({
    n: 0,
  });
});

test('a plan of the other direction', async () => {
  using project = testProject(start);
  const surefoot = project.surefoot({ connection: new DatabaseSync(':memory:') });
  const plan = await kept(surefoot);
  await refusal(surefoot.downgrade(undefined, { fromPlan: plan }), 'usage/invalid');
});
