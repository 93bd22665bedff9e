// A runner is frozen; another one takes the lock over and finishes; the first wakes and stops before its next statement.
// In: an engine, how many points. Out: a proof.

import { isSurefootError } from '../../src/kernel/errors.ts';
import type { Proof } from '../matrix/proof.ts';
import type { Engine } from '../servers/index.ts';
import { chainOf, familyOf } from './chain.ts';
import type { Ground, Point } from './ground.ts';
import { compared, goOn, groundOf, pointsOf, some, start, tried } from './ground.ts';
import { ageLease, startRunner } from './kill.ts';
import type { Outcome } from './proof.ts';
import { collect, inParallel } from './proof.ts';

/** How a runner may end that lost its lock: it says so, or that its session was ended, or there was nothing left to do. */
const fine = /lock\/lost|database\/lost|"failed":null/;

/** A file's lock lives as long as its process, also of one that is frozen: the others wait. */
async function proveFilePoint(ground: Ground, point: Point): Promise<Outcome> {
  const { project, direction } = ground;
  return await tried(ground, point, async (url) => {
    const surefoot = await start(ground, url);
    const runner = startRunner({ url, folder: project.folder, direction, ...point, disturbance: 'stop' });
    try {
      if (!(await runner.atPoint)) return { end: 'not frozen', problem: 'it was not frozen' };
      const other = await surefoot.upgrade('heads', { lockTimeoutMs: 200 }).then(
        () => 'finished by another one',
        (error: unknown) => (isSurefootError(error, 'lock/held') ? 'the other one waited' : String(error)),
      );
      runner.process.kill('SIGCONT');
      const { code, output } = await runner.ended;
      if (code !== 0) return { end: 'failed', problem: `${other}: ${output.slice(-600)}` };
      const found = await compared(ground, surefoot, { url, way: '' });
      return 'problem' in found ? found : { end: `${found.end}, ${other}` };
    } finally {
      runner.process.kill('SIGKILL');
      await runner.ended;
    }
  });
}

async function provePoint(ground: Ground, point: Point): Promise<Outcome> {
  const { project, direction } = ground;
  return await tried(ground, point, async (url) => {
    const surefoot = await start(ground, url);
    const runner = startRunner({ url, folder: project.folder, direction, ...point, disturbance: 'stop' });
    try {
      if (!(await runner.atPoint)) return { end: 'not frozen', problem: 'it was not frozen' };
      await ageLease(url);
      const way = await goOn(surefoot, ground, point);
      const taken = await compared(ground, surefoot, { url, way });
      if ('problem' in taken) return taken;
      runner.process.kill('SIGCONT');
      const { output } = await runner.ended;
      if (!fine.test(output)) return { end: 'not fenced', problem: output.slice(-600) };
      return await compared(ground, surefoot, { url, way });
    } finally {
      runner.process.kill('SIGKILL');
      await runner.ended;
    }
  });
}

export async function proveFrozen(
  engine: Engine,
  { count = Number.POSITIVE_INFINITY } = {},
): Promise<readonly Proof[]> {
  using project = chainOf(engine);
  const ground = await groundOf({ engine, project, direction: 'upgrade' });
  const points = some(pointsOf(ground, ['before', 'sent', 'after']), count);
  const prove = familyOf(engine) === 'sqlite' ? proveFilePoint : provePoint;
  const outcomes = await inParallel(points, 3, (point) => prove(ground, point));
  return [collect('a runner frozen anywhere, and woken after another one has finished', outcomes)];
}
