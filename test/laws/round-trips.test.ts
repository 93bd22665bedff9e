// The laws of the diff on real servers: a share of the random pairs, and those on which a law was once broken.

import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openWorld, type World } from '../conformance/world.ts';
import { type Engine, selectedEngines } from '../servers/index.ts';
import { share } from '../support/share.ts';
import { keptPairs } from './round-trips/kept.ts';
import { proveRoundTrips } from './round-trips/prove.ts';
import { tryPair } from './round-trips/round-trip.ts';

/** How many pairs take about two seconds. `npm run laws` tries more. */
const few: Readonly<Record<Engine, number>> = {
  sqlite: 60,
  pglite: 4,
  postgres14: 6,
  postgres18: 8,
  mariadb: 4,
  mysql9: 4,
};

describe.each(selectedEngines())('%s', (engine) => {
  let world: World;
  beforeAll(async () => {
    world = await openWorld(engine);
  });
  afterAll(() => world?.close());

  test('there and back between random schemas', async () => {
    const { failures } = await proveRoundTrips(engine, {
      count: share(20 * few[engine], few[engine]),
      seed: 20,
    });
    expect(failures).toEqual([]);
  });

  test.each(keptPairs.filter(({ on }) => on.includes(engine)))('$name', async (pair) => {
    expect(await tryPair(world, pair)).toMatchObject({ kind: 'held' });
  });
});
