// Rows of the user's for a rehearsal. In: seeds by revision. Out: the same, failing in words of their own.
// Must not know a rehearsal.

import type { Seed } from '../config/define-config.ts';
import { isSurefootError, messageOf, SurefootError } from '../kernel/errors.ts';
import { nearest } from '../kernel/nearest.ts';
import type { RevisionGraph } from '../revisions/graph.ts';

const telling =
  (id: string, seed: Seed): Seed =>
  async (connection) => {
    try {
      await seed(connection);
    } catch (cause) {
      throw new SurefootError('run/code-failed', `the seed of ${id} stops: ${messageOf(cause)}`, {
        details: { revision: id },
        hint: `Correct \`rehearsal.seeds\`: it runs where ${id} has not run yet.${
          isSurefootError(cause) ? ` ${cause.hint}` : ''
        }`,
        cause,
      });
    }
  };

/** The seeds by revision. One for a revision that there is not would never run, and nobody would notice. */
export function seedsFor(
  graph: RevisionGraph,
  seeds: Readonly<Record<string, Seed>>,
): ReadonlyMap<string, Seed> {
  for (const id of Object.keys(seeds)) {
    if (graph.nodes.has(id)) continue;
    const meant = nearest(id, graph.order);
    throw new SurefootError('revision/not-found', `there are rows for a revision that there is not: ${id}`, {
      details: { identifier: id },
      hint: `${meant === null ? '' : `Did you mean ${meant}? `}Correct \`rehearsal.seeds\`, which names whole ids.`,
    });
  }
  return new Map(Object.entries(seeds).map(([id, seed]) => [id, telling(id, seed)]));
}
