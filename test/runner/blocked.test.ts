// A transaction holds the table that a step changes: the application behind the step waits no longer than the limit,
// the step is tried again and succeeds when the table is free, and where it gives up nothing is half-done.

import { describe, expect, test } from 'vitest';
import type { StatementNews } from '../../src/runner/news.ts';
import { freshDatabase, isServerEngine, selectedEngines } from '../servers/index.ts';
import { testProject } from '../support/revisions.ts';
import { representatives } from '../support/share.ts';
import { application, session, until } from './support.ts';

const item = {
  id: 'aaaa',
  up: `op.createTable('item', { id: t.integer().primaryKey(), name: t.varchar(20) });
    op.insertRows('item', [{ id: 1, name: 'a' }]);`,
};

const change = {
  id: 'bbbb',
  up: `op.createTable('other', { id: t.integer().primaryKey() });
    op.addColumn('item', 'note', t.varchar(20));`,
};

const index = { id: 'bbbb', up: `op.createIndex('item', ['name'], { name: 'item_name' });` };

const engines = representatives(selectedEngines()).filter((one) => one !== 'pglite');
/** MySQL and MariaDB count whole seconds. */
const limitMs = 1000;
const retriesOf = (news: readonly StatementNews[]) => news.filter(({ kind }) => kind === 'retry');

describe.each(engines.filter(isServerEngine))('%s', (engine) => {
  test('queries behind the step wait no longer than the limit, and the step succeeds in the end', async () => {
    const database = await freshDatabase(engine);
    using project = testProject(item);
    try {
      await project.surefoot({ url: database.url }).upgrade();
      // MySQL and MariaDB give an index longer to end, and no longer to begin.
      project.write(engine.startsWith('postgres') ? change : index);
      const holder = await session(database.url);
      await holder.query('BEGIN');
      await holder.query('SELECT * FROM item');
      const app = await application(database.url, 'SELECT count(*) FROM item');
      const news: StatementNews[] = [];
      const choices = { tableLockTimeoutMs: limitMs, tableLockRetries: 50 };
      const run = project.surefoot({ url: database.url }).upgrade('heads', {
        ...choices,
        onStatement: (one) => news.push(one),
      });
      await until('a third attempt', () => retriesOf(news).length >= 2);
      await holder.query('COMMIT');
      const result = await run;
      const { peakMs, answers } = await app.stop();
      await holder.close();
      expect(result).toMatchObject({ failed: null, heads: ['bbbb'], differences: [] });
      console.log(
        `${engine}: ${retriesOf(news).length} retries, ${answers} queries of the application, peak wait ${Math.round(peakMs)} ms (limit ${limitMs} ms)`,
      );
      expect(answers).toBeGreaterThan(5);
      // What the machine itself takes besides.
      expect(peakMs).toBeLessThan(limitMs + 700);
      const blockers = news.flatMap((one) => (one.kind === 'blocked' ? one.blockers : []));
      expect(blockers.length).toBeGreaterThan(0);
      expect(blockers[0]?.user).toMatch(/\w/);
    } finally {
      await database.drop();
    }
  });
});

describe.each(engines)('%s', (engine) => {
  test('who gives up leaves nothing half-done; the next run finishes', async () => {
    const database = await freshDatabase(engine);
    using project = testProject(item);
    try {
      await project.surefoot({ url: database.url }).upgrade();
      project.write(change);
      const holder = await session(database.url);
      await holder.query(engine === 'sqlite' ? 'BEGIN IMMEDIATE' : 'BEGIN');
      await holder.query('SELECT * FROM item');
      const surefoot = project.surefoot({ url: database.url, tableLockTimeoutMs: 300, tableLockRetries: 1 });
      const result = await surefoot.upgrade();
      expect(result.failed).toMatchObject({ revision: 'bbbb', code: 'run/blocked' });
      expect(result).toMatchObject({ heads: ['aaaa'], remaining: ['bbbb'] });
      expect((await surefoot.status()).lock).toBe(null);
      await holder.query('COMMIT');
      const failures = (await surefoot.log()).filter(({ event }) => event === 'failed');
      // Where somebody else holds the whole database, that cannot be written down either.
      const noted = { revision: 'bbbb', data: { error: { code: 'run/blocked' } } };
      expect(failures).toMatchObject(engine === 'sqlite' ? [] : [noted]);
      const other = await holder.query('SELECT * FROM other').then(
        () => 'there',
        () => 'not there',
      );
      expect(other).toBe(engine === 'mysql9' || engine === 'mariadb' ? 'there' : 'not there');
      expect(await surefoot.upgrade()).toMatchObject({ failed: null, heads: ['bbbb'], differences: [] });
      await holder.close();
    } finally {
      await database.drop();
    }
  });
});
