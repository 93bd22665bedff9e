// A transaction holds the table that a step changes: the application behind the step waits no longer than the limit,
// the step is tried again and succeeds when the table is free, and where it gives up nothing is half-done.

import { describe, expect, test } from 'vitest';
import { freshDatabase, selectedEngines } from '../servers/index.ts';
import { testProject } from '../support/revisions.ts';
import { representatives, share } from '../support/share.ts';
import { allowedMs, blockedSteps, measureBlocked } from '../torture/blocked.ts';
import { session } from './support.ts';

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

const engines = representatives(selectedEngines()).filter((one) => one !== 'pglite');

describe.each(engines)('%s', (engine) => {
  const steps = share(blockedSteps, [engine === 'postgres18' ? 'add a column' : 'build an index']);
  // MySQL and MariaDB give an index longer to end, and no longer to begin.
  test.each(steps)(
    '%s: what waits behind it waits no longer than the limit, and it succeeds in the end',
    {
      timeout: 120_000,
    },
    async (step) => {
      const measured = await measureBlocked(engine, step);
      const { result, news, answers, peakMs } = measured;
      expect(result).toMatchObject({ failed: null, heads: ['bbbb2222'], differences: [] });
      expect(answers).toBeGreaterThan(5);
      expect(peakMs).toBeLessThan(allowedMs(measured));
      const blockers = news.flatMap((one) => (one.kind === 'blocked' ? one.blockers : []));
      // SQLite knows nothing of others.
      if (engine === 'sqlite') expect(blockers).toEqual([]);
      else expect(blockers[0]?.user).toMatch(/\w/);
    },
  );
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
