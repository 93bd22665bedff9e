import { describe, expect, test } from 'vitest';
import { fc } from '../../test/support/laws.ts';
import type { Limits } from './schedule.ts';
import { createSchedule } from './schedule.ts';
import { waveSizes } from './waves.ts';

interface Target {
  readonly name: number;
  readonly server: string | null;
}

const targets = (count: number, server: (i: number) => string | null = () => null): readonly Target[] =>
  Array.from({ length: count }, (_, name) => ({ name, server: server(name) }));

const limits = (given: Partial<Limits>): Limits => ({
  concurrency: 4,
  perServer: 2,
  waves: [Number.POSITIVE_INFINITY],
  stopAbove: 1,
  ...given,
});

interface Trace {
  readonly starts: readonly (readonly [name: number, wave: number])[];
  readonly most: number;
  readonly mostOnOne: number;
  readonly halted: string | null;
}

/** Plays a fleet: `pick` says which of the running targets ends next. */
function play(
  list: readonly Target[],
  given: Limits,
  {
    fails = () => false,
    pick = () => 0,
  }: { fails?: (name: number) => boolean; pick?: (n: number) => number } = {},
): Trace {
  const schedule = createSchedule<Target>(given);
  const left = [...list];
  const running: Target[] = [];
  const starts: [number, number][] = [];
  let [most, mostOnOne] = [0, 0];
  for (;;) {
    while (schedule.wants()) {
      const next = left.shift();
      if (next) schedule.offer(next);
      else schedule.end();
    }
    for (let one = schedule.next(); one; one = schedule.next()) {
      running.push(one.target);
      starts.push([one.target.name, one.wave]);
    }
    most = Math.max(most, running.length);
    for (const { server } of running)
      if (server !== null)
        mostOnOne = Math.max(mostOnOne, running.filter((one) => one.server === server).length);
    expect(schedule.running()).toBe(running.length);
    const [ended] = running.splice(pick(running.length), 1);
    if (!ended) return { starts, most, mostOnOne, halted: schedule.halted() };
    schedule.ended(ended, fails(ended.name) ? 'failed' : 'well');
  }
}

describe('waves', () => {
  test.each([
    [[1, '10%'], 100, [1, 10, 89]],
    [[1, '10%'], 3, [1, 1, 1]],
    [[1, '10%'], 1, [1]],
    [[1, '10%'], 0, []],
    [[5], 3, [3]],
    [['50%', '50%'], 5, [3, 2]],
    [[], 7, [7]],
  ] as const)('%o of %i', (waves, total, sizes) => {
    expect(waveSizes(waves, total)).toEqual(sizes);
  });

  test('the next one begins when the one before has ended', () => {
    const { starts } = play(targets(30), limits({ waves: [1, 3, 26] }));
    expect(starts.map(([, wave]) => wave)).toEqual([1, 2, 2, 2, ...Array.from({ length: 26 }, () => 3)]);
  });

  test('a list that grew meanwhile goes on in the last one', () => {
    expect(play(targets(12), limits({ waves: [1, 3] })).starts).toHaveLength(12);
  });
});

describe('limits', () => {
  test('a full server does not hold up the others', () => {
    const list = targets(40, (i) => (i < 20 ? 'a' : 'b'));
    const { starts, most, mostOnOne } = play(list, limits({}));
    expect([starts.length, most, mostOnOne]).toEqual([40, 4, 2]);
  });

  test('files have none of a server', () => {
    expect(play(targets(40), limits({})).most).toBe(4);
  });
});

describe('failures', () => {
  test('a canary that fails stops it', () => {
    const { starts, halted } = play(targets(30), limits({ waves: [1, 29], stopAbove: 0.1 }), {
      fails: (name) => name === 0,
    });
    expect([starts.length, halted]).toEqual([1, 'failures']);
  });

  test('up to the share they do not', () => {
    const some = (count: number) =>
      play(targets(30), limits({ waves: [30], stopAbove: 0.1 }), { fails: (name) => name < count });
    expect([some(3).starts.length, some(3).halted]).toEqual([30, null]);
    expect(some(4).halted).toBe('failures');
    expect(some(4).starts.length).toBeLessThan(10);
  });

  test('1 never stops, 0 stops at the first', () => {
    const all = { fails: () => true };
    expect(play(targets(9), limits({ waves: [1, 8], stopAbove: 1 }), all).starts).toHaveLength(9);
    expect(play(targets(9), limits({ waves: [9], stopAbove: 0 }), all).starts).toHaveLength(4);
  });
});

test('each target starts once, within the limits, whatever the order in which they end', () => {
  fc.assert(
    fc.property(
      fc.record({
        servers: fc.array(fc.constantFrom('a', 'b', 'c', null), { maxLength: 60 }),
        concurrency: fc.integer({ min: 1, max: 8 }),
        perServer: fc.integer({ min: 1, max: 4 }),
        waves: fc.array(fc.integer({ min: 1, max: 20 }), { maxLength: 3 }),
        picks: fc.array(fc.nat(), { minLength: 1, maxLength: 50 }),
      }),
      ({ servers, concurrency, perServer, waves, picks }) => {
        const list = servers.map((server, name) => ({ name, server }));
        let at = 0;
        const pick = (n: number) => (n === 0 ? 0 : (picks[at++ % picks.length] ?? 0) % n);
        const sizes = waveSizes(waves, list.length);
        const { starts, most, mostOnOne } = play(
          list,
          { concurrency, perServer, waves: sizes, stopAbove: 1 },
          { pick },
        );
        expect(starts.map(([name]) => name).toSorted((a, b) => a - b)).toEqual(list.map(({ name }) => name));
        expect(most).toBeLessThanOrEqual(concurrency);
        expect(mostOnOne).toBeLessThanOrEqual(perServer);
        const counts = sizes.map((_, i) => starts.filter(([, wave]) => wave === i + 1).length);
        expect(counts).toEqual(sizes);
      },
    ),
  );
});
