// Surefoot's own tables are none of a check's business, wherever they are.

import { expect, test } from 'vitest';
import { selectedEngines } from '../servers/index.ts';
import { codesOf, openWorld } from './world.ts';

const users = {
  id: 'aaaa',
  up: `op.createTable('user', (t) => ({ id: t.integer().primaryKey(), name: t.varchar(40) }));`,
};
const home = {
  id: 'aaaa',
  up: `op.createNamespace('home');\nop.createTable({ namespace: 'home', name: 'pet' }, (t) => ({ id: t.integer().primaryKey() }));`,
};

test.runIf(selectedEngines().includes('postgres18')).each([
  ['beside the application', users, 'public'],
  ['in a namespace that no revision names', users, 'ops'],
  ['in a namespace of the application', home, 'home'],
])('on PostgreSQL: %s', async (_, revision, versionNamespace) => {
  await using world = await openWorld('postgres18', revision);
  if (versionNamespace === 'ops') await world.bench.run('CREATE SCHEMA ops');
  if (versionNamespace === 'home') await world.bench.run('CREATE SCHEMA home');
  const surefoot = () => world.surefoot({ versionNamespace, versionTable: 'odd "one"' });
  expect((await surefoot().upgrade()).extras).toEqual([]);
  const rows = await world.bench.rows(`SELECT version_num FROM ${versionNamespace}."odd ""one"""`);
  expect(rows).toEqual([{ version_num: 'aaaa' }]);
  expect(codesOf(await surefoot().check())).toEqual([]);
  expect((await surefoot().repair({ backup: false })).plan).toBeNull();
});

test.runIf(selectedEngines().includes('postgres18'))(
  "a table of the application that has the version table's name, in another namespace, is seen",
  async () => {
    const up = `op.createTable('version', (t) => ({ id: t.integer().primaryKey() }));`;
    await using world = await openWorld('postgres18', { id: 'aaaa', up });
    await world.bench.run('CREATE SCHEMA ops');
    const surefoot = world.surefoot({ versionNamespace: 'ops', versionTable: 'version' });
    expect(await surefoot.upgrade()).toMatchObject({ failed: null, differences: [] });
    expect(codesOf(await surefoot.check())).toEqual([]);
    await world.bench.run('DROP TABLE version');
    expect(codesOf(await surefoot.check())).toEqual(['drift/missing-table']);
  },
);

test.runIf(selectedEngines().includes('mysql9'))('on MySQL: in the database, named or not', async () => {
  await using world = await openWorld('mysql9', users);
  const versionNamespace = new URL(world.bench.target.url ?? '').pathname.slice(1);
  for (const options of [{ versionNamespace }, {}]) {
    const surefoot = world.surefoot({ ...options, versionTable: 'odd `one`' });
    await surefoot.upgrade();
    expect(codesOf(await surefoot.check())).toEqual([]);
  }
});

test.runIf(selectedEngines().includes('sqlite'))('on SQLite: in main, named or not', async () => {
  await using world = await openWorld('sqlite', users);
  for (const options of [{ versionNamespace: 'main' }, {}]) {
    const surefoot = world.surefoot({ ...options, versionTable: 'odd "one"' });
    await surefoot.upgrade();
    expect(codesOf(await surefoot.check())).toEqual([]);
  }
});
