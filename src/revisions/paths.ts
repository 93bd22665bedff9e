// Ways through the graph: what an upgrade, a downgrade or a stamp has to do.
// In: the graph, the applied revisions, targets. Out: ids in the order in which they run. Must not know operations.

import { SurefootError } from '../kernel/errors.ts';
import type { RevisionGraph } from './graph.ts';
import { ancestors, descendants, effectiveHeads, inOrder } from './graph.ts';
import type { DowngradeTarget, RevisionRange } from './identifiers.ts';

/**
 * The revisions to upgrade, parents first: all that the targets need and that is not applied, also where it lies below
 * an applied one because it was put into history afterwards.
 */
export function upgradePath(
  graph: RevisionGraph,
  applied: ReadonlySet<string>,
  targets: readonly string[],
): readonly string[] {
  return inOrder(
    graph,
    [...ancestors(graph, targets)].filter((id) => !applied.has(id)),
  );
}

/** The lowest revisions that must go; everything above them goes, too. */
function lowestToGo(graph: RevisionGraph, { to, branch }: DowngradeTarget): readonly string[] {
  const roots = to === null ? graph.bases : (graph.nodes.get(to)?.children ?? []);
  if (branch === null || roots.length < 2) return roots;
  const below = ancestors(graph, [branch], 'revises');
  return roots.filter((id) => below.has(id));
}

/**
 * The revisions to downgrade, children first: every applied one above the target, and whatever depends on one of them.
 * A target that is not applied is refused.
 */
export function downgradePath(
  graph: RevisionGraph,
  applied: ReadonlySet<string>,
  target: DowngradeTarget,
): readonly string[] {
  const { to } = target;
  if (to !== null && !applied.has(to)) {
    const heads = effectiveHeads(graph, applied).join(', ') || 'base';
    throw new SurefootError(
      'revision/not-an-ancestor',
      `revision ${to} is not applied; nothing can go down to it`,
      {
        details: { lower: to, upper: heads },
        hint: `The database stands at ${heads}. Go there with \`surefoot upgrade ${to}\`.`,
      },
    );
  }
  const going = descendants(graph, lowestToGo(graph, target));
  return inOrder(
    graph,
    [...going].filter((id) => applied.has(id)),
  ).toReversed();
}

/**
 * The rows of the version table after a stamp: the targets replace every row of their own lineage (dependencies
 * counted), other rows stay. No target (base): no row. Targets of which one reaches another are refused.
 */
export function stampedRows(
  graph: RevisionGraph,
  rows: readonly string[],
  targets: readonly string[],
): readonly string[] {
  if (targets.length === 0) return [];
  const heads = effectiveHeads(graph, targets);
  const covered = targets.find((id) => !heads.includes(id));
  if (covered !== undefined) {
    throw new SurefootError('revision/ambiguous', `${covered} lies below another revision given with it`, {
      details: { identifier: targets.join(' '), candidates: inOrder(graph, new Set(targets)) },
      hint: `Leave ${covered} out: it counts as applied with the others.`,
    });
  }
  const related = new Set([...ancestors(graph, targets), ...descendants(graph, targets)]);
  const kept = rows.filter((id) => graph.nodes.has(id) && !related.has(id));
  return effectiveHeads(graph, [...kept, ...heads]);
}

/** The revisions from the lower to the upper end, both included, parents first. */
export function revisionsBetween(graph: RevisionGraph, { lower, upper }: RevisionRange): readonly string[] {
  const below = ancestors(graph, upper);
  const above = lower.length === 0 ? below : descendants(graph, lower);
  return inOrder(
    graph,
    [...below].filter((id) => above.has(id)),
  );
}
