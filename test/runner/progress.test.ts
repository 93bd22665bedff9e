// A long statement tells how far it is, with an estimate of the rest.

import { describe, expect, test } from 'vitest';
import type { StatementNews, WorkNews } from '../../src/runner/news.ts';
import { freshDatabase, isServerEngine, selectedEngines } from '../servers/index.ts';
import { testProject } from '../support/revisions.ts';
import { representatives, share } from '../support/share.ts';
import { session } from './support.ts';

// MySQL and MariaDB have nothing that makes a statement slow but work.
const engines = representatives(selectedEngines())
  .filter(isServerEngine)
  .filter((engine) => engine.startsWith('postgres') || share(1, 0) === 1);

const item = {
  id: 'aaaa',
  up: `op.createTable('item', { id: t.integer().primaryKey(), name: t.varchar(2000) });`,
};

/** A table on which the index takes some seconds: by a function that sleeps, or by its size. */
const prepared: Readonly<Record<string, readonly string[]>> = {
  postgres: [
    `INSERT INTO item SELECT i, repeat(i::text, 500) FROM generate_series(1, 90) i`,
    `CREATE FUNCTION slow(text) RETURNS text LANGUAGE plpgsql IMMUTABLE AS
      'BEGIN PERFORM pg_sleep(0.03); RETURN left($1, 20); END'`,
  ],
  mysql: [
    'SET SESSION cte_max_recursion_depth = 1000000',
    `INSERT INTO item SELECT i, repeat(sha2(i, 256), 3) FROM (WITH RECURSIVE n (i) AS
      (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 400000) SELECT i FROM n) numbers`,
  ],
  mariadb: [`INSERT INTO item SELECT seq, repeat(sha2(seq, 256), 3) FROM seq_1_to_400000`],
};
const slowly: Readonly<Record<string, string>> = {
  postgres: `op.execute('CREATE INDEX item_slow ON item (slow(name))', { effect: 'none' });`,
  mysql: `op.alterColumn('item', 'name', { type: t.char(250) });`,
  mariadb: `op.alterColumn('item', 'name', { type: t.char(250) });`,
};

// Which of them there are is a matter of the run.
test.skipIf(engines.length > 0)('no engine of this run tells how far it is', () => undefined);

describe.each(engines)('%s', (engine) => {
  test('phase, share and rest', async () => {
    const database = await freshDatabase(engine);
    using project = testProject(item);
    const family = engine.replace(/\d+$/, '');
    try {
      await project.surefoot({ url: database.url }).upgrade();
      const filler = await session(database.url);
      for (const sql of prepared[family] ?? []) await filler.query(sql);
      await filler.close();
      project.write({ id: 'bbbb', up: slowly[family] ?? '', down: '' });
      const news: StatementNews[] = [];
      const result = await project.surefoot({ url: database.url }).upgrade('heads', {
        onStatement: (one) => news.push(one),
        rowCheck: 'skip',
        acceptDrift: true,
      });
      expect(result.failed).toBe(null);
      const work = news.filter((one): one is WorkNews => one.kind === 'work');
      const shares = work.flatMap((one) => one.share ?? []);
      console.log(
        engine,
        work.map((one) => `${one.phase} ${one.share?.toFixed(2)} ${one.remainingMs}`).join(' | '),
      );
      expect(shares.length).toBeGreaterThan(0);
      expect(shares.every((one) => one >= 0 && one <= 1)).toBe(true);
      expect(Math.max(...shares)).toBeGreaterThan(0.1);
      expect(work.some(({ remainingMs }) => remainingMs !== null && remainingMs > 0)).toBe(true);
    } finally {
      await database.drop();
    }
  });
});
