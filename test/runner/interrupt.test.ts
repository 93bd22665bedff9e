// Ctrl-C: the statement at work is cancelled, the journal says where it stopped, the lock is free, the next run goes on.

import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { freshDatabase, selectedEngines } from '../servers/index.ts';
import { cli, cliJson } from '../support/cli.ts';
import { testProject } from '../support/revisions.ts';
import { representatives } from '../support/share.ts';
import { session, until } from './support.ts';

const engines = representatives(selectedEngines()).filter((one) => one !== 'pglite');

/** A statement that takes a minute, and what has to be gone of its step afterwards. */
const slow: Readonly<Record<string, string>> = {
  sqlite: `INSERT INTO item (id) WITH RECURSIVE n (i) AS (SELECT 2 UNION ALL SELECT i + 1 FROM n WHERE i < 300000000) SELECT i FROM n`,
  postgres: 'UPDATE item SET name = pg_sleep(60)::text',
  mysql: 'UPDATE item SET name = SLEEP(60)',
};
const familyOf = (engine: string) => engine.replace(/\d+$/, '').replace('mariadb', 'mysql');

const item = {
  id: 'aaaa',
  up: `op.createTable('item', { id: t.integer().primaryKey(), name: t.varchar(20) });
    op.insertRows('item', [{ id: 1, name: 'a' }]);`,
};

const slowStep = (engine: string) => ({
  id: 'bbbb',
  up: `op.addColumn('item', 'note', t.varchar(20));
    op.execute(${JSON.stringify(slow[familyOf(engine)])}, { effect: 'none', inverse: 'DELETE FROM item' });`,
});

interface Entry {
  readonly event: string;
  readonly revision: string | null;
  readonly data: { readonly error?: { readonly code: string } };
}

describe.each(engines)('%s', (engine) => {
  test('the statement ends, the journal says where, the lock is free, the next run finishes', async () => {
    const database = await freshDatabase(engine);
    using project = testProject(item);
    try {
      const options = { cwd: project.folder, env: { DATABASE_URL: database.url } };
      await cliJson(['upgrade'], options);
      project.write(slowStep(engine));
      const looker = await session(database.url);
      const begun = performance.now();
      let stoppedAt = 0;
      const { code, err } = await cli(['upgrade'], {
        ...options,
        onStart: (child) => {
          void (async () => {
            await (engine === 'sqlite' ? sleep(3000) : until('it works', () => isAtWork(looker, engine)));
            stoppedAt = performance.now();
            child.kill('SIGINT');
          })();
        },
      });
      const waited = performance.now() - stoppedAt;
      console.log(`${engine}: stopped ${Math.round(waited)} ms after the signal`);
      expect(err).toContain('run/cancelled');
      expect(code).toBe(2);
      expect(waited).toBeLessThan(8000);
      expect(performance.now() - begun).toBeLessThan(40_000);
      const log = await cliJson<{ entries: readonly Entry[] }>(['log'], options);
      const failed = log.entries.find(({ event }) => event === 'failed');
      expect(failed).toMatchObject({ revision: 'bbbb', data: { error: { code: 'run/cancelled' } } });
      expect(await cliJson(['status'], { ...options, code: 0 })).toMatchObject({
        lock: null,
        heads: ['aaaa'],
      });
      const { rows } = await looker.query('SELECT count(*) AS n FROM item');
      expect(Number(rows[0]?.['n'])).toBe(1);
      if (engine !== 'sqlite') expect(await isAtWork(looker, engine)).toBe(false);
      await looker.close();
      project.remove('migrations/20240101000002_bbbb_x.ts');
      project.write({ id: 'cccc', revises: 'aaaa', up: `op.addColumn('item', 'other', t.varchar(20));` });
      if (familyOf(engine) !== 'mysql') await cliJson(['upgrade'], options);
    } finally {
      await database.drop();
    }
  });
});

async function isAtWork(looker: Awaited<ReturnType<typeof session>>, engine: string): Promise<boolean> {
  const sql =
    familyOf(engine) === 'postgres'
      ? `SELECT 1 AS one FROM pg_stat_activity WHERE query LIKE '%UPDATE item SET name = pg_sleep%' AND state = 'active' AND pid <> pg_backend_pid()`
      : `SELECT 1 AS one FROM information_schema.PROCESSLIST WHERE INFO LIKE '%UPDATE item SET name = SLEEP%' AND ID <> CONNECTION_ID()`;
  return (await looker.query(sql)).rows.length > 0;
}
