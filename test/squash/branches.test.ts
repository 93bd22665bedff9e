// A squash over branches that meet again, and databases that stand on one of them, on both, or behind.

import { expect, test } from 'vitest';
import { freshDatabase } from '../servers/index.ts';
import { testProject } from '../support/revisions.ts';

const diamond = [
  { id: 'aaaa1111', up: `op.createTable('person', { id: t.integer().primaryKey() });` },
  { id: 'bbbb2222', revises: 'aaaa1111', up: `op.addColumn('person', 'mail', t.varchar(120));` },
  { id: 'cccc3333', revises: 'aaaa1111', up: `op.addColumn('person', 'name', t.varchar(60));` },
  {
    id: 'dddd4444',
    revises: ['bbbb2222', 'cccc3333'],
    up: `op.createIndex('person', ['mail', 'name'], { unique: true });`,
  },
  { id: 'eeee5555', revises: 'dddd4444', up: `op.addColumn('person', 'age', t.integer());` },
] as const;

const places = [
  [],
  ['aaaa1111'],
  ['bbbb2222'],
  ['cccc3333'],
  ['bbbb2222', 'cccc3333'],
  ['dddd4444'],
  ['eeee5555'],
] as const;

test('databases on either branch come to the heads', async () => {
  using project = testProject(...diamond);
  const databases = [];
  for (const at of places) {
    const database = await freshDatabase('sqlite');
    const surefoot = project.surefoot({ url: database.url });
    for (const id of at) await surefoot.upgrade(id);
    expect((await surefoot.current()).heads.toSorted()).toEqual(at);
    databases.push({ at, database });
  }
  const result = await project
    .surefoot({ url: databases[0]?.database.url })
    .squash({ range: 'aaaa1111:dddd4444' });
  expect(result).toMatchObject({ id: 'dddd4444', replaces: ['aaaa1111', 'bbbb2222', 'cccc3333'] });
  for (const { at, database } of databases) {
    const surefoot = project.surefoot({ url: database.url });
    expect(await surefoot.upgrade(), at.join()).toMatchObject({ failed: null, differences: [], extras: [] });
    expect(await surefoot.current()).toEqual({ heads: ['eeee5555'], pending: [] });
    expect((await surefoot.check()).findings).toEqual([]);
    await surefoot.downgrade('base');
    expect(await surefoot.upgrade(), at.join()).toMatchObject({ failed: null, differences: [] });
    await database.drop();
  }
}, 120_000);

test('one branch, and not the other', async () => {
  using project = testProject(...diamond);
  const surefoot = project.surefoot({ url: 'sqlite::memory:' });
  await expect(surefoot.squash({ range: 'aaaa1111:bbbb2222' })).rejects.toMatchObject({
    code: 'squash/needed-outside',
    details: { revision: 'aaaa1111', neededBy: ['cccc3333'] },
  });
});
