// Questions about rows, asked of real servers at the moment that they are worded for.

import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { freshDatabase, selectedEngines } from '../servers/index.ts';
import type { RevisionText } from '../support/revisions.ts';
import { testProject } from '../support/revisions.ts';
import { thinned } from '../support/share.ts';

const start: RevisionText = {
  id: 'a001',
  up: `op.createTable('user', { id: t.integer().primaryKey(), name: t.varchar(20), city: t.varchar(20) });
    op.createTable('pet', { id: t.integer().primaryKey(), owner: t.integer() });
    op.insertRows('user', [{ id: 1, name: 'ann', city: null }, { id: 2, name: 'ann', city: 'x' }, { id: 3, name: null, city: 'y' }]);
    op.insertRows('pet', [{ id: 1, owner: 7 }]);`,
};

/** What comes after these rows; `null`: it runs, otherwise what is in the way. */
const chains: readonly {
  readonly name: string;
  readonly up: string;
  readonly inTheWay: RegExp | null;
}[] = [
  { name: 'a new unique column', up: `op.addColumn('user', 'x', t.integer().unique());`, inTheWay: null },
  {
    name: 'a new column with a check and a default',
    up: `op.addColumn('user', 'x', t.integer().notNull().default(1).check('x > 0', 'ck_x'));`,
    inTheWay: null,
  },
  {
    name: 'a new column that refers to others',
    up: `op.addColumn('user', 'boss', t.integer().references('user', 'id'));`,
    inTheWay: null,
  },
  {
    name: 'two alterations after a rename',
    up: `op.renameColumn('user', 'city', 'town');
      op.alterColumn('user', 'name', { nullable: false });
      op.alterColumn('user', 'town', { nullable: false });`,
    inTheWay: /user\.name|without name/,
  },
  {
    name: 'a unique key after renames',
    up: `op.renameColumn('user', 'name', 'label'); op.renameTable('user', 'person'); op.addUnique('person', ['label']);`,
    inTheWay: /\(label\) in person/,
  },
  {
    name: 'a foreign key to a renamed table',
    up: `op.renameTable('user', 'person'); op.addForeignKey('pet', ['owner'], { table: 'person', columns: ['id'] });`,
    inTheWay: /pet .*owner/,
  },
  {
    name: 'filled before it is required',
    up: `op.addColumn('user', 'x', t.integer());
      op.execute('UPDATE "user" SET x = 1'.replaceAll('"', dialect === 'mysql' ? '\`' : '"'), { inverse: [] });
      op.alterColumn('user', 'x', { nullable: false });`,
    inTheWay: null,
  },
  {
    name: 'not filled before it is required',
    up: `op.addColumn('user', 'x', t.integer());
      op.execute('UPDATE "user" SET x = 1 WHERE id < 3'.replaceAll('"', dialect === 'mysql' ? '\`' : '"'), { inverse: [] });
      op.alterColumn('user', 'x', { nullable: false });`,
    inTheWay: /3$/,
  },
];

const losses: readonly { readonly name: string; readonly up: string; readonly counts: readonly number[] }[] =
  [
    { name: 'a column', up: `op.dropColumn('user', 'city');`, counts: [2] },
    {
      name: 'a renamed column of a renamed table',
      up: `op.renameTable('user', 'person'); op.renameColumn('person', 'city', 'town'); op.dropColumn('person', 'town');`,
      counts: [2],
    },
    { name: 'a renamed table', up: `op.renameTable('user', 'person'); op.dropTable('person');`, counts: [3] },
    {
      name: 'a column that took the place of another',
      up: `op.renameColumn('user', 'city', 'town'); op.addColumn('user', 'city', t.integer()); op.dropColumn('user', 'city');`,
      counts: [],
    },
    {
      name: 'what the plan made',
      up: `op.createTable('x', { id: t.integer() }); op.dropTable('x');`,
      counts: [],
    },
  ];

describe.each(selectedEngines())('rows on %s', (engine) => {
  let database: Awaited<ReturnType<typeof freshDatabase>>;
  beforeAll(async () => {
    database = await freshDatabase(engine);
  });
  afterAll(() => database.drop());

  const started = async (up: string) => {
    const project = testProject(start);
    await project.surefoot({ url: database.url }).upgrade();
    project.write({ id: 'a002', up });
    const surefoot = project.surefoot({ url: database.url });
    return { project, surefoot, [Symbol.dispose]: () => project[Symbol.dispose]() };
  };

  test.each(thinned(engine, chains))('$name', async ({ up, inTheWay }) => {
    using world = await started(up);
    try {
      const run = world.surefoot.upgrade();
      if (inTheWay === null) {
        expect(await run).toMatchObject({ failed: null, differences: [], extras: [] });
        return;
      }
      // Asked before the first statement where nothing before it changes the answer, otherwise right before the operation.
      const refused: unknown = await run.then(
        ({ failed }) => failed,
        (error: unknown) => error,
      );
      expect(refused).toMatchObject({ code: 'plan/rows', message: expect.stringMatching(inTheWay) });
    } finally {
      await world.surefoot.dropAll();
    }
  });

  test.each(thinned(engine, losses))('the loss of $name is counted', async ({ up, counts }) => {
    using world = await started(up);
    try {
      const plan = await world.surefoot.plan();
      expect(plan.losses.map(({ count }) => count)).toEqual(counts);
    } finally {
      await world.surefoot.dropAll();
    }
  });
});
