import { describe, expect, it } from 'vitest';
import { draw, header, history, largeHistory } from '../../test/revisions/history.ts';
import { fc } from '../../test/support/laws.ts';
import type { SurefootError } from '../kernel/errors.ts';
import {
  ancestors,
  appliedFrom,
  buildGraph,
  descendants,
  effectiveHeads,
  insertedBelow,
  overlappingRows,
  unknownRows,
} from './graph.ts';
import { downgradePath, revisionsBetween, stampedRows, upgradePath } from './paths.ts';
import type { RevisionHeader } from './revision.ts';

function refusal(act: () => unknown): SurefootError {
  try {
    act();
  } catch (error) {
    return error as SurefootError;
  }
  throw new Error('nothing was refused');
}

describe('the graph', () => {
  const graph = history('a <- b <- d; a <- c <- d; x <- y; y needs b');

  it('knows heads, bases, branch points and merge points', () => {
    expect(graph.heads).toEqual(['d', 'y']);
    expect(graph.bases).toEqual(['a', 'x']);
    expect(graph.branchPoints).toEqual(['a']);
    expect(graph.mergePoints).toEqual(['d']);
  });

  it('calls a head real only if none depends on it', () => {
    const consumed = history('a <- b; x; b needs x');
    expect(consumed.heads).toEqual(['x', 'b']);
    expect(consumed.realHeads).toEqual(['b']);
  });

  it('follows revises alone, or dependsOn too', () => {
    expect([...ancestors(graph, ['y'])].sort()).toEqual(['a', 'b', 'x', 'y']);
    expect([...ancestors(graph, ['y'], 'revises')].sort()).toEqual(['x', 'y']);
    expect([...descendants(graph, ['b'])].sort()).toEqual(['b', 'd', 'y']);
  });

  it('orders by dependency, then time, then id', () => {
    const at = (second: number) => ({ createdAt: `2025-01-01T00:00:0${second}.000Z` });
    const headers = [
      header('z', at(1)),
      header('m', at(3)),
      header('k', at(3)),
      header('c', { ...at(0), revises: ['m'] }),
    ];
    expect(buildGraph(headers).order).toEqual(['z', 'k', 'm', 'c']);
    expect(buildGraph(headers.toReversed()).order).toEqual(['z', 'k', 'm', 'c']);
  });

  it('spreads labels up to descendants and down to where the branch comes off', () => {
    const branched = history('a <- b <- c <- d; a <- e; c is feature');
    const labelsOf = (id: string) => branched.nodes.get(id)?.labels;
    expect([labelsOf('a'), labelsOf('b'), labelsOf('c'), labelsOf('d'), labelsOf('e')]).toEqual([
      [],
      ['feature'],
      ['feature'],
      ['feature'],
      [],
    ]);
  });

  it('takes a label in dependsOn as the revision that declares it', () => {
    expect(history('a <- b; x <- y; x is feature; b needs feature').nodes.get('b')?.dependsOn).toEqual(['x']);
  });
});

describe('refusals', () => {
  it('names the missing parent, the file and what may be meant', () => {
    const error = refusal(() => buildGraph([header('aaaa1111'), header('b', { revises: ['aaaa1112'] })]));
    expect(error.code).toBe('revision/missing-parent');
    expect(error.message).toContain('migrations/b.ts');
    expect(error.hint).toContain('aaaa1111');
  });

  it.each([
    ['a missing dependency', [header('a', { dependsOn: ['nope'] })], 'revision/missing-parent'],
    ['a double id', [header('a'), header('a', { file: 'migrations/other.sql' })], 'revision/duplicate-id'],
    [
      'a double label',
      [header('a', { branchLabels: ['l'] }), header('b', { branchLabels: ['l'] })],
      'revision/duplicate-label',
    ],
    [
      'a label that is an id',
      [header('a', { branchLabels: ['b'] }), header('b')],
      'revision/duplicate-label',
    ],
    ['a reserved id', [header('heads')], 'revision/invalid'],
    ['a reserved label', [header('a', { branchLabels: ['current'] })], 'revision/invalid'],
    ['a revision that revises itself', [header('a', { revises: ['a'] })], 'revision/cycle'],
    ['a revision that depends on itself', [header('a', { dependsOn: ['a'] })], 'revision/cycle'],
    ['a cycle through both kinds of edges', draw('a <- b <- c; a needs c'), 'revision/cycle'],
  ] as [string, RevisionHeader[], string][])('%s', (_, headers, code) => {
    expect(refusal(() => buildGraph(headers)).code).toBe(code);
  });

  it('names the path of a cycle', () => {
    const error = refusal(() => history('a <- b <- c; a needs c; z <- a'));
    expect((error.details as { revisions: string[] }).revisions.toSorted()).toEqual(['a', 'b', 'c']);
  });

  it('treats ids like __proto__ and constructor as ids', () => {
    expect(history('__proto__ <- constructor <- toString').heads).toEqual(['toString']);
    expect(
      refusal(
        () => history('a').nodes.get('__proto__') ?? upgradePath(history('a'), new Set(), ['__proto__']),
      ).code,
    ).toBe('revision/not-found');
  });
});

describe('version rows', () => {
  // A redundant edge: d revises b and depends on b's ancestor.
  const graph = history('a <- b; c; c needs a; a <- d; d needs b; d needs c');

  it('are the applied revisions that no other reaches', () => {
    expect(effectiveHeads(graph, ['a', 'b', 'c', 'd'])).toEqual(['d']);
    expect(effectiveHeads(graph, ['a', 'b', 'c'])).toEqual(['b', 'c']);
    expect(effectiveHeads(graph, [])).toEqual([]);
  });

  it('count what is reached by way of revisions that are not applied', () => {
    expect(effectiveHeads(history('a <- b <- c'), ['a', 'c'])).toEqual(['c']);
  });

  it('that say nothing or are unknown are found', () => {
    expect(overlappingRows(graph, ['a', 'd'])).toEqual(['a']);
    expect(overlappingRows(graph, ['b', 'c'])).toEqual([]);
    expect(unknownRows(graph, ['a', 'feedface'])).toEqual(['feedface']);
  });

  it('after a stamp replace their own lineage and leave the rest', () => {
    const two = history('a <- b <- c; x <- y');
    expect(stampedRows(two, ['c', 'y'], ['b'])).toEqual(['b', 'y']);
    expect(stampedRows(two, ['b'], ['c'])).toEqual(['c']);
    expect(stampedRows(two, ['c', 'y'], [])).toEqual([]);
    expect(refusal(() => stampedRows(two, [], ['a', 'b'])).code).toBe('revision/ambiguous');
  });
});

describe('paths', () => {
  const graph = history('a <- b <- d; a <- c <- d; c <- e; x; x needs e');

  it('go up to what is missing, inserted revisions too', () => {
    expect(upgradePath(graph, new Set(['a', 'b']), ['d'])).toEqual(['c', 'd']);
    expect(upgradePath(graph, new Set(['a', 'b', 'd']), ['d'])).toEqual(['c']);
    expect(insertedBelow(graph, new Set(['a', 'b', 'd']))).toEqual(['c']);
    expect(upgradePath(graph, new Set(['a']), [])).toEqual([]);
  });

  it('go down with all that depends on what goes', () => {
    const all = new Set(graph.order);
    expect(downgradePath(graph, all, { to: 'c', branch: null })).toEqual(['x', 'e', 'd']);
    expect(downgradePath(graph, all, { to: 'a', branch: 'b' })).toEqual(['d', 'b']);
    expect(downgradePath(graph, all, { to: null, branch: null })).toEqual(graph.order.toReversed());
    expect(downgradePath(graph, new Set(['a']), { to: 'a', branch: null })).toEqual([]);
  });

  it('refuse to go down to what is not applied', () => {
    expect(refusal(() => downgradePath(graph, new Set(['a']), { to: 'd', branch: null })).code).toBe(
      'revision/not-an-ancestor',
    );
  });

  it('between two revisions hold both ends', () => {
    expect(revisionsBetween(graph, { lower: ['c'], upper: ['d'] })).toEqual(['c', 'd']);
    expect(revisionsBetween(graph, { lower: [], upper: ['c'] })).toEqual(['a', 'c']);
  });
});

/** Random graphs of up to 24 revisions: each may revise and depend on earlier ones. */
const randomHeaders = fc
  .array(
    fc.record({
      parents: fc.array(fc.nat(), { maxLength: 3 }),
      needs: fc.array(fc.nat(), { maxLength: 2 }),
      second: fc.nat({ max: 4 }),
      name: fc.nat({ max: 999 }),
    }),
    { maxLength: 24 },
  )
  .map((parts) => {
    const ids = parts.map(({ name }, i) => `${name}_${i}`);
    const earlier = (i: number, picks: readonly number[]) =>
      i === 0 ? [] : [...new Set(picks.map((pick) => ids[pick % i] ?? ''))];
    return parts.map(({ parents, needs, second }, i) =>
      header(ids[i] ?? '', {
        revises: earlier(i, parents),
        dependsOn: earlier(i, needs),
        createdAt: second === 4 ? null : `2025-01-01T00:00:0${second}.000Z`,
      }),
    );
  });

describe('laws of 1,000 random graphs', () => {
  const runs = { numRuns: 1000 };

  it('the order is topological and does not depend on the order of the files', () => {
    fc.assert(
      fc.property(randomHeaders, fc.infiniteStream(fc.nat()), (headers, keys) => {
        const graph = buildGraph(headers);
        const shuffled = headers
          .map((one) => ({ one, key: keys.next().value }))
          .sort((a, b) => a.key - b.key);
        expect(buildGraph(shuffled.map(({ one }) => one)).order).toEqual(graph.order);
        for (const { position, needs } of graph.nodes.values()) {
          for (const id of needs) expect(graph.nodes.get(id)?.position).toBeLessThan(position);
        }
      }),
      runs,
    );
  });

  it('up to the heads and down to base visits every revision once, each step on firm ground', () => {
    fc.assert(
      fc.property(randomHeaders, (headers) => {
        const graph = buildGraph(headers);
        const up = upgradePath(graph, new Set(), graph.realHeads);
        expect(up.toSorted()).toEqual(graph.order.toSorted());
        const applied = new Set<string>();
        for (const id of up) {
          expect(graph.nodes.get(id)?.needs.every((need) => applied.has(need))).toBe(true);
          applied.add(id);
        }
        const down = downgradePath(graph, applied, { to: null, branch: null });
        expect(down.toSorted()).toEqual(graph.order.toSorted());
        for (const id of down) {
          expect(graph.nodes.get(id)?.neededBy.some((user) => applied.has(user))).toBe(false);
          applied.delete(id);
        }
      }),
      runs,
    );
  });

  it('effectiveHeads and appliedFrom undo each other, and rows never overlap', () => {
    fc.assert(
      fc.property(randomHeaders, fc.array(fc.nat(), { maxLength: 4 }), (headers, picks) => {
        const graph = buildGraph(headers);
        const some = picks.flatMap((pick) => graph.order[pick % Math.max(1, graph.order.length)] ?? []);
        const applied = appliedFrom(graph, some);
        const rows = effectiveHeads(graph, applied);
        expect(appliedFrom(graph, rows)).toEqual(applied);
        expect(effectiveHeads(graph, appliedFrom(graph, rows))).toEqual(rows);
        expect(overlappingRows(graph, rows)).toEqual([]);
      }),
      runs,
    );
  });

  it('going down to a revision leaves exactly what does not lie above it', () => {
    fc.assert(
      fc.property(randomHeaders, fc.nat(), (headers, pick) => {
        const graph = buildGraph(headers);
        const to = graph.order[pick % Math.max(1, graph.order.length)] ?? null;
        const gone = new Set(downgradePath(graph, new Set(graph.order), { to, branch: null }));
        const left = graph.order.filter((id) => !gone.has(id));
        if (to !== null) expect(left).toContain(to);
        expect([...appliedFrom(graph, left)].toSorted()).toEqual(left.toSorted());
      }),
      runs,
    );
  });
});

describe('a large graph', () => {
  it('of 10,000 revisions with 500 merges is planned', () => {
    const headers = largeHistory(10_000, 500);
    const graph = buildGraph(headers);
    expect(graph.mergePoints).toHaveLength(500);
    const path = upgradePath(graph, new Set(), graph.realHeads);
    expect(path).toHaveLength(10_000);
    expect(effectiveHeads(graph, path)).toEqual(graph.realHeads);
  });
});
