// Chains of revisions on which laws were once broken on servers, each as short as it could be made.

import { describe, expect, test } from 'vitest';
import { t } from '../../src/schema/column-builder.ts';
import { type DialectName, emptySchema } from '../../src/schema/schema.ts';
import { memoryRevision, openWorld, type Written } from '../conformance/world.ts';
import { selectedEngines } from '../servers/index.ts';
import { representatives } from '../support/share.ts';
import { waysIn } from './ways.ts';

const post: Written = (op) =>
  op.createTable('post', { id: t.integer().primaryKey(), name: t.varchar(20), size: t.integer() });

/** A trigger in quotes that it does not need. */
const bodies: Readonly<Record<DialectName, string>> = {
  sqlite: 'UPDATE OF "name" ON "post" FOR EACH ROW BEGIN SELECT 1; END',
  postgres: 'UPDATE OF "name" ON "post" FOR EACH ROW EXECUTE FUNCTION suppress_redundant_updates_trigger()',
  mysql: 'UPDATE ON `post` FOR EACH ROW SET @n = 1',
};

interface Found {
  readonly name: string;
  readonly written: readonly Written[];
}

const found: readonly Found[] = [
  {
    name: 'what is unique twice over, once as the key',
    written: [
      (op) =>
        op.createTable(
          'twice',
          { id: t.integer().primaryKey().unique(), n: t.integer() },
          { uniques: [['n'], { columns: ['n'], name: 'again' }] },
        ),
      (op) => op.dropUnique('twice', { columns: ['id'] }),
      (op) => op.dropTable('twice'),
    ],
  },
  {
    name: 'a view that reads one whose name comes behind its own',
    written: [
      post,
      (op) => op.createView('seen', 'SELECT name, id FROM post'),
      (op) => op.createView('a_reader', 'SELECT s.name AS post, id FROM seen s'),
    ],
  },
  {
    name: 'a trigger that the server spells otherwise, taken back',
    written: [
      post,
      (op, { dialect, q }) =>
        op.createTrigger('post', 'touched', `CREATE TRIGGER ${q('touched')} BEFORE ${bodies[dialect]}`),
    ],
  },
];

describe.each(representatives(selectedEngines()))('%s', (engine) => {
  test.each(found)('$name', async ({ written }) => {
    const world = await openWorld(engine);
    const { upgrade, downgrade } = waysIn(() => world);
    const all = written.map((one, i) => memoryRevision(`r${i}`, one, world.at));
    try {
      await upgrade([], all);
      await downgrade(all, 0);
      expect(await world.introspect()).toEqual(emptySchema);
      for (const [i, one] of all.entries()) await upgrade(all.slice(0, i), [one]);
    } finally {
      await world.close();
    }
  });
});
