// CREATE INDEX CONCURRENTLY waits in nobody's way: without lock_timeout, with a limit of its own, and what it leaves behind
// is dropped, or found and built anew.

import { describe, expect, test } from 'vitest';
import type { StatementNews } from '../../src/runner/news.ts';
import type { FreshDatabase } from '../servers/index.ts';
import { freshDatabase, selectedEngines } from '../servers/index.ts';
import { testProject } from '../support/revisions.ts';
import { representatives } from '../support/share.ts';
import { session, until } from './support.ts';

const item = {
  id: 'aaaa',
  up: `op.createTable('item', { id: t.integer().primaryKey(), name: t.varchar(20) });
    op.insertRows('item', [{ id: 1, name: 'a' }, { id: 2, name: 'a' }]);`,
};
const index = {
  id: 'bbbb',
  up: `op.createIndex('item', ['name'], { name: 'item_name', concurrently: true });`,
};
const uniqueIndex = {
  id: 'bbbb',
  up: `op.createIndex('item', ['name'], { name: 'item_name', unique: true, concurrently: true });`,
};

const engines = representatives(selectedEngines()).filter((one) => one.startsWith('postgres'));

async function validity(url: string): Promise<readonly unknown[]> {
  const looker = await session(url);
  const { rows } = await looker.query(
    `SELECT c.relname AS name, i.indisvalid AS valid FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid
     WHERE c.relname LIKE 'item_name%'`,
  );
  await looker.close();
  return rows;
}

async function inDatabase(
  engine: (typeof engines)[number],
  work: (database: FreshDatabase) => Promise<void>,
) {
  const database = await freshDatabase(engine);
  try {
    await work(database);
  } finally {
    await database.drop();
  }
}

// Only PostgreSQL has it.
test.skipIf(engines.length > 0)('no PostgreSQL among the engines of this run', () => undefined);

describe.each(engines)('%s', (engine) => {
  test('it waits longer than the limit of others, and is not disturbed', async () => {
    await inDatabase(engine, async ({ url }) => {
      using project = testProject(item);
      await project.surefoot({ url }).upgrade();
      project.write(index);
      const holder = await session(url);
      await holder.query('BEGIN');
      await holder.query(`UPDATE item SET name = 'b' WHERE id = 1`);
      const news: StatementNews[] = [];
      const run = project
        .surefoot({ url, tableLockTimeoutMs: 200, tableLockRetries: 0 })
        .upgrade('heads', { onStatement: (one) => news.push(one) });
      await until('it is seen to wait', () => news.some(({ kind }) => kind === 'blocked'));
      await holder.query('COMMIT');
      expect(await run).toMatchObject({ failed: null, heads: ['bbbb'], differences: [] });
      await holder.close();
      expect(await validity(url)).toEqual([{ name: 'item_name', valid: true }]);
      expect(news.map(({ kind }) => kind)).not.toContain('retry');
    });
  });

  test('it gives up after its own limit; the next run drops what it left, and builds anew', async () => {
    await inDatabase(engine, async ({ url }) => {
      using project = testProject(item);
      await project.surefoot({ url }).upgrade();
      project.write(index);
      const holder = await session(url);
      await holder.query('BEGIN');
      await holder.query(`UPDATE item SET name = 'b' WHERE id = 1`);
      const surefoot = project.surefoot({ url, tableLockTimeoutMs: 200, concurrentWaitMs: 1500 });
      const begun = performance.now();
      const { failed } = await surefoot.upgrade();
      expect(failed).toMatchObject({ code: 'run/blocked', statement: 0 });
      expect(failed?.message).toContain('UPDATE item');
      expect(performance.now() - begun).toBeGreaterThan(1400);
      // Whoever was in the way still is, and keeps the index from being dropped.
      expect(await validity(url)).toEqual([{ name: 'item_name', valid: false }]);
      await holder.query('COMMIT');
      await holder.close();
      expect(await surefoot.upgrade()).toMatchObject({ failed: null, heads: ['bbbb'], differences: [] });
      expect(await validity(url)).toEqual([{ name: 'item_name', valid: true }]);
    });
  });

  test('one that fails on its rows leaves nothing behind', async () => {
    await inDatabase(engine, async ({ url }) => {
      using project = testProject(item, uniqueIndex);
      const surefoot = project.surefoot({ url });
      const { failed } = await surefoot.upgrade('heads', { rowCheck: 'skip' });
      expect(failed).toMatchObject({ revision: 'bbbb', code: 'database/query-failed' });
      expect(await validity(url)).toEqual([]);
      const repair = await session(url);
      await repair.query(`UPDATE item SET name = 'b' WHERE id = 1`);
      await repair.close();
      expect(await surefoot.upgrade()).toMatchObject({ failed: null, heads: ['bbbb'], differences: [] });
    });
  });

  test('an enum gets its value outside of what needs it; VACUUM and raw CONCURRENTLY leave the transaction', async () => {
    await inDatabase(engine, async ({ url }) => {
      using project = testProject(
        item,
        {
          id: 'bbbb',
          up: `op.createEnum('mood', ['sad', 'happy']);
            op.createTable('person', { id: t.integer().primaryKey(), mood: t.enum('mood', ['sad', 'happy']) });`,
        },
        {
          id: 'cccc',
          up: `op.addEnumValue('mood', 'calm');
            op.execute("ALTER TYPE mood ADD VALUE 'wild'", { effect: (op) => op.addEnumValue('mood', 'wild') });
            op.insertRows('person', [{ id: 1, mood: 'calm' }]);
            op.execute('CREATE INDEX CONCURRENTLY raw_one ON person (mood)', { effect: (op) => op.createIndex('person', ['mood'], { name: 'raw_one' }) });
            op.execute('VACUUM person', { effect: 'none' });`,
          down: '',
        },
      );
      const result = await project.surefoot({ url }).upgrade();
      expect(result.failed).toBe(null);
      const looker = await session(url);
      const { rows } = await looker.query('SELECT unnest(enum_range(NULL::mood))::text AS value');
      await looker.close();
      expect(rows).toEqual(['sad', 'happy', 'calm', 'wild'].map((value) => ({ value })));
    });
  });
});
