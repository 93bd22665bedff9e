// What no revision names may stand in the way of what they make. A server tells so in the middle of the work; a copy of the
// schema tells it before.

import { describe, expect, test } from 'vitest';
import { openWorld } from '../check/world.ts';
import { selectedEngines } from '../servers/index.ts';
import { refusal } from '../support/refusal.ts';
import { representatives } from '../support/share.ts';

const users = {
  id: 'aaaa',
  up: `op.createTable('user', (t) => ({ id: t.integer().primaryKey(), name: t.varchar(40) }));
    op.createTable('pet', (t) => ({ id: t.integer().primaryKey(), owner: t.integer().references('user', 'id', { name: 'fk_owner' }) }));
    op.createIndex('pet', ['owner'], { name: 'ix_owner' });`,
};
const rows = [`INSERT INTO user VALUES (1, 'Ann')`, 'INSERT INTO pet VALUES (1, 1)'];
const engines = representatives(selectedEngines());
const mysqls = engines.filter((engine) => ['mysql9', 'mariadb'].includes(engine));

describe.each(mysqls)('%s', (engine) => {
  test('a foreign key of a table that was renamed by hand has the name of one to come: repair refuses', async () => {
    await using world = await openWorld(engine, users);
    const { bench } = world;
    await world.surefoot().upgrade();
    await bench.run(...rows, 'ALTER TABLE user DROP COLUMN name', 'RENAME TABLE pet TO kept');
    const before = await bench.catalogue();
    const error = await refusal(world.surefoot().repair({ backup: false }), 'plan/impossible');
    expect(error).toMatchObject({ code: 'plan/impossible', details: { revision: '(repair)' } });
    expect(error.message).toMatch(/pet.*fk_owner|pet.*errno: 121/s);
    expect(await bench.catalogue()).toEqual(before);
    expect(await bench.rows('SELECT owner FROM kept')).toEqual([{ owner: 1 }]);
    await bench.run('ALTER TABLE kept DROP FOREIGN KEY fk_owner');
    expect(await world.surefoot().repair({ backup: false })).toMatchObject({ failed: null });
  });

  test('a second column that counts, beside a view that the renaming by hand broke: repair refuses', async () => {
    await using world = await openWorld(engine, {
      id: 'aaaa',
      up: `op.createTable('user', (t) => ({ id: t.integer().identity().primaryKey(), name: t.varchar(40) }));
        op.createView('names', 'SELECT id, name FROM user');`,
    });
    const { bench } = world;
    await world.surefoot().upgrade();
    await bench.run(`INSERT INTO user (name) VALUES ('Ann')`, 'ALTER TABLE user RENAME COLUMN id TO mine');
    const before = await bench.catalogue();
    const error = await refusal(world.surefoot().repair({ backup: false }), 'plan/impossible');
    expect(error.message).toContain('there can be only one auto column');
    expect(await bench.catalogue()).toEqual(before);
    await bench.run('ALTER TABLE user RENAME COLUMN mine TO id');
    expect((await world.surefoot().check()).findings).toEqual([]);
  });

  test("a view that is broken already stands in nobody's way", async () => {
    await using world = await openWorld(engine, {
      id: 'aaaa',
      up: `op.createTable('user', (t) => ({ id: t.integer().primaryKey(), name: t.varchar(40) }));
        op.createView('names', 'SELECT id, name FROM user');`,
    });
    const { bench } = world;
    await world.surefoot().upgrade();
    await bench.run(
      'CREATE VIEW other AS SELECT name FROM names',
      'ALTER TABLE user DROP COLUMN name',
      `INSERT INTO user VALUES (1)`,
    );
    expect(await world.surefoot().repair({ backup: false })).toMatchObject({ failed: null });
    expect(await bench.rows('SELECT * FROM names')).toEqual([{ id: 1, name: null }]);
  });

  test('a trigger made by hand has the name of one that a pending revision makes: upgrade refuses', async () => {
    const sql = 'CREATE TRIGGER stamped BEFORE INSERT ON pet FOR EACH ROW SET @n = 1';
    await using world = await openWorld(engine, users, {
      id: 'bbbb',
      up: `op.addColumn('user', 'token', t.varchar(40));\nop.createTrigger('pet', 'stamped', '${sql}');`,
    });
    await world.surefoot().upgrade('aaaa');
    await world.bench.run(sql.replace('ON pet', 'ON user'));
    const before = await world.bench.catalogue();
    expect(await refusal(world.surefoot().upgrade(), 'plan/name-taken')).toMatchObject({
      details: { revision: 'bbbb', object: 'trigger stamped on pet', holder: 'trigger stamped on user' },
    });
    expect(await world.bench.catalogue()).toEqual(before);
  });
});

test.runIf(engines.includes('sqlite'))(
  'an index of a renamed table: repair refuses before it saves anything',
  async () => {
    await using world = await openWorld('sqlite', users);
    const { bench } = world;
    await world.surefoot().upgrade();
    await bench.run(...rows, 'ALTER TABLE pet RENAME TO kept');
    const before = await bench.catalogue();
    const error = await refusal(world.surefoot().repair(), 'plan/impossible');
    expect(error).toMatchObject({ code: 'plan/impossible' });
    expect(error.message).toContain('index ix_owner already exists');
    expect(await bench.catalogue()).toEqual(before);
  },
);

test.runIf(engines.includes('sqlite'))(
  'a reference made by hand to a key that a later revision takes away: upgrade refuses at once',
  async () => {
    await using world = await openWorld(
      'sqlite',
      {
        id: 'aaaa',
        up: `op.createTable('user', (t) => ({ id: t.integer().primaryKey(), code: t.text() }));
        op.createIndex('user', ['code'], { unique: true, name: 'ix_code' });`,
      },
      { id: 'bbbb', up: `op.addColumn('user', 'name', t.text());` },
      {
        id: 'cccc',
        up: `op.dropIndex('user', 'ix_code');\nop.alterColumn('user', 'code', { nullable: false });`,
      },
    );
    await world.surefoot().upgrade('aaaa');
    await world.bench.run('CREATE TABLE mine (code TEXT REFERENCES user (code))');
    const before = await world.bench.catalogue();
    const error = await refusal(world.surefoot().upgrade(), 'plan/impossible');
    expect(error).toMatchObject({ code: 'plan/impossible', details: { revision: 'cccc' } });
    expect(await world.bench.catalogue()).toEqual(before);
  },
);
