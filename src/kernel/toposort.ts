/** What is sorted, and after what each node comes. Dependencies that are no nodes are left out. */
export interface ToposortInput<T> {
  readonly nodes: readonly T[];
  readonly dependencies: (node: T) => Iterable<T>;
  /** Decides between nodes that may stand in any order; without it, their order in `nodes` does. */
  readonly compare?: (a: T, b: T) => number;
}

/** All nodes, dependencies first; or the nodes of one cycle, each depending on the next and the last on the first. */
export type ToposortResult<T> =
  | { readonly order: readonly T[]; readonly cycle: null }
  | { readonly order: null; readonly cycle: readonly T[] };

/** A binary heap of numbers, the smallest on top. */
function openHeap() {
  const items: number[] = [];
  const value = (at: number) => items[at] ?? Number.POSITIVE_INFINITY;
  const swap = (a: number, b: number) => {
    const kept = value(a);
    items[a] = value(b);
    items[b] = kept;
  };
  const sink = () => {
    for (let at = 0, child = 1; child < items.length; child = 2 * at + 1) {
      if (value(child + 1) < value(child)) child++;
      if (value(at) <= value(child)) return;
      swap(at, child);
      at = child;
    }
  };
  return {
    push(item: number) {
      items.push(item);
      for (let at = items.length - 1; at > 0; ) {
        const parent = (at - 1) >> 1;
        if (value(parent) <= value(at)) return;
        swap(at, parent);
        at = parent;
      }
    },
    pop(): number | undefined {
      const top = items[0];
      const last = items.pop();
      if (last !== undefined && items.length > 0) {
        items[0] = last;
        sink();
      }
      return top;
    },
  };
}

/** Edges by rank: `needs[i]` are the ranks that node i comes after. */
function edgesByRank<T>(ranked: readonly T[], input: ToposortInput<T>): readonly (readonly number[])[] {
  const rankOf = new Map<T, number>();
  for (const [rank, node] of ranked.entries()) rankOf.set(node, rank);
  return ranked.map((node) => {
    const needs: number[] = [];
    for (const dependency of input.dependencies(node)) {
      const rank = rankOf.get(dependency);
      if (rank !== undefined) needs.push(rank);
    }
    return needs.length > 1 ? [...new Set(needs)] : needs;
  });
}

/** Walks from a node that never became ready to one that it waits for, until a node comes twice. */
function findCycle(needs: readonly (readonly number[])[], waiting: readonly number[]): readonly number[] {
  const path: number[] = [];
  const seenAt = new Map<number, number>();
  let at: number | undefined = waiting.findIndex((count) => count > 0);
  while (at !== undefined) {
    const first = seenAt.get(at);
    if (first !== undefined) return path.slice(first);
    seenAt.set(at, path.length);
    path.push(at);
    at = needs[at]?.find((need) => (waiting[need] ?? 0) > 0);
  }
  return path;
}

function pick<T>(nodes: readonly T[], places: readonly number[]): readonly T[] {
  const boxed = nodes.map((node) => ({ node }));
  const picked: T[] = [];
  for (const place of places) {
    const box = boxed[place];
    if (box) picked.push(box.node);
  }
  return picked;
}

/** Sorts nodes so that each comes after its dependencies; always the same order for the same input. */
export function toposort<T>(input: ToposortInput<T>): ToposortResult<T> {
  const ranked = input.compare ? [...input.nodes].sort(input.compare) : input.nodes;
  const needs = edgesByRank(ranked, input);
  const waiting = needs.map((list) => list.length);
  const dependents: number[][] = ranked.map(() => []);
  const ready = openHeap();
  needs.forEach((list, rank) => {
    if (list.length === 0) ready.push(rank);
    for (const need of list) dependents[need]?.push(rank);
  });
  const order: number[] = [];
  for (let rank = ready.pop(); rank !== undefined; rank = ready.pop()) {
    order.push(rank);
    for (const dependent of dependents[rank] ?? []) {
      const left = (waiting[dependent] ?? 0) - 1;
      waiting[dependent] = left;
      if (left === 0) ready.push(dependent);
    }
  }
  if (order.length === ranked.length) return { order: pick(ranked, order), cycle: null };
  return { order: null, cycle: pick(ranked, findCycle(needs, waiting)) };
}
