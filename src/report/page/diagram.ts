// Tables and their foreign keys, drawn.
// In: the page. Out: a view. Must not know how boxes are laid out: a library does that.

import type { ReportPart } from '../report.ts';
import { visible } from '../visible.ts';
import { bdi, type Child, fill, h, s } from './dom.ts';
import { partsAt } from './model.ts';
import { slider } from './slider.ts';
import type { Page, View } from './view.ts';
import { link } from './view.ts';
import { counted } from './words.ts';

/** More than these are drawn only around a name that is searched for. */
const most = 250;
const columnsShown = 8;
const rowHeight = 16;
const boxWidth = 190;

interface Box {
  readonly table: string;
  readonly columns: readonly string[];
}

interface Edge {
  readonly from: string;
  readonly to: string;
}

interface Place {
  readonly x: number;
  readonly y: number;
  readonly height: number;
}

interface Layout {
  readonly places: ReadonlyMap<string, Place>;
  readonly lines: ReadonlyMap<string, readonly { readonly x: number; readonly y: number }[]>;
  readonly width: number;
  readonly height: number;
}

interface Picture {
  readonly boxes: readonly Box[];
  readonly edges: readonly Edge[];
}

const edgeKey = ({ from, to }: Edge): string => `${from}\u0000${to}`;

function pictureOf(parts: readonly ReportPart[]): Picture {
  const tables = new Set(parts.flatMap(({ kind, owner }) => (kind === 'table' ? [owner] : [])));
  const columns = Map.groupBy(
    parts.filter(({ kind }) => kind === 'column'),
    ({ owner }) => owner,
  );
  const edges = parts.flatMap(({ kind, owner, references }): readonly Edge[] =>
    kind === 'foreign-key' && references !== undefined && tables.has(references)
      ? [{ from: owner, to: references }]
      : [],
  );
  return {
    boxes: [...tables].map((table) => ({
      table,
      columns: [...new Set((columns.get(table) ?? []).map(({ name }) => name))],
    })),
    edges: [...new Map(edges.map((edge) => [edgeKey(edge), edge])).values()],
  };
}

/** A table, and those that it leads to or that lead to it. */
function around({ boxes, edges }: Picture, text: string): Picture {
  const found = new Set(
    boxes.flatMap(({ table }) => (table.toLowerCase().includes(text.toLowerCase()) ? [table] : [])),
  );
  const near = edges.filter(({ from, to }) => found.has(from) || found.has(to));
  const names = new Set([...found, ...near.flatMap(({ from, to }) => [from, to])]);
  return {
    boxes: boxes.filter(({ table }) => names.has(table)),
    edges: edges.filter(({ from, to }) => names.has(from) && names.has(to)),
  };
}

const heightOf = ({ columns }: Box): number =>
  26 + Math.min(columns.length, columnsShown + 1) * rowHeight + 6;

/** Tables that no foreign key ties to others stand in rows of their own, below. */
async function layOut({ boxes, edges }: Picture): Promise<Layout> {
  const { Graph, layout } = await import('@dagrejs/dagre');
  const tied = new Set(edges.flatMap(({ from, to }) => [from, to]));
  const graph = new Graph({ multigraph: false });
  graph.setGraph({ rankdir: 'LR', nodesep: 24, ranksep: 70, marginx: 12, marginy: 12 });
  graph.setDefaultEdgeLabel(() => ({}));
  // Names of others are no ids of a library: numbers are.
  const ids = new Map(boxes.map(({ table }, i) => [table, `n${i}`]));
  for (const box of boxes)
    if (tied.has(box.table))
      graph.setNode(ids.get(box.table) ?? '', { width: boxWidth, height: heightOf(box) });
  for (const { from, to } of edges) if (from !== to) graph.setEdge(ids.get(from) ?? '', ids.get(to) ?? '');
  if (tied.size > 0) layout(graph);
  const places = new Map<string, Place>();
  for (const box of boxes.filter(({ table }) => tied.has(table))) {
    const { x = 0, y = 0 } = graph.node(ids.get(box.table) ?? '');
    const height = heightOf(box);
    places.set(box.table, { x: x - boxWidth / 2, y: y - height / 2, height });
  }
  const lines = new Map(
    edges.flatMap((edge) => {
      const points =
        edge.from === edge.to ? [] : graph.edge(ids.get(edge.from) ?? '', ids.get(edge.to) ?? '')?.points;
      return points && points.length > 0 ? [[edgeKey(edge), points] as const] : [];
    }),
  );
  const end = tied.size > 0 ? graph.graph() : { width: 0, height: 0 };
  return withLoose({ places, lines, width: end.width ?? 0, height: end.height ?? 0 }, boxes);
}

function withLoose({ places, lines, width, height }: Layout, boxes: readonly Box[]): Layout {
  const all = new Map(places);
  const loose = boxes.filter(({ table }) => !places.has(table));
  const perRow = Math.max(5, Math.floor(width / (boxWidth + 24)));
  let top = height + 12;
  let tallest = 0;
  for (const [i, box] of loose.entries()) {
    if (i > 0 && i % perRow === 0) {
      top += tallest + 24;
      tallest = 0;
    }
    all.set(box.table, { x: 12 + (i % perRow) * (boxWidth + 24), y: top, height: heightOf(box) });
    tallest = Math.max(tallest, heightOf(box));
  }
  const widest = Math.min(perRow, loose.length) * (boxWidth + 24) + 12;
  return { places: all, lines, width: Math.max(width, widest), height: top + tallest + 12 };
}

const shorten = (text: string, width: number): string => {
  const chars = [...visible(text)];
  return chars.length <= width ? chars.join('') : `${chars.slice(0, width - 1).join('')}…`;
};

function boxElement(page: Page, { table, columns }: Box, { x, y, height }: Place): SVGElement {
  const more = columns.length - columnsShown;
  const names =
    more > 1 ? [...columns.slice(0, columnsShown), `and ${more} more`] : columns.slice(0, columnsShown + 1);
  const box = s(
    'g',
    { class: 'box', transform: `translate(${x} ${y})` },
    s('title', {}, table),
    s('rect', { width: boxWidth, height, rx: 4 }),
    s('line', { x1: 0, y1: 24, x2: boxWidth, y2: 24 }),
    s('text', { x: 10, y: 17, class: 'table' }, shorten(table, 24)),
    names.map((name, i) => s('text', { x: 10, y: 40 + i * rowHeight }, shorten(name, 26))),
  );
  box.addEventListener('click', () => page.go('schema', `table:${table}`));
  return box;
}

function lineElement(points: readonly { readonly x: number; readonly y: number }[]): SVGElement {
  const d = points.map(({ x, y }, i) => `${i === 0 ? 'M' : 'L'}${x.toFixed(1)} ${y.toFixed(1)}`).join('');
  return s('path', { class: 'key', d, 'marker-end': 'url(#arrow)' });
}

function drawing(
  page: Page,
  { boxes, edges }: Picture,
  { places, lines, width, height }: Layout,
): SVGElement {
  const arrow = s(
    'marker',
    { id: 'arrow', viewBox: '0 0 8 8', refX: 8, refY: 4, markerWidth: 8, markerHeight: 8, orient: 'auto' },
    s('path', { d: 'M0 0L8 4L0 8z', class: 'arrow' }),
  );
  return s(
    'svg',
    {
      role: 'img',
      'aria-label': `${counted(boxes.length, 'table')} and ${counted(edges.length, 'foreign key')}; the list below says the same`,
      ...{ width, height, viewBox: `0 0 ${width} ${height}`, class: 'diagram' },
    },
    s('defs', {}, arrow),
    edges.map((edge) => lineElement(lines.get(edgeKey(edge)) ?? [])),
    boxes.map((box) => {
      const place = places.get(box.table);
      return place ? boxElement(page, box, place) : null;
    }),
  );
}

function keyList(edges: readonly Edge[]): Child {
  const items = edges.map(({ from, to }) =>
    h(
      'li',
      {},
      h('a', { href: link('schema', `table:${from}`) }, bdi(from)),
      ' → ',
      h('a', { href: link('schema', `table:${to}`) }, bdi(to)),
    ),
  );
  return h('details', {}, h('summary', {}, counted(edges.length, 'foreign key')), h('ul', {}, items));
}

/** Every table that ever was keeps its place, so that sliding moves nothing. */
function everything(page: Page): Picture {
  const { history, sides } = page.model.data;
  return pictureOf([...history, ...(sides?.rows ?? [])]);
}

type Source = 'history' | 'server';

function partsOf(page: Page, source: Source): readonly ReportPart[] {
  if (source === 'history') return partsAt(page.model, page.choice.place);
  return (page.model.data.sides?.rows ?? []).filter(({ server }) => server !== null);
}

function scaled(svg: SVGElement, { width, height }: Layout, zoom: number): void {
  svg.setAttribute('width', String(width * zoom));
  svg.setAttribute('height', String(height * zoom));
}

interface Stage {
  readonly place: HTMLElement;
  readonly status: HTMLElement;
  readonly keys: HTMLElement;
  source: Source;
  text: string;
  zoom: number;
  /** The layout, by what it was made for. */
  kept: { readonly of: string; readonly layout: Layout } | null;
}

async function layoutFor(stage: Stage, whole: Picture): Promise<Layout> {
  const of = stage.text;
  if (stage.kept?.of === of) return stage.kept.layout;
  const layout = await layOut(whole);
  stage.kept = { of, layout };
  return layout;
}

async function redraw(page: Page, stage: Stage): Promise<void> {
  const all = everything(page);
  if (stage.text === '' && all.boxes.length > most) {
    stage.status.textContent = `${counted(all.boxes.length, 'table')}: name one to see it with its neighbours.`;
    fill(stage.place);
    return;
  }
  const whole = stage.text === '' ? all : around(all, stage.text);
  if (whole.boxes.length > most) {
    stage.status.textContent = `${counted(whole.boxes.length, 'table')}: say more of the name.`;
    return;
  }
  const layout = await layoutFor(stage, whole);
  const now = pictureOf(partsOf(page, stage.source));
  const isShown = new Set(whole.boxes.map(({ table }) => table));
  const shown = {
    boxes: now.boxes.filter(({ table }) => isShown.has(table)),
    edges: now.edges.filter((edge) => layout.lines.has(edgeKey(edge)) || edge.from === edge.to),
  };
  const svg = drawing(page, shown, layout);
  scaled(svg, layout, stage.zoom);
  fill(stage.place, svg);
  fill(stage.keys, keyList(shown.edges));
  stage.status.textContent = `${counted(shown.boxes.length, 'table')}, ${counted(shown.edges.length, 'foreign key')}`;
}

function sourceSwitch(stage: Stage, changed: () => void): HTMLElement {
  const radio = (source: Source, label: string) => {
    const input = h('input', {
      type: 'radio',
      name: 'source',
      value: source,
      checked: stage.source === source,
    });
    input.addEventListener('change', () => {
      stage.source = source;
      changed();
    });
    return h('label', { class: 'chip' }, input, ` ${label}`);
  };
  return h(
    'span',
    { role: 'radiogroup', 'aria-label': 'What is drawn' },
    radio('history', 'history at a revision'),
    radio('server', 'the server'),
  );
}

function zoomButtons(stage: Stage, changed: () => void): HTMLElement {
  const button = (text: string, label: string, by: number) => {
    const one = h('button', { type: 'button', 'aria-label': label }, text);
    one.addEventListener('click', () => {
      stage.zoom = Math.max(0.2, Math.min(3, stage.zoom * by));
      changed();
    });
    return one;
  };
  return h(
    'span',
    { class: 'zoom', role: 'group', 'aria-label': 'Size' },
    button('−', 'Smaller', 0.8),
    button('+', 'Larger', 1.25),
  );
}

function drawDiagram(root: HTMLElement, page: Page): void {
  const stage: Stage = {
    place: h('div', { class: 'stage', tabindex: 0, role: 'group', 'aria-label': 'Diagram' }),
    status: h('p', { class: 'status', role: 'status' }),
    keys: h('div'),
    ...{ source: 'history' as const, text: '', zoom: 1, kept: null },
  };
  const changed = () => void redraw(page, stage);
  const search = h('input', { type: 'search', id: 'search-diagram' });
  search.addEventListener('input', () => {
    stage.text = search.value.trim();
    changed();
  });
  fill(
    root,
    h(
      'div',
      { class: 'tools' },
      h('label', { for: 'search-diagram' }, 'Around'),
      search,
      page.model.data.sides?.hasServer === true && sourceSwitch(stage, changed),
      zoomButtons(stage, changed),
      stage.status,
    ),
    slider(page, changed),
    stage.place,
    stage.keys,
  );
  changed();
}

/** The entity diagram. */
export function diagramView(page: Page): View {
  return { name: 'diagram', title: 'Diagram', count: null, draw: (root) => drawDiagram(root, page) };
}
