// Each change in two halves, while the release before and the one to come send their queries all the time: neither of them
// may fail, in any phase, and each sees what the other writes.

import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { createSurefoot } from '../../src/library/surefoot.ts';
import { session, until } from '../runner/support.ts';
import { freshDatabase, selectedEngines } from '../servers/index.ts';
import { testProject } from '../support/revisions.ts';
import { share } from '../support/share.ts';
import { release } from './release.ts';
import { sequences } from './sequences.ts';

const engines = selectedEngines().filter((one) => ['postgres18', 'mysql9', 'mariadb'].includes(one));
const chosen = share(
  engines.flatMap((engine) => sequences.map((sequence) => ({ engine, sequence }))),
  engines.map((engine) => ({ engine, sequence: sequences[0] as (typeof sequences)[number] })).slice(0, 1),
);

async function count(url: string, sql: string): Promise<number> {
  const connection = await session(url);
  try {
    const [row] = (await connection.query(sql)).rows;
    return Number(Object.values(row ?? {})[0]);
  } finally {
    await connection.close();
  }
}

describe.each(chosen)('$sequence.name on $engine', ({ engine, sequence }) => {
  test('both releases run through every phase', { timeout: 240_000 }, async () => {
    const { url, drop } = await freshDatabase(engine);
    using project = testProject(sequence.before);
    const surefoot = () => createSurefoot({ url, projectFolder: project.folder });
    try {
      await surefoot().upgrade();
      project.write(sequence.phased);
      const old = release(url, sequence.old);
      await until('the old release is at work', () => old.queries() > 6);
      const expanded = await surefoot().upgrade('heads', { phase: 'expand' });
      expect(expanded).toMatchObject({ failed: null, differences: [] });
      // The new release is rolled out beside the old one.
      const next = release(url, sequence.next);
      await until('the new release is at work', () => next.queries() > 15);
      await sleep(150);
      expect(await count(url, sequence.wrongBetween)).toBe(0);
      const ended = await old.stop();
      expect(ended.failures).toEqual([]);
      const contracted = await surefoot().upgrade('heads', { phase: 'contract' });
      expect(contracted).toMatchObject({ failed: null, differences: [] });
      const before = next.queries();
      await until('the new release goes on', () => next.queries() > before + 9);
      const after = await next.stop();
      expect(after.failures).toEqual([]);
      console.log(
        `${engine}, ${sequence.name}: ${ended.queries} queries of the old release, ${after.queries} of the new, none failed`,
      );
      expect(await count(url, sequence.wrongAfter)).toBe(0);
    } finally {
      await drop();
    }
  });
});
