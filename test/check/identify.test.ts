// The recorded revision is a lie: which one does the schema really have? And what is none of our business.

import { cpSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { refusal } from '../support/refusal.ts';
import type { RevisionText } from '../support/revisions.ts';
import type { World } from './world.ts';
import { codesOf, openWorld } from './world.ts';

const todobox = join(import.meta.dirname, '../../examples/todobox');

async function openStory(): Promise<World> {
  const world = await openWorld('sqlite');
  cpSync(join(todobox, 'migrations'), join(world.project.folder, 'migrations'), { recursive: true });
  return world;
}

test('the story: recorded c682ef478e45, and the schema is that of 366e5694a9ad', async () => {
  await using world = await openStory();
  await world.surefoot().upgrade('366e5694a9ad');
  await world.bench.run(`UPDATE surefoot_version SET version_num = 'c682ef478e45'`);
  const report = await world.surefoot().check();
  expect(report.identified).toEqual({ recorded: ['c682ef478e45'], nearest: ['366e5694a9ad'], distance: 0 });
  expect(codesOf(report)).toEqual(['history/pending', 'drift/missing-column']);
  const stamped = await world.surefoot().repair({ way: 'restamp' });
  expect(stamped.report).toMatchObject({ heads: ['366e5694a9ad'], identified: null });
  expect(await world.surefoot().upgrade()).toMatchObject({ failed: null, differences: [] });
});

test('where none fits: the nearest, and how many differences lie between', async () => {
  await using world = await openStory();
  await world.surefoot().upgrade('366e5694a9ad');
  await world.bench.run(
    `UPDATE surefoot_version SET version_num = 'c682ef478e45'`,
    'DROP INDEX ix_user_oauth_id',
    'ALTER TABLE user ADD COLUMN nobody_knows TEXT',
  );
  const report = await world.surefoot().check();
  // What history never names counts at no point.
  expect(report.identified).toEqual({ recorded: ['c682ef478e45'], nearest: ['366e5694a9ad'], distance: 1 });
  const error = await refusal(world.surefoot().repair({ way: 'restamp' }), 'repair/not-identified');
  expect(error.details).toEqual({ nearest: ['366e5694a9ad'], distance: 1 });
});

test('base: recorded, and nothing is there', async () => {
  await using world = await openStory();
  await world.bench.run(
    'CREATE TABLE surefoot_version (version_num varchar(255) NOT NULL PRIMARY KEY)',
    `INSERT INTO surefoot_version VALUES ('d1f2e3c4b5a6')`,
  );
  const report = await world.surefoot().check();
  expect(report.identified).toEqual({ recorded: ['d1f2e3c4b5a6'], nearest: ['base'], distance: 0 });
  expect(codesOf(report)).toEqual(['drift/missing-table']);
});

const users: RevisionText = {
  id: 'aaaa',
  up: `op.createTable('user', (t) => ({ id: t.integer().primaryKey(), name: t.varchar(40) }));`,
};
const fill: RevisionText = {
  id: 'bbbb',
  up: `op.execute("UPDATE user SET name = 'x'", { effect: 'none', inverse: 'SELECT 1' });`,
};
const token: RevisionText = { id: 'cccc', up: `op.addColumn('user', 'token', t.text());` };

test('equal at several revisions with a data step between them: it asks', async () => {
  await using world = await openWorld('sqlite', users, fill, token);
  await world.surefoot().upgrade('aaaa');
  await world.bench.run(`UPDATE surefoot_version SET version_num = 'cccc'`);
  const report = await world.surefoot().check();
  expect(report.identified).toEqual({ recorded: ['cccc'], nearest: ['aaaa', 'bbbb'], distance: 0 });
  const error = await refusal(world.surefoot().repair({ way: 'restamp' }), 'repair/several-identified');
  expect(error.details).toEqual({ revisions: ['aaaa', 'bbbb'] });
  const stamped = await world.surefoot().repair({ way: 'restamp', at: 'aaaa' });
  expect(stamped.report).toMatchObject({ heads: ['aaaa'], pending: ['bbbb', 'cccc'] });
  await refusal(world.surefoot().repair({ way: 'restamp', at: 'cccc' }), 'repair/not-identified');
});

test('what the config ignores is not there for check, nor for repair', async () => {
  await using world = await openWorld('sqlite', users);
  await world.surefoot().upgrade();
  await world.bench.run(
    'CREATE TABLE wp_posts (a)',
    'CREATE INDEX ix_wp ON wp_posts (a)',
    'CREATE TABLE "odd[name" (a)',
    'CREATE VIEW report_2024 AS SELECT 1 AS one',
    'CREATE TABLE other (a)',
  );
  expect(codesOf(await world.surefoot().check())).toEqual([
    'drift/extra-table',
    'drift/extra-table',
    'drift/extra-table',
    'drift/extra-view',
  ]);
  const ignore = ['wp_*', 'odd[name', 'report_*'];
  const report = await world.surefoot({ ignore }).check();
  expect(report.findings.map(({ object }) => object?.name)).toEqual(['other']);
  // A pattern is a whole name, and its dots and brackets are plain.
  expect(codesOf(await world.surefoot({ ignore: ['othe', 'o.her', 'wp', '[a-z]*'] }).check())).toHaveLength(
    4,
  );
  expect((await world.surefoot({ ignore }).repair({ allow: ['drop-table'] })).plan).toBeNull();
});

test('a version table of another tool, and a database that is not empty and has none', async () => {
  await using world = await openWorld('sqlite', users);
  await world.bench.run('CREATE TABLE user (id INTEGER CONSTRAINT pk_user PRIMARY KEY, name VARCHAR(40))');
  const report = await world.surefoot().check();
  expect(report).toMatchObject({
    heads: [],
    pending: ['aaaa'],
    identified: { recorded: [], nearest: ['aaaa'], distance: 0 },
  });
  expect(report.findings).toMatchObject([
    { code: 'history/pending' },
    { code: 'drift/extra-table', severity: 'warning', revision: 'aaaa', cure: 'surefoot upgrade' },
  ]);
  expect((await world.surefoot().upgrade()).failed).toBeNull();
  await using foreign = await openWorld('sqlite', users);
  await foreign.bench.run('CREATE TABLE surefoot_version (installed_rank INTEGER, script TEXT)');
  await refusal(foreign.surefoot().check(), 'version/foreign-table');
});
