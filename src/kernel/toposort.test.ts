import { expect, it } from 'vitest';
import { fc } from '../../test/support/laws.ts';
import { toposort } from './toposort.ts';

const sort = (edges: Readonly<Record<string, string>>, nodes = Object.keys(edges)) =>
  toposort({
    nodes,
    dependencies: (node) => edges[node]?.split('') ?? [],
    compare: (a, b) => (a < b ? -1 : 1),
  });

it('puts dependencies first and decides ties by comparison', () => {
  expect(sort({ d: 'bc', c: 'a', b: 'a', a: '', z: '' }).order).toEqual(['a', 'b', 'c', 'd', 'z']);
});

it('keeps the given order where nothing compares', () => {
  expect(toposort({ nodes: ['z', 'a', 'm'], dependencies: () => [] }).order).toEqual(['z', 'a', 'm']);
});

it('leaves out dependencies that are no nodes, and counts double ones once', () => {
  expect(sort({ b: 'xaa', a: '' }).order).toEqual(['a', 'b']);
});

it('names one cycle, not what hangs on it', () => {
  const { cycle } = sort({ a: 'c', b: 'a', c: 'b', d: 'a', e: '' });
  expect(cycle?.toSorted()).toEqual(['a', 'b', 'c']);
  expect(sort({ a: 'a' }).cycle).toEqual(['a']);
});

it('sorts any graph, or names a true cycle', () => {
  const edges = fc.array(fc.tuple(fc.nat({ max: 9 }), fc.nat({ max: 9 })), { maxLength: 25 });
  fc.assert(
    fc.property(edges, (pairs) => {
      const nodes = Array.from({ length: 10 }, (_, i) => i);
      const needs = (node: number) => pairs.filter(([from]) => from === node).map(([, to]) => to);
      const { order, cycle } = toposort({ nodes, dependencies: needs });
      if (order) {
        expect(order.toSorted()).toEqual(nodes);
        for (const [from, to] of pairs) expect(order.indexOf(to)).toBeLessThan(order.indexOf(from));
      } else {
        cycle.forEach((node, i) => {
          expect(needs(node)).toContain(cycle[(i + 1) % cycle.length]);
        });
      }
    }),
    { numRuns: 500 },
  );
});
