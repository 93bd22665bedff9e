// Repairs of SQLite tables whose references nobody can look up: the key that they mean is gone.

import { expect, test } from 'vitest';
import { openWorld } from '../check/world.ts';

const countries = {
  id: 'aaaa',
  up: `op.createTable('country', (t) => ({ id: t.integer().primaryKey(), code: t.text(), name: t.text() }));
    op.createIndex('country', ['code'], { unique: true, name: 'ix_code' });
    op.createTable('city', (t) => ({ id: t.integer().primaryKey(), name: t.text(), country: t.text() }));
    op.addForeignKey('city', ['country'], { table: 'country', columns: ['code'] });`,
};
const rows = [
  `INSERT INTO country VALUES (1, 'de', 'Germany')`,
  `INSERT INTO city VALUES (1, 'Bonn', 'de'), (2, 'Kiel', 'de')`,
];
const withoutKey = 'DROP INDEX ix_code';
/** Makes a rebuild of a table necessary. */
const withoutPrimaryKey = [
  'CREATE TABLE copy (id INTEGER NOT NULL, code TEXT, name TEXT)',
  'INSERT INTO copy SELECT * FROM country',
  'DROP TABLE country',
  'ALTER TABLE copy RENAME TO country',
];

test('a key that others refer to comes back, though until then nobody can tell whether they refer to something', async () => {
  await using world = await openWorld('sqlite', countries);
  const { bench } = world;
  await world.surefoot().upgrade();
  const made = await bench.catalogue();
  await bench.run(...rows, 'PRAGMA foreign_keys = OFF', ...withoutPrimaryKey, 'PRAGMA foreign_keys = ON');
  const result = await world.surefoot().repair({ backup: false });
  expect(result).toMatchObject({ failed: null, report: { findings: [] } });
  expect(await bench.catalogue()).toEqual(made);
  expect(await bench.rows('SELECT count(*) AS n FROM city')).toEqual([{ n: 2 }]);
});

test('a step that leaves a reference without its key is rolled back, and names the tables', async () => {
  await using world = await openWorld('sqlite', countries, {
    id: 'bbbb',
    up: `op.dropIndex('country', 'ix_code');\nop.alterColumn('country', 'name', { nullable: false });`,
  });
  await world.surefoot().upgrade('aaaa');
  await world.bench.run(...rows);
  const before = await world.bench.catalogue();
  const { failed } = await world.surefoot().upgrade();
  expect(failed).toMatchObject({ code: 'run/foreign-key-violations' });
  expect(failed?.message).toContain('foreign key mismatch - "city" referencing "country"');
  expect(await world.bench.catalogue()).toEqual(before);
});

test('a step beside a reference without a key goes on: it was so before', async () => {
  await using world = await openWorld(
    'sqlite',
    countries,
    {
      id: 'bbbb',
      up: `op.createTable('other', (t) => ({ id: t.integer().primaryKey(), name: t.text() }));`,
    },
    { id: 'cccc', up: `op.alterColumn('other', 'name', { nullable: false });` },
  );
  await world.surefoot().upgrade('bbbb');
  await world.bench.run(...rows, withoutKey);
  const result = await world.surefoot().upgrade('heads', { acceptDrift: true });
  expect(result).toMatchObject({ failed: null });
});
