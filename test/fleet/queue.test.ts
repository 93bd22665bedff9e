import { describe, expect, onTestFinished, test } from 'vitest';
import type { TargetResult } from '../../src/fleet/result.ts';
import { createFleet } from '../../src/library/fleet.ts';
import { workQueue } from '../../src/library/fleet-queue.ts';
import { privateServer, selectedEngines } from '../servers/index.ts';
import { cli } from '../support/cli.ts';
import { fileFleet, journalOf, withQueuePackages } from './support.ts';

const both = ['aaaa1111', 'bbbb2222'];

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

    await redis.stop();
    const { folder: cwd } = project;
    const said = await cli(['fleet', 'upgrade', '--targets', 'targets.txt', '--queue', redis.url], { cwd });
    expect(said).toMatchObject({ code: 2, out: '' });
    expect(said.err).toMatch(/^error redis:\/\/:\*\*\*@127\.0\.0\.1:\d+\/0: connect ECONNREFUSED/);
    expect(said.err).toContain('code  fleet/queue-unreachable');
  });
});
