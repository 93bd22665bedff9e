// The ways up and down a chain of revisions. In: a world. Out: upgrade, downgrade. After each, the server has what history says.

import { expect } from 'vitest';
import type { LoadedRevision } from '../../src/revisions/load.ts';
import type { World } from '../conformance/world.ts';

type Chain = readonly LoadedRevision[];

export function waysIn(world: () => World) {
  const go = async (direction: 'upgrade' | 'downgrade', applied: Chain, path: Chain): Promise<void> => {
    const { target } = await world().go({ direction, applied, path });
    expect(await world().differences(target)).toEqual([]);
  };
  return {
    upgrade: (applied: Chain, path: Chain) => go('upgrade', applied, path),
    /** Leaves so many of those that are applied. */
    downgrade: (applied: Chain, left: number) => go('downgrade', applied, applied.slice(left).toReversed()),
  };
}
