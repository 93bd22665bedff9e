// Random graphs of revisions: their order, and the heads that upgrade and downgrade leave.

import { expect, test } from 'vitest';
import {
  ancestors,
  appliedFrom,
  buildGraph,
  descendants,
  effectiveHeads,
  inOrder,
  insertedBelow,
  type RevisionGraph,
} from '../../src/revisions/graph.ts';
import type { RevisionHeader } from '../../src/revisions/revision.ts';
import { header } from '../revisions/history.ts';
import { fc, lawRuns } from '../support/laws.ts';

const idOf = (n: number) => `r${String(n).padStart(3, '0')}`;

/** Each revision revises and depends on earlier ones, so that there is no circle; ids say nothing of the order. */
const graphs: fc.Arbitrary<readonly RevisionHeader[]> = fc
  .array(
    fc.record({
      parents: fc.uniqueArray(fc.nat(), { maxLength: 3 }),
      needs: fc.uniqueArray(fc.nat(), { maxLength: 2 }),
      alone: fc.integer({ min: 0, max: 9 }),
    }),
    { minLength: 1, maxLength: 25 },
  )
  .chain((nodes) =>
    fc
      .shuffledSubarray(
        nodes.map((_, i) => i),
        { minLength: nodes.length },
      )
      .map((numbers) => {
        const id = (place: number) => idOf(numbers[place] ?? 0);
        const earlier = (picks: readonly number[], place: number) =>
          place === 0 ? [] : [...new Set(picks.map((pick) => id(pick % place)))];
        return nodes.map(({ parents, needs, alone }, place) => {
          const revises = alone === 0 ? [] : earlier(parents.length === 0 ? [place - 1] : parents, place);
          const dependsOn = earlier(needs, place).filter((one) => !revises.includes(one));
          return header(id(place), { revises: place === 0 ? [] : revises, dependsOn });
        });
      }),
  );

const withNeeded = (graph: RevisionGraph, ids: readonly string[]) =>
  new Set([...ids, ...ancestors(graph, ids, 'all')]);
const withDependent = (graph: RevisionGraph, ids: readonly string[]) =>
  new Set([...ids, ...descendants(graph, ids, 'all')]);

/** A graph, and a set of applied revisions of it: some revisions with all that they need. */
const states = fc
  .tuple(graphs, fc.array(fc.nat(), { maxLength: 3 }), fc.nat(), fc.nat())
  .map(([headers, picks, up, down]) => {
    const graph = buildGraph(headers);
    const at = (n: number) => headers[n % headers.length]?.id ?? '';
    return { headers, graph, applied: withNeeded(graph, picks.map(at)), up: at(up), down: at(down) };
  });

test('the order does not depend on the order of the files', () => {
  fc.assert(
    fc.property(graphs, fc.infiniteStream(fc.nat()), (headers, numbers) => {
      const shuffled = headers
        .map((one) => [numbers.next().value, one] as const)
        .sort(([a], [b]) => a - b)
        .map(([, one]) => one);
      const ids = headers.map(({ id }) => id);
      const order = inOrder(buildGraph(headers), ids);
      expect(inOrder(buildGraph(shuffled), ids)).toEqual(order);
      expect([...order].sort()).toEqual([...ids].sort());
      const place = new Map(order.map((id, i) => [id, i]));
      for (const { id, revises, dependsOn } of headers) {
        for (const needed of [...revises, ...dependsOn]) {
          expect(place.get(needed)).toBeLessThan(place.get(id) ?? -1);
        }
      }
    }),
    { numRuns: lawRuns(1000) },
  );
});

test('the version rows tell exactly what is applied', () => {
  fc.assert(
    fc.property(states, ({ graph, applied }) => {
      const rows = effectiveHeads(graph, applied);
      expect([...appliedFrom(graph, rows)].sort()).toEqual([...applied].sort());
      expect(insertedBelow(graph, applied)).toEqual([]);
      // No row is reached from another one.
      for (const row of rows) {
        const others = rows.filter((one) => one !== row);
        expect(ancestors(graph, others, 'all').has(row)).toBe(false);
      }
    }),
    { numRuns: lawRuns(1000) },
  );
});

test('upgrade and downgrade again end at the same heads', () => {
  fc.assert(
    fc.property(states, ({ graph, applied, up }) => {
      const before = effectiveHeads(graph, applied);
      const after = new Set([...applied, ...withNeeded(graph, [up])]);
      const run = inOrder(graph, after).filter((id) => !applied.has(id));
      const back = new Set([...after].filter((id) => !run.includes(id)));
      expect(effectiveHeads(graph, back)).toEqual(before);
      // Nothing that stays rests on what goes.
      const gone = withDependent(graph, run);
      for (const id of back) expect(gone.has(id)).toBe(false);
    }),
    { numRuns: lawRuns(1000) },
  );
});

test('downgrade and upgrade again end at the same heads', () => {
  fc.assert(
    fc.property(states, ({ graph, applied, down }) => {
      const before = effectiveHeads(graph, applied);
      const gone = withDependent(graph, [down]);
      const rest = new Set([...applied].filter((id) => !gone.has(id)));
      expect([...appliedFrom(graph, effectiveHeads(graph, rest))].sort()).toEqual([...rest].sort());
      const again = new Set([...rest, ...withNeeded(graph, before)]);
      expect(effectiveHeads(graph, again)).toEqual(before);
    }),
    { numRuns: lawRuns(1000) },
  );
});
