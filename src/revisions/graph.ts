// The graph of revisions. In: headers. Out: RevisionGraph, and questions about it, each linear in the edges.
// Must not know files' contents, identifiers other than full ids, or databases.

import { SurefootError } from '../kernel/errors.ts';
import { toposort } from '../kernel/toposort.ts';
import { refuseBrokenNames, refuseCycle, refuseMissing } from './graph-checks.ts';
import { nearNames } from './near.ts';
import type { RevisionHeader } from './revision.ts';

/** A revision among its neighbours. All lists are ids, in the order of the graph. */
export interface RevisionNode {
  readonly header: RevisionHeader;
  /** Place in the topological order. */
  readonly position: number;
  readonly revises: readonly string[];
  /** `dependsOn` with labels replaced by the revisions that declare them. */
  readonly dependsOn: readonly string[];
  /** `revises` and `dependsOn` together. */
  readonly needs: readonly string[];
  /** Revisions that revise it. */
  readonly children: readonly string[];
  /** Revisions that revise it or depend on it. */
  readonly neededBy: readonly string[];
  /** Labels of the branch it belongs to, its own included. */
  readonly labels: readonly string[];
}

export interface RevisionGraph {
  /** By id, parents first; ties by `createdAt`, then id. */
  readonly nodes: ReadonlyMap<string, RevisionNode>;
  /** The ids in that order. */
  readonly order: readonly string[];
  /** Revisions that none revises. */
  readonly heads: readonly string[];
  /** Heads that none depends on either: with them applied, everything is. */
  readonly realHeads: readonly string[];
  readonly bases: readonly string[];
  readonly branchPoints: readonly string[];
  readonly mergePoints: readonly string[];
  /** The revision that declares a label. */
  readonly labels: ReadonlyMap<string, string>;
  /** The revision with a name of another tool. */
  readonly imported: ReadonlyMap<string, string>;
}

function byAge(a: RevisionHeader, b: RevisionHeader): number {
  const [first, second] = [a.createdAt ?? '', b.createdAt ?? ''];
  if (first !== second) return first < second ? -1 : 1;
  return a.id < b.id ? -1 : 1;
}

/** The mutable form of a node while the graph is built. */
interface Draft extends RevisionNode {
  readonly children: string[];
  readonly neededBy: string[];
  readonly labels: string[];
}

function toDraft(header: RevisionHeader, position: number, labels: ReadonlyMap<string, string>): Draft {
  const { revises } = header;
  const named = header.dependsOn.map((name) => labels.get(name) ?? name);
  const dependsOn = named.length > 1 ? [...new Set(named)] : named;
  const needs = dependsOn.length > 0 ? [...new Set([...revises, ...dependsOn])] : revises;
  return { header, position, revises, dependsOn, needs, children: [], neededBy: [], labels: [] };
}

function sortHeaders(headers: readonly RevisionHeader[], labels: ReadonlyMap<string, string>) {
  const byId = new Map<string, RevisionHeader>();
  for (const header of headers) byId.set(header.id, header);
  const { order, cycle } = toposort({
    nodes: headers,
    *dependencies({ revises, dependsOn }) {
      for (const names of [revises, dependsOn]) {
        for (const name of names) {
          const found = byId.get(labels.get(name) ?? name);
          if (found) yield found;
        }
      }
    },
    compare: byAge,
  });
  return order ?? refuseCycle(cycle);
}

/** A label holds for all descendants, and for the ancestors down to where the branch comes off or was merged. */
function spreadLabels(nodes: ReadonlyMap<string, Draft>): void {
  for (const node of nodes.values()) {
    const inherited = node.revises.flatMap((id) => nodes.get(id)?.labels ?? []);
    node.labels.push(...new Set([...inherited, ...node.header.branchLabels]));
  }
  for (const node of nodes.values()) {
    if (node.header.branchLabels.length === 0) continue;
    for (let below = soleParent(node, nodes); below; below = soleParent(below, nodes)) {
      const missing = node.header.branchLabels.filter((label) => !below?.labels.includes(label));
      below.labels.push(...missing);
    }
  }
}

/** The only parent, where it belongs to the same branch and to no other. */
function soleParent(node: Draft, nodes: ReadonlyMap<string, Draft>): Draft | undefined {
  const parent = node.revises.length === 1 ? nodes.get(node.revises[0] ?? '') : undefined;
  return parent && parent.neededBy.length === 1 && parent.revises.length < 2 ? parent : undefined;
}

function summarise(nodes: ReadonlyMap<string, RevisionNode>) {
  const idsWhere = (is: (node: RevisionNode) => boolean) =>
    [...nodes.values()].filter(is).map((node) => node.header.id);
  return {
    order: [...nodes.keys()],
    heads: idsWhere((node) => node.children.length === 0),
    realHeads: idsWhere((node) => node.neededBy.length === 0),
    bases: idsWhere((node) => node.revises.length === 0),
    branchPoints: idsWhere((node) => node.children.length > 1),
    mergePoints: idsWhere((node) => node.revises.length > 1),
  };
}

/** Builds the graph, or refuses: double ids and labels, missing parents, cycles. */
export function buildGraph(headers: readonly RevisionHeader[]): RevisionGraph {
  const labels = refuseBrokenNames(headers);
  refuseMissing(headers, labels);
  const nodes = new Map<string, Draft>();
  for (const [position, header] of sortHeaders(headers, labels).entries()) {
    const node = toDraft(header, position, labels);
    nodes.set(header.id, node);
    for (const id of node.revises) nodes.get(id)?.children.push(header.id);
    for (const id of node.needs) nodes.get(id)?.neededBy.push(header.id);
  }
  if (labels.size > 0) spreadLabels(nodes);
  const imported = headers.flatMap(({ id, importedAs }) =>
    importedAs === undefined ? [] : ([[importedAs, id]] as const),
  );
  return { nodes, ...summarise(nodes), labels, imported: new Map(imported) };
}

/** The node of an id; a refusal where there is none. */
export function nodeOf(graph: RevisionGraph, id: string): RevisionNode {
  const node = graph.nodes.get(id);
  if (node) return node;
  throw unknownRevision(graph, id);
}

/** The refusal of what names no revision, with what may have been meant. */
export function unknownRevision(
  graph: RevisionGraph,
  identifier: string,
): SurefootError<'revision/not-found'> {
  const squash = [...graph.nodes.values()].find(({ header }) => header.replaces.includes(identifier));
  if (squash) {
    const { id } = squash.header;
    return new SurefootError('revision/not-found', `revision ${identifier} was squashed into ${id}`, {
      details: { identifier, similar: [id] },
      hint: `Name ${id}, which stands for it.`,
    });
  }
  const similar = nearNames(identifier, [...graph.nodes.keys(), ...graph.labels.keys()]);
  const hint =
    similar.length > 0
      ? `Did you mean ${similar.join(' or ')}?`
      : 'List the revisions with `surefoot history`.';
  return new SurefootError('revision/not-found', `no revision is called '${identifier}'`, {
    details: { identifier, similar },
    hint,
  });
}

function reach(graph: RevisionGraph, ids: Iterable<string>, next: (node: RevisionNode) => readonly string[]) {
  const found = new Set<string>();
  const stack: string[] = [];
  for (const id of ids) stack.push(nodeOf(graph, id).header.id);
  for (let id = stack.pop(); id !== undefined; id = stack.pop()) {
    if (found.has(id)) continue;
    found.add(id);
    for (const other of next(nodeOf(graph, id))) stack.push(other);
  }
  return found;
}

/** Which edges count: `revises` alone (a branch), or `dependsOn` too (what must be applied). */
export type Edges = 'revises' | 'all';

/** The given revisions and all below them. */
export function ancestors(
  graph: RevisionGraph,
  ids: Iterable<string>,
  edges: Edges = 'all',
): ReadonlySet<string> {
  return reach(graph, ids, (node) => (edges === 'all' ? node.needs : node.revises));
}

/** The given revisions and all above them. */
export function descendants(
  graph: RevisionGraph,
  ids: Iterable<string>,
  edges: Edges = 'all',
): ReadonlySet<string> {
  return reach(graph, ids, (node) => (edges === 'all' ? node.neededBy : node.children));
}

/** Ids in the order of the graph. */
export function inOrder(graph: RevisionGraph, ids: Iterable<string>): readonly string[] {
  return [...ids].sort((a, b) => nodeOf(graph, a).position - nodeOf(graph, b).position);
}

/**
 * The rows of the version table for a set of applied revisions: those that no other of them reaches through `revises`
 * or `dependsOn`, be it by way of revisions that are not applied.
 */
export function effectiveHeads(graph: RevisionGraph, applied: Iterable<string>): readonly string[] {
  const heads = new Set(applied);
  const below = ancestors(
    graph,
    [...heads].flatMap((id) => nodeOf(graph, id).needs),
  );
  for (const id of below) heads.delete(id);
  return inOrder(graph, heads);
}

/** What rows of a version table say is applied: they and all their ancestors. */
export function appliedFrom(graph: RevisionGraph, rows: Iterable<string>): ReadonlySet<string> {
  return ancestors(graph, rows);
}

/** Rows that say nothing, because another row reaches them. */
export function overlappingRows(graph: RevisionGraph, rows: readonly string[]): readonly string[] {
  const heads = new Set(effectiveHeads(graph, rows));
  return inOrder(graph, new Set(rows.filter((id) => !heads.has(id))));
}

/** Rows that name no revision of the graph. */
export function unknownRows(graph: RevisionGraph, rows: readonly string[]): readonly string[] {
  return rows.filter((id) => !graph.nodes.has(id));
}

/** Revisions that lie below an applied one and are not applied themselves: put into history afterwards. */
export function insertedBelow(graph: RevisionGraph, applied: ReadonlySet<string>): readonly string[] {
  return inOrder(
    graph,
    [...ancestors(graph, applied)].filter((id) => !applied.has(id)),
  );
}
