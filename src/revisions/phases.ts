// Revisions in two phases: one that widens the schema before a release, and one that narrows it once the last one is gone.
// In: the graph. Out: which of its revisions belong to a phase. Must not know files or databases.

import { SurefootError } from '../kernel/errors.ts';
import type { RevisionGraph, RevisionNode } from './graph.ts';
import type { RevisionHeader } from './revision.ts';

/** `expand`: before the deployment. `contract`: after it, when nothing of the release before runs any more. */
export type Phase = 'expand' | 'contract';

/** The headers of a file: a phased revision is two. */
export function phasesOf(header: RevisionHeader): readonly RevisionHeader[] {
  if (header.contract === undefined) return [header];
  const { importedAs: _, contract, ...rest } = header;
  const contracting: RevisionHeader = {
    ...rest,
    id: contract,
    revises: [header.id],
    message: `contract: ${header.message}`,
    branchLabels: [],
    dependsOn: [],
    safety: false,
    replaces: [],
    contracts: header.id,
  };
  return [header, contracting];
}

const isContract = (node: RevisionNode | undefined): boolean => node?.header.contracts !== undefined;

/** A contracting revision that nothing comes behind yet: those who go on do so from the other half. */
const isLoose = (node: RevisionNode | undefined): boolean => isContract(node) && node?.children.length === 0;

/** The heads that a new revision goes on from: a contracting half is joined by a merge, once it has run. */
export function openHeads(graph: RevisionGraph): readonly string[] {
  return graph.order.filter((id) => {
    const node = graph.nodes.get(id);
    return (
      node !== undefined && !isLoose(node) && node.children.every((child) => isLoose(graph.nodes.get(child)))
    );
  });
}

/** Contracting revisions that have not run though the other half has. */
export function waitingContracts(graph: RevisionGraph, applied: ReadonlySet<string>): readonly string[] {
  return graph.order.filter((id) => {
    const expanded = graph.nodes.get(id)?.header.contracts;
    return expanded !== undefined && applied.has(expanded) && !applied.has(id);
  });
}

function waitsFor(revision: string, contracts: readonly string[]): SurefootError<'plan/waits-for-contract'> {
  const names = contracts.join(', ');
  return new SurefootError(
    'plan/waits-for-contract',
    `revision ${revision} comes after ${names}, which contracts and has not run: --phase expand does not go past it`,
    {
      details: { revision, contracts },
      hint: 'Name a target below it; or, once nothing of the release before runs any more, `surefoot upgrade --phase contract` first.',
    },
  );
}

/** Of a way up, what belongs to the phase. */
export function inPhase(
  graph: RevisionGraph,
  path: readonly string[],
  { phase, applied }: { readonly phase: Phase | undefined; readonly applied: ReadonlySet<string> },
): readonly string[] {
  if (phase === undefined) return path;
  const needsOf = (id: string) => graph.nodes.get(id)?.needs ?? [];
  if (phase === 'contract')
    return path.filter(
      (id) => isContract(graph.nodes.get(id)) && needsOf(id).every((need) => applied.has(need)),
    );
  const left = new Set(path.filter((id) => isContract(graph.nodes.get(id))));
  const expanding = path.filter((id) => !left.has(id));
  for (const id of expanding) {
    const behind = needsOf(id).filter((need) => left.has(need));
    if (behind.length > 0) throw waitsFor(id, behind);
  }
  return expanding;
}
