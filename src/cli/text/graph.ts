// A revision graph, drawn with lines.
// In: nodes, children before their parents. Out: for each node what stands left of it. Must not know revisions.

/** A node and the nodes below it, the first one straight. */
export interface GraphNode {
  readonly id: string;
  readonly parents: readonly string[];
}

/** What is drawn for a node: lines above it where branches come together, and what stands beside it. */
export interface GraphRow {
  readonly above: readonly string[];
  /** `slot` is where the node's own mark goes. */
  readonly beside: { readonly before: string; readonly after: string };
  /** Lines below it, where branches part. */
  readonly below: readonly string[];
}

/** Lanes from left to right: the node that each of them leads to; `null`: it is free. */
type Lanes = (string | null)[];

const trimmed = (cells: readonly string[]): string => cells.join('').trimEnd();

/** What stands in a lane that a line passes, begins in, ends in, or leaves alone. */
function cell(
  lane: Lanes[number],
  place: { readonly mark: string | undefined; readonly isPassed: boolean },
): string {
  if (place.mark !== undefined) return place.mark;
  if (place.isPassed) return lane === null ? '─' : '┼';
  return lane === null ? ' ' : '│';
}

/** A line from one lane to others, over those that it passes. */
function bridge(lanes: Lanes, from: number, to: ReadonlyMap<number, string>): string {
  const reach = [from, ...to.keys()];
  const [left, right] = [Math.min(...reach), Math.max(...reach)];
  const marks = new Map(to).set(from, from === left ? '├' : '┤');
  return trimmed(
    lanes.map((lane, i) => {
      const isPassed = i > left && i < right;
      return cell(lane, { mark: marks.get(i), isPassed }) + (i >= left && i < right ? '─' : ' ');
    }),
  );
}

/** Where branches come together in a node: their lanes end in its own. */
function join(lanes: Lanes, id: string, own: number): readonly string[] {
  const others = lanes.flatMap((lane, i) => (lane === id && i !== own ? [i] : []));
  if (others.length === 0) return [];
  const last = Math.max(...others);
  const marks = new Map(others.map((i) => [i, i === last ? '╯' : '┴']));
  const line = bridge(lanes, own, marks);
  for (const i of others) lanes[i] = null;
  return [line];
}

function freeLane(lanes: Lanes, from: number): number {
  const free = lanes.findIndex((lane, i) => i > from && lane === null);
  return free === -1 ? lanes.length : free;
}

/** Where a node has several parents: a lane for each. */
function part(lanes: Lanes, parents: readonly string[], own: number): readonly string[] {
  const [first = null, ...rest] = parents;
  lanes[own] = first;
  if (rest.length === 0) return [];
  const marks = new Map<number, string>();
  for (const parent of rest) {
    const known = lanes.indexOf(parent);
    const lane = known === -1 ? freeLane(lanes, own) : known;
    lanes[lane] = parent;
    marks.set(lane, known === -1 ? '╮' : lane < own ? '├' : '┤');
  }
  const last = Math.max(...marks.keys());
  for (const [lane, mark] of marks) if (mark === '╮' && lane !== last) marks.set(lane, '┬');
  return [bridge(lanes, own, marks)];
}

/** Draws nodes, children before their parents. Time and space grow with nodes times lanes. */
export function drawGraph(nodes: readonly GraphNode[]): readonly GraphRow[] {
  const lanes: Lanes = [];
  return nodes.map(({ id, parents }) => {
    const known = lanes.indexOf(id);
    const own = known === -1 ? freeLane(lanes, -1) : known;
    const above = join(lanes, id, own);
    lanes[own] = id;
    const cells = lanes.map((lane) => (lane === null ? '  ' : '│ '));
    const beside = {
      before: cells.slice(0, own).join(''),
      after: trimmed(cells.slice(own + 1)),
    };
    const below = part(lanes, parents, own);
    while (lanes.at(-1) === null) lanes.pop();
    return { above, beside, below };
  });
}
