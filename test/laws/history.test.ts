// Random chains of revisions on real servers.

import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { isSurefootError } from '../../src/kernel/errors.ts';
import type { Operation } from '../../src/operations/operation.ts';
import type { LoadedRevision } from '../../src/revisions/load.ts';
import { emptySchema } from '../../src/schema/schema.ts';
import { memoryRevision, openWorld, type World } from '../conformance/world.ts';
import { selectedEngines } from '../servers/index.ts';
import { fc, lawRuns } from '../support/laws.ts';
import { representatives, share } from '../support/share.ts';
import { chainsOn } from './arbitrary-chain.ts';
import { waysIn } from './ways.ts';

const engines = representatives(selectedEngines());

describe.each(engines)('%s', (engine) => {
  let world: World;
  beforeAll(async () => {
    world = await openWorld(engine);
  });
  afterAll(() => world.close());

  const revisions = (chain: readonly (readonly Operation[])[]): readonly LoadedRevision[] =>
    chain.map((operations, i) =>
      memoryRevision(
        `r${i}`,
        (op) => {
          for (const operation of operations) op.add(operation);
        },
        world.at,
      ),
    );

  const written = () => world.introspect();

  const { upgrade, downgrade } = waysIn(() => world);

  /** A refusal that DESIGN asks for: what the plan takes away and makes again may be there as either of the two. */
  const isAmbiguous = (error: unknown): boolean => isSurefootError(error, 'plan/ambiguous-object');

  /** Tries a law on random chains, each on an empty database; those that are ambiguous are few, and nothing is touched. */
  async function law(runs: number, check: (all: readonly LoadedRevision[], point: number) => Promise<void>) {
    let tried = 0;
    let ambiguous = 0;
    await fc.assert(
      fc.asyncProperty(chainsOn(world.at.dialect), async (chain) => {
        await world.clear();
        tried += 1;
        await check(revisions(chain.revisions), chain.point).catch((error: unknown) => {
          if (!isAmbiguous(error)) throw error;
          ambiguous += 1;
        });
      }),
      { numRuns: lawRuns(Math.ceil(runs / (engine === 'sqlite' ? share(1, 2) : share(4, 100)))) },
    );
    expect(ambiguous).toBeLessThan(Math.max(5, tried * 0.1));
  }

  test('up in one go or in two, down to nothing, and up again', async () => {
    await law(150, async (all, point) => {
      await upgrade([], all);
      expect((await world.plan({ direction: 'upgrade', applied: all, path: [] })).plan.steps).toEqual([]);
      await downgrade(all, 0);
      expect(await world.introspect()).toEqual(emptySchema);
      await upgrade([], all.slice(0, point));
      await upgrade(all.slice(0, point), all.slice(point));
    });
  }, 300_000);

  test('down to a point, and up again', async () => {
    await law(100, async (all, point) => {
      await upgrade([], all);
      await downgrade(all, point);
      await upgrade(all.slice(0, point), all.slice(point));
    });
  }, 300_000);

  test('recorded too low, it ends at the heads or refuses before it touches anything', async () => {
    let refused = 0;
    let done = 0;
    await law(200, async (all, point) => {
      await upgrade([], all.slice(0, point));
      const there = await written();
      const built = await world
        .plan({ direction: 'upgrade', applied: [], path: all })
        .catch((error: unknown) => {
          if (!isSurefootError(error)) throw error;
          expect(error.code).toMatch(/^plan\/(conflict|ambiguous-object|drift|name-taken)$/);
          return null;
        });
      expect(await written()).toEqual(there);
      if (built === null) {
        refused += 1;
        return;
      }
      await world.run(built.plan, all);
      expect(await world.differences(built.target)).toEqual([]);
      done += 1;
    });
    // Most chains tell their points apart; of a handful, nothing can be said.
    if (done + refused > 20) expect(done).toBeGreaterThan(refused);
  }, 300_000);
});
