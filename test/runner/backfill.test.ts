// Backfills on real servers: in batches, each with its place in the journal; killed, stopped, in others' way.

import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import type { RunChoices } from '../../src/library/api.ts';
import { createSurefoot } from '../../src/library/surefoot.ts';
import type { StatementNews } from '../../src/runner/news.ts';
import { type Engine, type FreshDatabase, freshDatabase, selectedEngines } from '../servers/index.ts';
import { refusal } from '../support/refusal.ts';
import { type TestProject, testProject } from '../support/revisions.ts';
import { representatives, share } from '../support/share.ts';
import { ageLease, killedRunner } from '../torture/kill.ts';
import { session } from './support.ts';

const engines = representatives(selectedEngines()).filter((one) => one !== 'pglite');

/** Keys of two columns; texts that would end a literal, in an order of the server's own. */
const groups = ["o'hara", 'back\\slash', '"quoted"', 'Ünï', 'a;--', '{}', ' '];
const count = 420;

const item = {
  id: 'aaaa',
  up: `op.createTable('item', (t) => ({ group: t.varchar(20).notNull(), n: t.bigint().notNull(), hits: t.integer().notNull() }),
      { primaryKey: ['group', 'n'] });
    op.insertRows('item', Array.from({ length: ${count} }, (_, i) => ({ group: ${JSON.stringify(groups)}[i % 7], n: String(9007199254740000n + BigInt(i)), hits: 0 })));`,
};

const quoteOf = (engine: Engine) => (engine.startsWith('mysql') || engine === 'mariadb' ? '`' : '"');

/** No change of the table before it, which would wait, too. */
const onlyHits = {
  id: 'bbbb',
  up: `op.backfill({ table: 'item', set: { hits: 'hits + 1' }, batch: 20, pause: 0, inverse: 'nothing' });`,
};

const hitOnce = (engine: Engine, more = '') => ({
  id: 'bbbb',
  up: `op.addColumn('item', 'twice', t.integer());
    op.backfill({ table: 'item', set: { hits: 'hits + 1', twice: ${JSON.stringify(`2 * ${quoteOf(engine)}n${quoteOf(engine)} % 1000`)} }, batch: 20, pause: 0, ${more}
      inverse: { set: { hits: 'hits - 1' } } });`,
});

async function onEngine(
  engine: Engine,
  revisions: readonly { readonly id: string; readonly up: string }[],
  work: (place: { readonly database: FreshDatabase; readonly project: TestProject }) => Promise<void>,
): Promise<void> {
  const database = await freshDatabase(engine);
  using project = testProject(...revisions);
  try {
    await work({ database, project });
  } finally {
    await database.drop();
  }
}

async function ask(url: string, sql: string): Promise<Readonly<Record<string, unknown>>> {
  const connection = await session(url);
  try {
    return (await connection.query(sql)).rows[0] ?? {};
  } finally {
    await connection.close();
  }
}

/** How many rows were hit once, and how many at all. */
async function hits(url: string): Promise<readonly [number, number]> {
  const row = await ask(
    url,
    'SELECT sum(CASE WHEN hits = 1 THEN 1 ELSE 0 END) AS once, sum(hits) AS total FROM item',
  );
  return [Number(row['once']), Number(row['total'])];
}

const client = (url: string, project: TestProject) => createSurefoot({ url, projectFolder: project.folder });

type Kill = readonly [at: number, when: 'sent' | 'after'];
const kills: readonly Kill[] = share(
  [
    [31, 'sent'],
    [44, 'after'],
  ],
  [[31, 'sent']],
);
/** What takes its time by nature has one engine in every run. */
const few = share(engines, engines.slice(0, 1));

describe.each(share(engines, engines.slice(1)))('%s', (engine) => {
  test('a killed backfill goes on where it was: no row twice, none left out; and back again', () =>
    onEngine(engine, [item], async ({ database: { url }, project }) => {
      await client(url, project).upgrade();
      project.write(hitOnce(engine));
      for (const [at, when] of kills) {
        const { signal } = await killedRunner({ url, folder: project.folder, at, when });
        expect(signal).toBe('SIGKILL');
        await ageLease(url);
      }
      const [once, total] = await hits(url);
      expect(once).toBe(total);
      expect(once).toBeGreaterThan(0);
      expect(once).toBeLessThan(count);
      const result = await client(url, project).upgrade();
      expect(result.failed).toBeNull();
      expect(await hits(url)).toEqual([count, count]);
      const entries = (await client(url, project).log()).filter(({ revision }) => revision === 'bbbb');
      const reached = entries
        .filter(({ event }) => event === 'advanced')
        .map(({ data }) => data.cursor?.rows);
      expect(reached.length).toBe(kills.length + 1);
      expect(reached.at(-1)).toBe(count);
      expect(entries.findLast(({ event }) => event === 'finished')?.data.rows).toBe(count);
      await client(url, project).downgrade();
      expect(await hits(url)).toEqual([0, 0]);
    }));
});

describe.each(few)('%s', (engine) => {
  test('it is stopped between two batches, and goes on', () =>
    onEngine(
      engine,
      [item, hitOnce(engine, 'rowsPerSecond: 400,')],
      async ({ database: { url }, project }) => {
        await client(url, project).upgrade('aaaa');
        const stop = new AbortController();
        const shares: (number | null)[] = [];
        const onStatement = (news: StatementNews) => {
          if (news.kind !== 'work') return;
          shares.push(news.share);
          if (shares.length === 3) stop.abort();
        };
        const begun = performance.now();
        const stopped = await client(url, project).upgrade('heads', { signal: stop.signal, onStatement });
        expect(stopped.failed).toMatchObject({ revision: 'bbbb', code: 'run/cancelled' });
        expect(await hits(url)).toEqual([60, 60]);
        expect((await client(url, project).upgrade()).failed).toBeNull();
        expect(await hits(url)).toEqual([count, count]);
        // 420 rows at 400 a second.
        expect(performance.now() - begun).toBeGreaterThan(900);
      },
    ));

  test('rows that others hold make a batch smaller; it is tried again until they let go', () =>
    onEngine(engine, [item, onlyHits], async ({ database: { url }, project }) => {
      await client(url, project).upgrade('aaaa');
      const other = await session(url);
      await other.query(engine === 'sqlite' ? 'BEGIN IMMEDIATE' : 'BEGIN');
      await other.query(`UPDATE item SET hits = hits WHERE n = 9007199254740200`);
      const news: StatementNews[] = [];
      const choices: RunChoices = {
        tableLockTimeoutMs: 300,
        tableLockRetries: 40,
        onStatement: (one) => news.push(one),
      };
      const running = client(url, project).upgrade('heads', choices);
      await sleep(engine === 'sqlite' ? 1500 : 2500);
      await other.query('COMMIT');
      await other.close();
      const result = await running;
      expect(result.failed).toBeNull();
      expect(news.some(({ kind }) => kind === 'retry')).toBe(true);
      expect(await hits(url)).toEqual([count, count]);
    }));
});

test.each(engines)('%s: a table without a key is refused by name before anything is touched', (engine) =>
  onEngine(
    engine,
    [
      { id: 'aaaa', up: `op.createTable('loose', (t) => ({ n: t.integer() }));` },
      {
        id: 'bbbb',
        up: `op.createTable('other', (t) => ({ n: t.integer() }));
          op.backfill({ table: 'loose', set: { n: '1' }, inverse: 'nothing' });`,
      },
    ],
    async ({ database: { url }, project }) => {
      await client(url, project).upgrade('aaaa');
      // A rowid is a key.
      if (engine === 'sqlite') return expect((await client(url, project).upgrade()).failed).toBeNull();
      const refused = await refusal(client(url, project).upgrade(), 'operation/no-key');
      expect(refused.message).toContain('loose');
      await expect(ask(url, 'SELECT n FROM other')).rejects.toThrow();
    },
  ),
);

test('a key that the backfill itself writes is none', async () => {
  using project = testProject(item, {
    id: 'bbbb',
    up: `op.backfill({ table: 'item', set: { n: 'n + 1' }, inverse: 'nothing' });`,
  });
  const { url, drop } = await freshDatabase('postgres18');
  try {
    await refusal(client(url, project).upgrade(), 'operation/no-key');
  } finally {
    await drop();
  }
});

test('a row that its expression fails at lies between the two keys that the failure names', async () => {
  using project = testProject(
    {
      id: 'aaaa',
      up: `op.createTable('item', (t) => ({ id: t.integer().primaryKey(), n: t.text() }));
        op.insertRows('item', Array.from({ length: 50 }, (_, i) => ({ id: i + 1, n: i === 33 ? '{' : '{}' })));`,
    },
    {
      id: 'bbbb',
      up: `op.backfill({ table: 'item', set: { n: "json_set(n, '$.x', 1)" }, batch: 10, pause: 0, inverse: 'nothing' });`,
    },
  );
  const surefoot = createSurefoot({ url: `sqlite:${project.folder}/a.db`, projectFolder: project.folder });
  const { failed } = await surefoot.upgrade();
  expect(failed?.message).toContain('malformed JSON');
  expect(failed?.sql).toMatch(/WHERE .*30.* AND .*40/s);
});

test('without an inverse there is no way back by itself', async () => {
  using project = testProject(item, {
    id: 'bbbb',
    up: `op.backfill({ table: 'item', set: { hits: '1' } });`,
  });
  await refusal(
    createSurefoot({ url: 'sqlite::memory:', projectFolder: project.folder }).plan(),
    'revision/invalid',
  );
});
