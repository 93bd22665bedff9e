import type { RevisionGraph } from './graph.ts';
import { nodeOf } from './graph.ts';

/** Where steps end (`null`: base), or why they do not: at a fork with `choices`, or after `taken` steps at the end. */
export type Walk =
  | { readonly end: string | null }
  | { readonly taken: number; readonly choices: readonly string[] };

/** Walks up over `revises` from a revision, or from below all bases. `within`: the revisions that may be entered. */
export function walkUp(
  graph: RevisionGraph,
  start: string | null,
  options: { readonly steps: number; readonly within: ReadonlySet<string> | null },
): Walk {
  let at = start;
  for (let taken = 0; taken < options.steps; taken++) {
    const above = at === null ? graph.bases : nodeOf(graph, at).children;
    const choices = options.within ? above.filter((id) => options.within?.has(id)) : above;
    const [next] = choices;
    if (next === undefined || choices.length > 1) return { taken, choices };
    at = next;
  }
  return { end: at };
}

/** Walks down over `revises`; below a base comes base. */
export function walkDown(
  graph: RevisionGraph,
  start: string | null,
  options: { readonly steps: number },
): Walk {
  let at = start;
  for (let taken = 0; taken < options.steps; taken++) {
    if (at === null) return { taken, choices: [] };
    const parents = nodeOf(graph, at).revises;
    if (parents.length > 1) return { taken, choices: parents };
    at = parents[0] ?? null;
  }
  return { end: at };
}
