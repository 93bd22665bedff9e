// Another type in two halves, as autogenerate writes it: both releases use the column under its one name all the time.

import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { createSurefoot } from '../../src/library/surefoot.ts';
import { session, until } from '../runner/support.ts';
import type { Engine } from '../servers/index.ts';
import { freshDatabase, selectedEngines } from '../servers/index.ts';
import { testProject } from '../support/revisions.ts';
import { share } from '../support/share.ts';
import { release } from './release.ts';

const engines = selectedEngines().filter((one) => ['postgres18', 'mysql9', 'mariadb'].includes(one));

const before = {
  id: 'aaaa',
  up: `op.createTable('item', (t) => ({ id: t.bigint().identity().primaryKey(), n: t.integer().notNull().default(5),
      price: t.varchar(20).notNull(), label: t.varchar(20), total: t.integer(), stock: t.integer().notNull() }),
      { indexes: [{ name: 'ix_item_n', columns: ['n'] }, { name: 'ix_item_two', columns: ['n', 'id'] }],
        uniques: [{ name: 'uq_item_label', columns: ['label'] }] });
    op.insertRows('item', Array.from({ length: 300 }, (_, i) => ({ n: i, price: String(i), label: 'label ' + i, total: i % 3 ? i : null, stock: i })));`,
};

const models = `import { defineSchema, table } from 'surefoot';
export default defineSchema({ tables: { item: table((t) => ({
  id: t.bigint().identity().primaryKey(), n: t.bigint().notNull().default(5), price: t.integer().notNull(),
  label: t.varchar(300), total: t.numeric(12, 2), quantity: t.bigint().notNull(),
}), { indexes: [{ name: 'ix_item_n', columns: ['n'] }, { name: 'ix_item_two', columns: ['n', 'id'] }],
  uniques: [{ name: 'uq_item_label', columns: ['label'] }] }) } });
`;

/** A driver sends values as texts, which is what a quoted literal is: both releases' queries fit both types. */
const old = (i: number) => [
  `INSERT INTO item (price, label, total, stock) VALUES ('${i}', 'old ${i}', ${i}, 1)`,
  `UPDATE item SET n = ${i}, price = '${i + 1}', label = 'changed ${i}' WHERE id = ${1 + (i % 300)}`,
  `SELECT n, price, label, total, stock FROM item WHERE price = '${i}' AND label = 'old ${i}'`,
  `DELETE FROM item WHERE label = 'old ${i - 5}'`,
];
const next = (i: number) => [
  `INSERT INTO item (n, price, label, quantity) VALUES ('${i}', '${i}', 'new ${i}', 2)`,
  `UPDATE item SET price = '${i + 2}', total = ${i}, quantity = ${i} WHERE id = ${1 + ((i + 150) % 300)}`,
  `SELECT n, price, label, total, quantity FROM item WHERE n = '${i}' OR label = 'new ${i}'`,
];

async function rows(url: string, sql: string): Promise<readonly Record<string, unknown>[]> {
  const connection = await session(url);
  try {
    return (await connection.query(sql)).rows;
  } finally {
    await connection.close();
  }
}

const small = {
  id: 'aaaa',
  up: `op.createTable('item', (t) => ({ id: t.integer().primaryKey(), price: t.varchar(20).notNull(), stock: t.integer() }),
      { indexes: [{ name: 'ix_item_price', columns: ['price'] }] });
    op.insertRows('item', [{ id: 1, price: '1', stock: 1 }, { id: 2, price: '2' }]);`,
};
const smallModels = `import { defineSchema, table } from 'surefoot';
export default defineSchema({ tables: { item: table((t) => ({
  id: t.integer().primaryKey(), price: t.integer().notNull(), quantity: t.bigint(),
}), { indexes: [{ name: 'ix_item_price', columns: ['price'] }] }) } });
`;

async function written(engine: Engine, revisions = before, wanted = models) {
  const { url, drop } = await freshDatabase(engine);
  const project = testProject(revisions);
  project.writeFile('schema.ts', wanted);
  const surefoot = () => createSurefoot({ url, projectFolder: project.folder, models: './schema.ts' });
  await surefoot().upgrade();
  const { revision } = await surefoot().autogenerate({
    message: 'types',
    id: 'bbbb',
    rename: ['item.stock:quantity'],
    noRenames: true,
    online: true,
  });
  const end = async () => {
    project[Symbol.dispose]();
    await drop();
  };
  return { url, surefoot, end, text: readFileSync(revision?.file ?? '', 'utf8') };
}

/** Elsewhere it takes long: SUREFOOT_LONG=1. */
test.each(
  share(
    engines,
    engines.filter((engine) => engine === 'postgres18'),
  ),
)(
  '%s: other types, with indexes and uniques, and one of them under another name',
  async (engine) => {
    const { url, surefoot, end, text } = await written(engine);
    try {
      expect(text).not.toContain('does not survive it');
      const releaseBefore = release(url, old);
      await until('the old release is at work', () => releaseBefore.queries() > 8);
      expect(await surefoot().upgrade('heads', { phase: 'expand' })).toMatchObject({
        failed: null,
        differences: [],
      });
      const releaseToCome = release(url, next);
      await until('the new release is at work', () => releaseToCome.queries() > 15);
      const apart = `SELECT id FROM item WHERE n <> n_new OR price_new IS NULL OR CAST(price AS DECIMAL(20)) <> price_new OR total <> total_new
        OR stock <> quantity OR stock IS NULL`;
      expect(await rows(url, apart)).toEqual([]);
      expect((await releaseBefore.stop()).failures).toEqual([]);
      const contracted = await surefoot().upgrade('heads', { phase: 'contract' });
      expect(contracted).toMatchObject({ failed: null, differences: [] });
      const there = releaseToCome.queries();
      await until('the new release goes on', () => releaseToCome.queries() > there + 9);
      expect((await releaseToCome.stop()).failures).toEqual([]);
      const lost =
        'SELECT id FROM item WHERE n IS NULL OR price IS NULL OR label IS NULL OR quantity IS NULL';
      expect(await rows(url, lost)).toEqual([]);
      await rows(
        url,
        `INSERT INTO item (n, price, label, quantity) VALUES (5000000000, 7, 'big', 5000000000)`,
      );
      await rows(url, `DELETE FROM item WHERE label = 'big'`);
      const { findings } = await surefoot().check();
      expect(findings.filter(({ severity }) => severity === 'error')).toEqual([]);
      expect((await surefoot().autogenerate({ message: 'again', noRenames: true })).operations).toEqual([]);
      // And all the way back, and up again in one go.
      expect(await surefoot().downgrade('aaaa')).toMatchObject({ failed: null, differences: [] });
      const kept = await rows(url, `SELECT n, price, label, stock FROM item WHERE id = 300`);
      expect(await surefoot().upgrade()).toMatchObject({ failed: null, differences: [] });
      const [row] = await rows(url, `SELECT n, price, label, quantity AS stock FROM item WHERE id = 300`);
      expect(Object.values(row ?? {}).map(String)).toEqual(Object.values(kept[0] ?? {}).map(String));
    } finally {
      await end();
    }
  },
  240_000,
);

test.runIf(share(true, false)).each(engines)(
  '%s: what is written stands its rehearsal: cut at every moment, and under the queries of the release before',
  async (engine) => {
    const { surefoot, end } = await written(engine, small, smallModels);
    try {
      // Made-up texts are no prices.
      const seed = async (connection: { query(sql: string): Promise<unknown> }) => {
        await connection.query(`UPDATE item SET price = '5'`);
      };
      const { results } = await surefoot().rehearse({ seeds: { bbbb: seed, bbbbc: seed } });
      expect(results.filter(({ status }) => status === 'failed')).toEqual([]);
      const proven = results.filter(({ test: one, status }) => one === 'old-queries' && status === 'passed');
      expect(proven.map(({ revision }) => revision)).toContain('bbbb');
      expect(
        results.filter(({ test: one, status }) => one === 'interrupted' && status === 'passed').length,
      ).toBe(3);
    } finally {
      await end();
    }
  },
  900_000,
);
