// Behind PgBouncer in transaction mode: every setting stands in its transaction, and what cannot stand in one is refused
// before the first statement, or goes past the pooler.

import { Client } from 'pg';
import { describe, expect, test } from 'vitest';
import type { FreshDatabase } from '../servers/index.ts';
import { ensureServers, freshDatabase, selectedEngines } from '../servers/index.ts';
import { cli } from '../support/cli.ts';
import { testProject } from '../support/revisions.ts';
import { session, until } from './support.ts';

const item = {
  id: 'aaaa',
  up: `op.createTable('item', { id: t.integer().primaryKey(), at: t.timestamp() });
    op.insertRows('item', [{ id: 1, at: '2024-01-31 12:00:00' }]);`,
};
const index = { id: 'bbbb', up: `op.createIndex('item', ['at'], { name: 'item_at', concurrently: true });` };

async function pooled(url: string): Promise<string> {
  const { pgbouncer } = await ensureServers(['pgbouncer']);
  const there = new URL(pgbouncer.url);
  there.pathname = new URL(url).pathname;
  return there.href;
}

async function withDatabase(
  work: (database: FreshDatabase, through: string) => Promise<void>,
): Promise<void> {
  const database = await freshDatabase('postgres18');
  try {
    await work(database, await pooled(database.url));
  } finally {
    await database.drop();
  }
}

/** What the sessions that the pooler lends have been left with. */
async function settingsOf(url: string): Promise<ReadonlySet<string>> {
  const clients = await Promise.all(
    Array.from({ length: 4 }, async () => {
      const client = new Client({ connectionString: url });
      await client.connect();
      return client;
    }),
  );
  const sql = `SELECT current_setting('lock_timeout') || ' ' || current_setting('TimeZone') || ' ' ||
    current_setting('statement_timeout') || ' ' || current_setting('search_path') AS text, pg_sleep(0.1)`;
  const found = await Promise.all(clients.map((client) => client.query<{ text: string }>(sql)));
  await Promise.all(clients.map((client) => client.end()));
  return new Set(found.map(({ rows }) => rows[0]?.text ?? ''));
}

describe.skipIf(!selectedEngines().includes('postgres18'))('through PgBouncer in transaction mode', () => {
  test('an upgrade leaves no setting behind in the sessions of others', async () => {
    await withDatabase(async ({ url }, through) => {
      const before = await settingsOf(through);
      using project = testProject(item);
      const surefoot = project.surefoot({ url: through });
      expect(await surefoot.upgrade()).toMatchObject({ failed: null, heads: ['aaaa'], differences: [] });
      expect(await settingsOf(through)).toEqual(before);
      expect((await surefoot.status()).lock).toBe(null);
      const looker = await session(url);
      const { rows } = await looker.query('SELECT count(*) AS n FROM item');
      expect(Number(rows[0]?.['n'])).toBe(1);
      await looker.close();
    });
  });

  test('the limit holds inside the transaction, and the step succeeds when the table is free', async () => {
    await withDatabase(async ({ url }, through) => {
      using project = testProject(item);
      await project.surefoot({ url: through }).upgrade();
      project.write({ id: 'bbbb', up: `op.addColumn('item', 'note', t.text());` });
      const holder = await session(url);
      await holder.query('BEGIN');
      await holder.query('SELECT * FROM item');
      let retries = 0;
      let blockers = 0;
      const run = project.surefoot({ url: through, tableLockTimeoutMs: 500 }).upgrade('heads', {
        onStatement: (news) => {
          if (news.kind === 'retry') retries += 1;
          if (news.kind === 'blocked') blockers += news.blockers.length;
        },
      });
      await until('a second attempt', () => retries >= 2);
      await holder.query('COMMIT');
      await holder.close();
      expect(await run).toMatchObject({ failed: null, heads: ['bbbb'], differences: [] });
      expect(blockers).toBeGreaterThan(0);
    });
  });

  test('what cannot stand in a transaction is refused before the first statement, and goes past the pooler', async () => {
    await withDatabase(async ({ url }, through) => {
      using project = testProject(item, {
        id: 'abab',
        up: `op.addColumn('item', 'note', t.text());`,
      });
      project.write(index);
      const options = { cwd: project.folder, env: { DATABASE_URL: through } };
      const refused = await cli(['upgrade'], options);
      expect(refused.err).toContain('plan/needs-direct-url');
      expect(refused.err).toContain('CREATE INDEX CONCURRENTLY');
      expect(refused.err).toContain('--direct-url');
      expect(refused.code).toBe(2);
      const looker = await session(url);
      const there = await looker.query(`SELECT to_regclass('item')::text AS name`);
      expect(there.rows).toEqual([{ name: null }]);
      const run = await cli(['upgrade', '--direct-url', url], options);
      expect(run).toMatchObject({ code: 0, err: '' });
      const made = await looker.query(`SELECT to_regclass('item_at')::text AS name`);
      expect(made.rows).toEqual([{ name: 'item_at' }]);
      await looker.close();
      expect(await cli(['current'], options)).toMatchObject({ code: 0 });
    });
  });

  test('a client of the user behind the pooler is noticed, too', async () => {
    await withDatabase(async (_, through) => {
      using project = testProject(item, index);
      const client = new Client({ connectionString: through });
      await client.connect();
      try {
        const refused = project.surefoot({ connection: client }).upgrade();
        await expect(refused).rejects.toMatchObject({ code: 'plan/needs-direct-url' });
      } finally {
        await client.end();
      }
    });
  });
});
