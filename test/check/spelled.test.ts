// What a server spells in its own way is no drift, whether its author named it or not.

import { describe, expect, test } from 'vitest';
import type { Engine } from '../servers/index.ts';
import { selectedEngines } from '../servers/index.ts';
import { codesOf, openWorld } from './world.ts';

const engines: readonly Engine[] = ['sqlite', 'postgres18', 'mysql9', 'mariadb'];

describe.each(engines.filter((engine) => selectedEngines().includes(engine)))('%s', (engine) => {
  const isMysql = engine === 'mysql9' || engine === 'mariadb';

  test('checks and expressions without a name', async () => {
    const index = isMysql ? '' : `op.createIndex('user', [{ sql: 'lower( name )' }]);`;
    await using world = await openWorld(engine, {
      id: 'aaaa',
      up: `op.createTable('user', (t) => ({ id: t.integer().primaryKey(), name: t.varchar(40), age: t.integer(), z: t.integer() }));
        op.addCheck('user', 'not z is null');
        op.addCheck('user', '((age)>(0)) and age<>-4');
        op.addCheck('user', 'age in (1,2, 3) or not age is null');
        op.addCheck('user', 'z between 1 and 9', { name: 'aa_named' });
        ${index}`,
    });
    expect(await world.surefoot().upgrade()).toMatchObject({ failed: null, differences: [] });
    expect(codesOf(await world.surefoot().check())).toEqual([]);
    expect((await world.surefoot().repair()).plan).toBeNull();
    expect((await world.surefoot().downgrade('base')).failed).toBeNull();
    expect(await world.bench.catalogue()).toEqual([]);
  });
});

test('what its author left unnamed is told by what it says', async () => {
  await using world = await openWorld('sqlite', {
    id: 'aaaa',
    up: `op.createTable('user', (t) => ({ id: t.integer().primaryKey(), name: t.varchar(40) }));
      op.addCheck('user', 'id > 0');
      op.addUnique('user', ['name', 'id']);
      op.createIndex('user', [{ sql: 'lower(name)' }, 'id']);`,
  });
  await world.surefoot().upgrade();
  await world.bench.run(
    'DROP TABLE user; CREATE TABLE user (id INTEGER CONSTRAINT pk_user PRIMARY KEY, name VARCHAR(40))',
  );
  const { findings } = await world.surefoot().check();
  expect(findings.map(({ code, message, object }) => [code, message, object?.name]).sort()).toEqual([
    ['drift/missing-constraint', 'check (id > 0) of user is missing', 'id > 0'],
    ['drift/missing-constraint', 'unique (name, id) of user is missing', 'name, id'],
    ['drift/missing-index', 'index (lower(name), id) of user is missing', 'lower(name), id'],
  ]);
});
