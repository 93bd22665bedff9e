// Replicas that a backfill is told to ask: one that is away, one that is none, one that lets nobody in.

import { describe, expect, onTestFinished, test } from 'vitest';
import { createSurefoot } from '../../src/library/surefoot.ts';
import type { StatementNews } from '../../src/runner/news.ts';
import { proveLag } from '../backfills/lag.ts';
import { freshDatabase, selectedEngines } from '../servers/index.ts';
import { replicated } from '../servers/replicated.ts';
import { testProject } from '../support/revisions.ts';
import { representatives } from '../support/share.ts';
import { session, until } from './support.ts';

const servers = ['postgres18', 'postgres14', 'mysql9', 'mariadb'] as const;
const engines = servers.filter((engine) => selectedEngines().includes(engine));

const troubles = ['held', 'killed', 'frozen'] as const;

const item = {
  id: 'aaaa',
  up: `op.createTable('item', (t) => ({ id: t.bigint().primaryKey(), hits: t.integer().notNull() }));
    op.insertRows('item', Array.from({ length: 5 }, (_, i) => ({ id: String(i), hits: 0 })));`,
};
const filling = {
  id: 'bbbb',
  up: `op.backfill({ table: 'item', set: { hits: 'hits + 1' }, inverse: 'nothing' });`,
};

test.each(representatives(engines))('%s: a replica that is away, none, or closed', async (engine) => {
  const { url, drop } = await freshDatabase(engine);
  using project = testProject(item, filling);
  const upgrade = async (replica: string) => {
    const news: StatementNews[] = [];
    const { failed } = await createSurefoot({
      url,
      projectFolder: project.folder,
      online: { replicas: [replica] },
    }).upgrade('heads', { concurrentWaitMs: 0, onStatement: (one) => void news.push(one) });
    expect(JSON.stringify([failed, news])).not.toContain('s3cret');
    return { failed, news };
  };
  try {
    const away = url.replace(/\/\/[^@]*@[^/]*/, '//ann:s3cret@127.0.0.1:1');
    const first = await upgrade(away);
    expect(first.failed).toMatchObject({ revision: 'bbbb', code: 'run/replica-behind', statement: 0 });
    expect(first.failed?.message).toMatch(/waited 0 s for a replica: replica .* cannot be reached$/);
    expect(first.news).toMatchObject([
      { kind: 'behind', replica: expect.stringMatching(/cannot be reached$/) },
    ]);
    expect((await upgrade(url)).failed).toMatchObject({ code: 'run/not-a-replica' });
    const closed = await upgrade(url.replace(/:[^:@/]*@/, ':s3cret@'));
    expect(closed.failed).toMatchObject({ code: 'database/denied' });
    const { failed } = await createSurefoot({ url, projectFolder: project.folder }).upgrade();
    expect(failed).toBeNull();
  } finally {
    await drop();
  }
});

describe.runIf(process.env['SUREFOOT_LONG'] === '1')('on servers with a replica', () => {
  const cases = engines.flatMap((engine) =>
    (engine.startsWith('postgres')
      ? (['seen held', 'named killed', 'named frozen'] as const)
      : (['named held', 'named killed', 'named frozen'] as const)
    ).map((one) => [engine, one] as const),
  );

  test.each(cases)('%s, %s: it waits, says so, and goes on', { timeout: 300_000 }, async (engine, how) => {
    const known = how.startsWith('seen') ? 'seen' : 'named';
    const trouble = troubles.find((one) => how.endsWith(one)) ?? 'held';
    const proof = await proveLag(engine, { known, trouble });
    expect(proof).toMatchObject({ meanwhile: 0, problems: [] });
    expect(proof.said).toMatch(/^Revision bbbb waits.*: replica /);
  });

  const blind = engines.filter((engine) => !engine.startsWith('postgres'));

  test.each(blind)('%s: one that nobody can look at is told of', { timeout: 300_000 }, async (engine) => {
    const pair = await replicated(engine);
    onTestFinished(() => pair.stop());
    using project = testProject(item, filling);
    await until('it follows', async () => await follows(pair.primary.url));
    const news: StatementNews[] = [];
    const surefoot = project.surefoot({ url: pair.primary.url });
    const { failed } = await surefoot.upgrade('heads', { onStatement: (one) => void news.push(one) });
    expect(failed).toBeNull();
    const hint = 'name them in `online.replicas`';
    expect(news).toContainEqual(expect.objectContaining({ kind: 'unseen', replicas: 1, hint }));
  });
});

async function follows(url: string): Promise<boolean> {
  const connection = await session(url);
  try {
    const { rows } = await connection.query('SHOW PROCESSLIST');
    return rows.some((row) => String(row['Command']).startsWith('Binlog Dump'));
  } finally {
    await connection.close();
  }
}
