import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, onTestFinished, test } from 'vitest';
import type { TargetResult } from '../../src/fleet/result.ts';
import { createFleet } from '../../src/library/fleet.ts';
import { workQueue } from '../../src/library/fleet-queue.ts';
import { privateServer, selectedEngines } from '../servers/index.ts';
import { cli } from '../support/cli.ts';
import { queueAway } from './away.ts';
import { fileFleet, journalOf, withQueuePackages } from './support.ts';

const both = ['aaaa1111', 'bbbb2222'];

/** Lists of the queue that hold anything. */
async function keysOf(url: string, folder: string, end: string): Promise<readonly string[]> {
  const { Redis } = createRequire(`${folder}/x.js`)('ioredis');
  const client = new Redis(url);
  const keys = (await client.keys(`*${end}`)) as readonly string[];
  client.disconnect();
  return keys;
}

describe.runIf(selectedEngines().includes('sqlite'))('a queue', () => {
  test('workers bring each target to head once; Redis away is a refusal, and retry goes on', {
    timeout: 180_000,
  }, async () => {
    using project = fileFleet(8);
    await withQueuePackages(project);
    const redis = await privateServer('redis');
    onTestFinished(() => redis.stop());
    const fleet = { file: 'targets.txt', queue: redis.url, waves: [], concurrency: 4 };
    const options = { projectFolder: project.folder, fleet };
    const pause = new AbortController();
    const shared: string[] = [];
    const worker = () =>
      workQueue(options, {
        queue: redis.url,
        concurrency: 2,
        pause: pause.signal,
        run: {},
        news: { onResult: ({ target }: TargetResult) => void shared.push(target) },
        onTrouble: () => {},
      });
    const workers = [worker(), worker()];
    const summary = await createFleet(options).upgrade();
    expect(summary).toMatchObject({ total: 8, notRun: 0, targets: { done: 8, failed: 0 } });
    expect(shared.toSorted()).toEqual(Array.from({ length: 8 }, (_, i) => `t${i}`));
    for (const file of project.files) expect(journalOf(file)).toEqual({ moved: both, heads: ['bbbb2222'] });
    pause.abort();
    expect((await Promise.all(workers)).map(({ failed }) => failed)).toEqual([0, 0]);

    // Nobody listens any more: what was put is taken back, and whoever listens later finds nothing.
    const stop = new AbortController();
    const paused = await createFleet(options).upgrade({
      pause: stop.signal,
      onStart: () => void setTimeout(() => stop.abort(), 200),
    });
    expect(paused).toMatchObject({ total: 8, notRun: 8, halted: 'paused', error: null, failures: [] });
    expect(await keysOf(redis.url, project.folder, ':wait')).toEqual([]);

    await redis.stop();
    const { folder: cwd } = project;
    const said = await cli(['fleet', 'upgrade', '--targets', 'targets.txt', '--queue', redis.url], { cwd });
    expect(said).toMatchObject({ code: 2, out: '' });
    expect(said.err).toMatch(/^error redis:\/\/:\*\*\*@127\.0\.0\.1:\d+\/0: connect ECONNREFUSED/);
    expect(said.err).toContain('code  fleet/queue-unreachable');
    const line = await cli(['fleet', 'worker', '--json', '--targets', 'targets.txt', '--queue', redis.url], {
      cwd,
    });
    expect(JSON.parse(line.out)).toMatchObject({ error: { code: 'fleet/queue-unreachable' } });
    expect({ lines: line.out.split('\n').length, code: line.code }).toEqual({ lines: 2, code: 2 });
  });

  test.runIf(process.env['SUREFOOT_LONG'] === '1')(
    'two fleets at once, by the same workers: each target once',
    { timeout: 180_000 },
    async () => {
      using project = fileFleet(12);
      await withQueuePackages(project);
      const redis = await privateServer('redis');
      onTestFinished(() => redis.stop());
      const fleet = { file: 'targets.txt', queue: redis.url, waves: [], concurrency: 6 };
      const options = { projectFolder: project.folder, fleet };
      const pause = new AbortController();
      const working = { queue: redis.url, concurrency: 3, pause: pause.signal, run: {}, news: {} };
      const workers = [1, 2].map(() => workQueue(options, { ...working, onTrouble: () => {} }));
      const [a, b] = await Promise.all([createFleet(options).upgrade(), createFleet(options).upgrade()]);
      expect([a.targets.failed, b.targets.failed, a.notRun, b.notRun]).toEqual([0, 0, 0, 0]);
      expect(a.targets.done + b.targets.done).toBe(12);
      expect(a.targets.current + b.targets.current).toBe(12);
      for (const file of project.files) expect(journalOf(file).moved).toEqual(both);
      pause.abort();
      await Promise.all(workers);
    },
  );

  test.runIf(process.env['SUREFOOT_LONG'] === '1')(
    'a worker whose files have changed touches nothing',
    { timeout: 180_000 },
    async () => {
      using project = fileFleet(1);
      using other = fileFleet(1);
      await withQueuePackages(project);
      await withQueuePackages(other);
      const redis = await privateServer('redis');
      onTestFinished(() => redis.stop());
      const fleet = { file: 'targets.txt', queue: redis.url };
      const pause = new AbortController();
      const working = workQueue(
        { projectFolder: project.folder, fleet },
        { queue: redis.url, concurrency: 1, pause: pause.signal, run: {}, news: {}, onTrouble: () => {} },
      );
      await sleep(1000);
      project.write({ id: 'cccc3333', up: `op.addColumn('user', 'x', t.integer());` });
      await sleep(5000);
      const { failures } = await createFleet({ projectFolder: other.folder, fleet }).upgrade();
      expect(failures).toMatchObject([{ code: 'fleet/other-revisions', count: 1 }]);
      expect(existsSync(project.files[0] ?? '')).toBe(false);
      pause.abort();
      expect(await working).toEqual({ worked: 1, failed: 1 });
    },
  );

  const goings = [
    ['kill', true, 4000],
    ['kill', false, 4000],
    ['shutdown', true, 4000],
    ['shutdown', false, 4000],
    ['kill', false, null],
  ] as const;

  test.runIf(process.env['SUREFOOT_LONG'] === '1').each(goings)(
    'it goes away (%s; keeps what it was told: %s; back after: %s): each target once, and everybody says so',
    { timeout: 180_000 },
    async (going, keeps, backAfterMs) => {
      const { upgrade, workers, retry, journals, expected } = await queueAway({
        going,
        keeps,
        backAfterMs,
        targets: 20,
      });
      expect(journals).toEqual(Array.from({ length: 20 }, () => expected));
      expect(workers.map(({ code }) => code)).toEqual([0, 0]);
      for (const { err } of [upgrade, ...workers])
        expect(err).toMatch(/^redis:\S* is away; trying again\.$/m);
      for (const { err } of workers) expect(err).toMatch(/^redis:\S* is back\.$/m);
      expect([upgrade.code, retry?.code ?? null]).toEqual(backAfterMs === null ? [2, 0] : [0, null]);
      if (backAfterMs === null) {
        expect(upgrade.out).toContain('error fleet/queue-unreachable: ');
        expect(upgrade.out).toMatch(/^What is left: `surefoot fleet retry \S+`$/m);
      }
    },
  );
});
