// What a squash is about. In: the graph, a range. Out: its revisions and what they rest on, or a refusal.
// Must not know what the revisions do.

import { SurefootError } from '../kernel/errors.ts';
import type { RevisionGraph } from '../revisions/graph.ts';
import { ancestors, inOrder } from '../revisions/graph.ts';
import { resolveRange } from '../revisions/identifiers.ts';
import { revisionsBetween } from '../revisions/paths.ts';
import type { NewHeader } from '../revisions/render.ts';
import type { RevisionHeader } from '../revisions/revision.ts';

/** A range that one revision can stand for. */
export interface SquashRange {
  readonly graph: RevisionGraph;
  /** Parents first; the last one gives its id. */
  readonly ids: readonly string[];
  readonly last: RevisionHeader;
  /** What the range rests on, parents first. */
  readonly below: readonly string[];
}

function oneEnd(graph: RevisionGraph, upper: readonly string[]): RevisionHeader {
  const [only] = upper;
  const header = only === undefined ? undefined : graph.nodes.get(only)?.header;
  if (header && upper.length === 1) return header;
  const ends = upper.join(', ') || 'base';
  throw new SurefootError(
    'squash/several-ends',
    `a range with one end can be squashed; this one ends at ${ends}`,
    {
      details: { revisions: upper },
      hint: 'Name one revision as its end: `surefoot squash a:b`.',
    },
  );
}

function refuseNeeded(graph: RevisionGraph, ids: readonly string[], last: string): void {
  const own = new Set(ids);
  for (const id of ids) {
    if (id === last) continue;
    const neededBy = (graph.nodes.get(id)?.neededBy ?? []).filter((other) => !own.has(other));
    if (neededBy.length === 0) continue;
    throw new SurefootError(
      'squash/needed-outside',
      `${neededBy.join(', ')} outside the range revises or depends on ${id} inside it`,
      {
        details: { revision: id, neededBy },
        hint: `End the range at ${id}, or begin it behind ${id}; or widen it until it holds ${neededBy.join(', ')}, too.`,
      },
    );
  }
}

/** The revisions of `a:b`, if nothing outside needs one of those inside. */
export function squashRange(graph: RevisionGraph, text: string): SquashRange {
  const range = resolveRange(text, graph, { current: null, purpose: 'show' });
  const last = oneEnd(graph, range.upper);
  const ids = revisionsBetween(graph, range);
  if (ids.length < 2)
    throw new SurefootError('squash/too-few', `there is nothing to put together in ${text}`, {
      details: { revisions: ids },
      hint: 'A range holds two revisions at least, both ends included: `surefoot history` lists them.',
    });
  refuseNeeded(graph, ids, last.id);
  const own = new Set(ids);
  const below = inOrder(graph, ancestors(graph, ids)).filter((id) => !own.has(id));
  return { graph, ids: [...ids.filter((id) => id !== last.id), last.id], last, below };
}

/** Refuses a range with a squash in it whose originals still finish databases. */
export function refuseNested({ graph, ids }: SquashRange, originals: readonly RevisionHeader[]): void {
  const kept = new Set(originals.map(({ id }) => id));
  const nested = ids.filter((id) => graph.nodes.get(id)?.header.replaces.some((one) => kept.has(one)));
  if (nested.length === 0) return;
  throw new SurefootError(
    'squash/nested',
    `${nested.join(', ')} is a squash itself, and its originals are there`,
    {
      details: { revisions: nested },
      hint: 'Once every database has come past it, remove its originals from `squashed/`; then squash again.',
    },
  );
}

/** The head of the one revision: the id of the last, the labels of all, the parents and dependencies outside. */
export function squashHeader({ graph, ids, last }: SquashRange, message: string | undefined): NewHeader {
  const own = new Set(ids);
  const headers = ids.flatMap((id) => graph.nodes.get(id)?.header ?? []);
  const outside = (names: readonly string[]) => [
    ...new Set(names.filter((name) => !own.has(graph.labels.get(name) ?? name))),
  ];
  const revises = outside(headers.flatMap((header) => header.revises));
  const replaces = ids.filter((id) => id !== last.id);
  return {
    id: last.id,
    revises,
    message: message?.trim() || `squash of ${ids[0]} to ${last.id}`,
    createdAt: last.createdAt,
    branchLabels: [...new Set(headers.flatMap(({ branchLabels }) => branchLabels))],
    dependsOn: outside(headers.flatMap(({ dependsOn }) => dependsOn)).filter(
      (name) => !revises.includes(name),
    ),
    replaces,
    ...(last.importedAs === undefined ? {} : { importedAs: last.importedAs }),
  };
}
