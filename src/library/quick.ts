import { readEntries, readVersionTable } from '../journal/store.ts';
import { canonicalJson, hashJson } from '../kernel/hash.ts';
import type { RevisionGraph } from '../revisions/graph.ts';
import { appliedFrom, inOrder, unknownRows } from '../revisions/graph.ts';
import { resolve } from '../revisions/identifiers.ts';
import { upgradePath } from '../revisions/paths.ts';
import type { Opened } from './open.ts';
import { readFingerprint } from './open.ts';
import type { Goal } from './prepare.ts';

/** A result of having done nothing. */
export const nothing = {
  finished: [],
  failed: null,
  remaining: [],
  differences: [],
  extras: [],
  losses: [],
  unverified: [],
  confirmed: true,
} as const;

/** Which revisions count as applied, as one value: a revision inserted below a head changes it. */
export function appliedHash(graph: RevisionGraph, rows: readonly string[]): string {
  return hashJson(inOrder(graph, appliedFrom(graph, rows)));
}

/**
 * The recorded revisions, where there is surely nothing to do: the newest journal entry verified just these revisions, nothing
 * is pending, and the schema's fingerprint is the one that was verified. `null`: a closer look is needed.
 */
export async function nothingToDo(
  opened: Opened,
  graph: RevisionGraph,
  goal: Goal,
): Promise<readonly string[] | null> {
  const rows = (await readVersionTable(opened.store))?.rows;
  if (goal.direction !== 'upgrade' || !rows || unknownRows(graph, rows).length > 0) return null;
  const [last] = await readEntries(opened.store, { events: null, data: true, limit: 1 });
  if (last?.event !== 'verified' || canonicalJson(last.data.heads) !== canonicalJson(rows)) return null;
  const applied = appliedFrom(graph, rows);
  if (last.data.appliedHash !== appliedHash(graph, rows)) return null;
  const targets = resolve(goal.target, graph, { current: rows, purpose: 'upgrade' });
  if (upgradePath(graph, applied, targets).length > 0) return null;
  return last.data.fingerprint === (await readFingerprint(opened)) ? rows : null;
}
