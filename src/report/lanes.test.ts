import { describe, expect, test } from 'vitest';
import type { LaneNode, LaneRow } from './lanes.ts';
import { laneRows } from './lanes.ts';

const node = (id: string, revises: readonly string[] = [], dependsOn: readonly string[] = []): LaneNode => ({
  id,
  revises,
  dependsOn,
});

const drawn = (rows: readonly LaneRow[]): readonly string[] =>
  rows.map(
    ({ id, lane, lines }) =>
      `${id}@${lane} ${lines.map((line) => `${line.top}${line.isDependency ? '.' : '>'}${line.bottom}`).join(' ')}`,
  );

/** Follows the lines from a row down to the rows at which they end. */
function ends(rows: readonly LaneRow[], from: number): readonly string[] {
  const follow = (lane: number, i: number): readonly string[] => {
    const next = rows[i + 1];
    if (!next) return [];
    if (next.lane === lane) return [next.id];
    const on = next.lines.filter(({ top }) => top === lane);
    return on.flatMap(({ bottom }) => follow(bottom, i + 1));
  };
  const row = rows[from];
  const own = row?.lines.filter(({ top }) => top === row.lane) ?? [];
  return [...new Set(own.flatMap(({ bottom }) => follow(bottom, from)))].sort();
}

describe('lanes', () => {
  test('a chain has one', () => {
    expect(drawn(laneRows([node('a'), node('b', ['a']), node('c', ['b'])]))).toEqual([
      'c@0 0>0',
      'b@0 0>0',
      'a@0 ',
    ]);
  });

  test('branches part and come together', () => {
    const rows = laneRows([node('a'), node('b', ['a']), node('c', ['a']), node('d', ['b', 'c'])]);
    expect(drawn(rows)).toEqual(['d@0 0>0 0>1', 'c@1 0>0 1>1', 'b@0 1>0 0>0', 'a@0 ']);
  });

  test('a dependency is a line of another kind', () => {
    const rows = laneRows([node('a'), node('b', ['a']), node('x'), node('c', ['b'], ['x'])]);
    expect(drawn(rows)[0]).toBe('c@0 0>0 0.1');
  });

  test('what is not there is not drawn', () => {
    expect(drawn(laneRows([node('b', ['gone'], ['gone too'])]))).toEqual(['b@0 ']);
    expect(laneRows([])).toEqual([]);
  });

  test('every line of a random graph ends at the parents of its node', () => {
    let seed = 7;
    const random = (below: number) => {
      seed = (seed * 1103515245 + 12345) % 2 ** 31;
      return seed % below;
    };
    for (let round = 0; round < 60; round += 1) {
      const nodes = Array.from({ length: 14 }, (_, i) => {
        const parents = i === 0 ? [] : [...new Set([random(i), random(i)])].slice(0, 1 + random(2));
        return node(
          `n${i}`,
          parents.map((one) => `n${one}`),
        );
      });
      const rows = laneRows(nodes);
      for (const [i, { id }] of rows.entries()) {
        const wanted = nodes.find((one) => one.id === id)?.revises ?? [];
        expect(ends(rows, i)).toEqual([...wanted].sort());
      }
    }
  });
});
