// Where the revisions of a chain stand when they are drawn, and the lines between them.
// In: nodes, parents first. Out: a lane for each, and the lanes that lines pass. Must not know how it is drawn.

/** A node and the nodes that it comes after. */
export interface LaneNode {
  readonly id: string;
  readonly revises: readonly string[];
  readonly dependsOn: readonly string[];
}

/** A line between two rows, from a lane of the upper one to a lane of the lower one. */
export interface Line {
  readonly top: number;
  readonly bottom: number;
  /** True: it is a dependency, not a parent. */
  readonly isDependency: boolean;
}

/** A row of the drawing: newest first. */
export interface LaneRow {
  readonly id: string;
  readonly lane: number;
  /** The lines between this row and the one below it. */
  readonly lines: readonly Line[];
}

interface Thread {
  readonly to: string;
  readonly isDependency: boolean;
}

/** A line that knows where it leads. */
interface Led extends Line, Thread {}

type Lanes = (Thread | null)[];

function freeLane(lanes: Lanes): number {
  const free = lanes.indexOf(null);
  if (free >= 0) return free;
  lanes.push(null);
  return lanes.length - 1;
}

/** The threads that leave a node, each in a lane; one that leads where another leads already joins it. */
function leave(lanes: Lanes, node: LaneNode, own: number): readonly Led[] {
  const parents = node.revises.map((to): Thread => ({ to, isDependency: false }));
  const needs = node.dependsOn
    .filter((to) => !node.revises.includes(to))
    .map((to): Thread => ({ to, isDependency: true }));
  const lines: Led[] = [];
  lanes[own] = null;
  let isOwnFree = true;
  for (const thread of [...parents, ...needs]) {
    const same = lanes.findIndex(
      (lane) => lane?.to === thread.to && lane.isDependency === thread.isDependency,
    );
    // The straight line stays where it is, rather than join one further out.
    const joins = same >= 0 && !(isOwnFree && same > own);
    const lane = joins ? same : isOwnFree ? own : freeLane(lanes);
    if (lane === own) isOwnFree = false;
    lanes[lane] = thread;
    lines.push({ ...thread, top: own, bottom: lane });
  }
  return lines;
}

/** A row whose lines still know where they lead. */
interface Sketch extends Omit<LaneRow, 'lines'> {
  readonly lines: readonly Led[];
}

function sketch(lanes: Lanes, node: LaneNode): Sketch {
  const arriving = lanes.flatMap((thread, i) => (thread?.to === node.id ? [i] : []));
  const straight = lanes.findIndex((thread) => thread?.to === node.id && !thread.isDependency);
  const own = straight >= 0 ? straight : (arriving[0] ?? freeLane(lanes));
  for (const i of arriving) lanes[i] = null;
  const passing = lanes.flatMap((thread, i): readonly Led[] =>
    thread && i !== own ? [{ ...thread, top: i, bottom: i }] : [],
  );
  const leaving = leave(lanes, node, own);
  while (lanes.at(-1) === null) lanes.pop();
  return { id: node.id, lane: own, lines: [...passing, ...leaving] };
}

/** Rows newest first, each with the lines down to the next. Time grows with nodes times lanes. */
export function laneRows(nodes: readonly LaneNode[]): readonly LaneRow[] {
  const known = new Set(nodes.map(({ id }) => id));
  const isKnown = (id: string) => known.has(id);
  const lanes: Lanes = [];
  const rows = nodes
    .toReversed()
    .map(({ id, revises, dependsOn }) =>
      sketch(lanes, { id, revises: revises.filter(isKnown), dependsOn: dependsOn.filter(isKnown) }),
    );
  return rows.map(({ lines, ...row }, i) => {
    const next = rows[i + 1];
    // A line ends at the node that it leads to, whichever lane that stands in.
    const land = ({ top, bottom, to, isDependency }: Led): Line => ({
      top,
      bottom: next?.id === to ? next.lane : bottom,
      isDependency,
    });
    return { ...row, lines: lines.map(land) };
  });
}
