// A runner is killed before, at and after everything that it sends; the next one ends where an undisturbed one ends.
// In: an engine, how many points. Out: a proof. Must not know how a runner kills itself.

import type { Direction } from '../../src/plan/plan.ts';
import type { Proof } from '../matrix/proof.ts';
import type { Engine } from '../servers/index.ts';
import { chainOf } from './chain.ts';
import type { Ground, Point } from './ground.ts';
import { compared, goOn, groundOf, pointsOf, scattered, some, start, tried } from './ground.ts';
import type { Ended } from './kill.ts';
import { ageLease, killedRunner, sentBy } from './kill.ts';
import type { Outcome } from './proof.ts';
import { collect, inParallel } from './proof.ts';

/** Runners do not always send as much: one may look at the lock once more. A point behind the end of this one is none. */
const isBehindEnd = (ended: Ended, { at }: Point): boolean => ended.code === 0 && sentBy(ended).length <= at;

async function provePoint(ground: Ground, point: Point): Promise<Outcome | null> {
  const { project, direction } = ground;
  const behindEnd = { end: 'behind the end' };
  const outcome = await tried(ground, point, async (url) => {
    const surefoot = await start(ground, url);
    const died = await killedRunner({ url, folder: project.folder, direction, ...point });
    if (isBehindEnd(died, point)) return behindEnd;
    if (died.signal !== 'SIGKILL') return { end: 'not killed', problem: `not killed: ${died.output}` };
    await ageLease(url);
    const way = await goOn(surefoot, ground, point);
    return await compared(ground, surefoot, { url, way });
  });
  return outcome.end === behindEnd.end ? null : outcome;
}

/** Both directions; `count` points of each, or what can be tried in `minutes` of both. */
export async function proveKilled(
  engine: Engine,
  {
    count = Number.POSITIVE_INFINITY,
    minutes = Number.POSITIVE_INFINITY,
    directions = ['upgrade', 'downgrade'],
  }: {
    readonly count?: number;
    readonly minutes?: number;
    readonly directions?: readonly Direction[];
  } = {},
): Promise<readonly Proof[]> {
  using project = chainOf(engine);
  const proofs: Proof[] = [];
  for (const direction of directions) {
    const ground = await groundOf({ engine, project, direction });
    const points = some(pointsOf(ground, ['before', 'sent', 'after']), count);
    const end = performance.now() + (minutes / directions.length) * 60_000;
    const attempts = await inParallel(scattered(points), 3, async (point) =>
      performance.now() < end ? await provePoint(ground, point) : null,
    );
    const outcomes = attempts.filter((outcome) => outcome !== null);
    proofs.push(
      collect(`a runner killed before, at and after everything that it sends in ${direction}`, outcomes),
    );
  }
  return proofs;
}
