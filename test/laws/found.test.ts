// Chains of revisions on which laws were once broken, each as short as it could be made.

import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { t } from '../../src/schema/column-builder.ts';
import { emptySchema } from '../../src/schema/schema.ts';
import { memoryRevision, openWorld, type World, type Written } from '../conformance/world.ts';
import { waysIn } from './ways.ts';

let world: World;
beforeAll(async () => {
  world = await openWorld('sqlite');
});
afterAll(() => world.close());
beforeEach(() => world.clear());

const post: Written = (op) =>
  op.createTable(
    'post',
    { id: t.integer().primaryKey(), name: t.varchar(20) },
    { uniques: [['id', 'name']] },
  );

/** What was wrong, and the revisions. */
const chains: readonly (readonly [name: string, ...revisions: Written[]])[] = [
  [
    'a table that comes again, some of whose columns are as before',
    (op, at) => {
      post(op, at);
      op.alterColumn('post', 'name', { type: t.integer(), default: 3 });
    },
    (op) => {
      op.dropTable('post');
      op.createTable('post', { id: t.integer().primaryKey(), name: t.varchar(20), size: t.integer() });
    },
  ],
  [
    'a check that a renamed column stands in',
    post,
    (op) => op.addCheck('post', 'length(name) < 99', { name: 'ck_name' }),
    (op) => op.renameColumn('post', 'name', 'size'),
    (op) => op.addColumn('post', 'other', t.integer()),
  ],
  [
    'a view that comes again over another table',
    (op, at) => {
      post(op, at);
      op.createTable('user', { id: t.integer().primaryKey() });
      op.createView('seen', 'SELECT id FROM post');
    },
    (op) => {
      op.dropView('seen');
      op.createView('seen', 'SELECT id FROM user');
    },
  ],
  [
    'a view over a table that gets a column of the name of a keyword',
    (op, at) => {
      post(op, at);
      op.createView('seen', 'SELECT id FROM post');
    },
    (op) => op.addColumn('post', 'select', t.integer()),
  ],
  [
    'a constraint that goes and comes again in one plan',
    post,
    (op) => op.addCheck('post', 'id > 0', { name: 'ck_id' }),
    (op) => {
      op.dropCheck('post', 'ck_id');
      op.addCheck('post', 'id > 0', { name: 'ck_id' });
    },
  ],
  [
    'an unnamed index of a table that is renamed later, and dropped under its first name',
    post,
    (op) => {
      op.createIndex('post', ['name'], { unique: true });
      op.renameTable('post', 'article');
    },
    (op) => op.dropIndex('article', { columns: ['name'] }),
  ],
  [
    'an unnamed index of a column that comes back under another name',
    (op, at) => {
      post(op, at);
      op.createIndex('post', ['name']);
    },
    (op) => {
      op.renameColumn('post', 'name', 'label');
      op.dropColumn('post', 'label');
    },
  ],
  [
    'a column in the place of one that was renamed away',
    post,
    (op) => {
      op.renameColumn('post', 'name', 'label');
      op.addColumn('post', 'name', t.varchar(20));
    },
  ],
  [
    'a foreign key to a table that is renamed later',
    (op, at) => {
      post(op, at);
      op.createTable('user', { id: t.integer().primaryKey(), post_id: t.integer() });
    },
    (op) => op.addForeignKey('user', ['post_id'], { table: 'post', columns: ['id'] }),
    (op) => op.renameTable('post', 'article'),
    (op) => op.dropForeignKey('user', { columns: ['post_id'] }),
  ],
  [
    'an unnamed index, and a named one that looks like it on the table that comes later',
    (op, at) => {
      post(op, at);
      op.createIndex('post', ['name'], { unique: true });
    },
    (op) => op.dropTable('post'),
    (op) => {
      op.createTable('post', { id: t.integer().primaryKey(), name: t.text() });
      op.createIndex('post', ['name'], { unique: true, name: 'ix_post' });
    },
  ],
  [
    'a trigger on a table that is renamed, and rebuilt by the next revision of the plan',
    (op, at) => {
      post(op, at);
      op.createTrigger(
        'post',
        'tr',
        'CREATE TRIGGER tr AFTER INSERT ON post BEGIN UPDATE post SET name = 1; END',
      );
    },
    (op) => {
      op.renameTable('post', 'order');
      op.renameColumn('order', 'name', 'select');
    },
    (op) => op.alterColumn('order', 'select', { type: t.text() }),
  ],
  [
    'an enum that was a text, and is one again',
    post,
    (op) => op.alterColumn('post', 'name', { type: t.enum(null, ['sad', "it's ok"]) }),
    (op) => op.alterColumn('post', 'name', { type: t.varchar(9) }),
  ],
  [
    'a trigger that writes to a table whose column is called like its own, and is renamed in the same plan',
    (op, at) => {
      post(op, at);
      op.createTable('log', { id: t.integer().primaryKey(), name: t.text() });
      op.createTrigger(
        'post',
        'tr',
        'CREATE TRIGGER tr AFTER INSERT ON post BEGIN INSERT INTO log (name) VALUES (NEW.name); END',
      );
    },
    (op) => {
      op.renameColumn('log', 'name', 'text');
      op.alterColumn('post', 'name', { type: t.text() });
    },
    (op) => {
      op.renameTable('log', 'post_log');
      op.alterColumn('post', 'name', { nullable: false });
    },
  ],
  [
    'a view over a view',
    post,
    (op) => op.createView('a', 'SELECT id FROM post'),
    (op) => op.createView('b', 'SELECT id FROM a'),
    (op) => op.renameTable('post', 'article'),
  ],
];

const { upgrade, downgrade } = waysIn(() => world);

test.each(chains.map(([name, ...written]) => ({ name, written })))('$name', async ({ written }) => {
  const all = written.map((one, i) => memoryRevision(`r${i}`, one, world.at));
  await upgrade([], all);
  await downgrade(all, 0);
  expect(await world.introspect()).toEqual(emptySchema);
  for (const point of all.keys()) {
    await upgrade([], all.slice(0, point));
    await upgrade(all.slice(0, point), all.slice(point));
    await downgrade(all, point);
    await downgrade(all.slice(0, point), 0);
  }
});

test('a part that came and went, in a database recorded before both', async () => {
  const all = [
    memoryRevision(
      'r0',
      (op, at) => {
        post(op, at);
        op.createIndex('post', ['name']);
      },
      world.at,
    ),
    memoryRevision('r1', (op) => op.dropIndex('post', { columns: ['name'] }), world.at),
    memoryRevision('r2', (op) => op.renameTable('post', 'article'), world.at),
  ];
  await upgrade([], all);
  const { plan } = await world.plan({ direction: 'upgrade', applied: [], path: all });
  expect(plan.steps.flatMap(({ segments }) => segments)).toEqual([]);
});
