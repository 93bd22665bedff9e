// The chain, drawn with lines; only the rows that can be seen are elements.
// In: the page. Out: a view. Must not know what a revision does.

import type { LaneRow } from '../lanes.ts';
import { laneRows } from '../lanes.ts';
import type { ReportRevision, RevisionState } from '../report.ts';
import { bdi, fill, h, s } from './dom.ts';
import { drawRevision } from './revision.ts';
import type { Page, View } from './view.ts';
import { counted, states } from './words.ts';

/** Heights of a row, from the whole at a glance to comfortable. */
const heights = [5, 12, 26, 40] as const;
const laneWidth = 14;
const maxLanes = 24;

/** A row as it is listed: what was searched for stands without the lines of what lies between. */
interface Listed {
  readonly place: number;
  readonly row: LaneRow | null;
  readonly above: LaneRow | null;
}

interface Drawing {
  readonly list: HTMLElement;
  readonly space: HTMLElement;
  readonly status: HTMLElement;
  readonly detail: HTMLElement;
  rows: readonly Listed[];
  active: number;
  zoom: number;
  width: number;
}

const laneAt = (lane: number): number => Math.min(lane, maxLanes) * laneWidth + laneWidth / 2;

/** The lines that enter a row from above and leave it below, and its mark. */
function graphOf({ row, above }: Listed, height: number, width: number): SVGElement {
  const lane = laneAt(row?.lane ?? 0);
  const half = height / 2;
  const into = (above?.lines ?? []).map(
    (line) => [line, laneAt(line.top), laneAt(line.bottom), -half] as const,
  );
  const out = (row?.lines ?? []).map((line) => [line, laneAt(line.top), laneAt(line.bottom), half] as const);
  const paths = [...into, ...out].map(([{ isDependency }, top, bottom, from]) =>
    s('path', {
      class: isDependency ? 'line dependency' : 'line',
      d: `M${top} ${from}C${top} ${from + half} ${bottom} ${from + half} ${bottom} ${from + height}`,
    }),
  );
  return s(
    'svg',
    { width, height, viewBox: `0 0 ${width} ${height}`, 'aria-hidden': 'true', class: 'lanes' },
    paths,
    s('circle', { class: 'mark', cx: lane, cy: half, r: Math.min(5, Math.max(2, half - 1)) }),
  );
}

/** Recorded where other revisions ran, and no run of it is known: a stamp, or a hand. */
function neverRan({ model }: Page, { id, state }: ReportRevision): boolean {
  return model.ran.size > 0 && (state === 'applied' || state === 'edited') && !model.ran.has(id);
}

function labelsOf(page: Page, revision: ReportRevision) {
  const { branchLabels, safety, revises, dependsOn } = revision;
  const tags = [
    ...(neverRan(page, revision) ? ['never ran here'] : []),
    ...(page.model.data.heads.includes(revision.id) ? ['head'] : []),
    ...branchLabels,
    ...(safety ? ['safety'] : []),
    ...(revises.length > 1 ? ['merge'] : []),
    ...(dependsOn.length > 0 ? [`needs ${dependsOn.join(', ')}`] : []),
  ];
  return tags.map((tag) => h('span', { class: 'tag' }, bdi(tag)));
}

function rowOf(page: Page, drawing: Drawing, index: number): HTMLElement | null {
  const listed = drawing.rows[index];
  const revision = listed && page.model.data.chain[listed.place];
  if (!listed || !revision) return null;
  const height = heights[drawing.zoom] ?? 26;
  const isActive = index === drawing.active;
  const [sign] = states[revision.state];
  const text = [
    h('span', { class: 'sign', 'aria-hidden': 'true' }, sign),
    h('code', { class: 'id' }, bdi(revision.id)),
    h('span', { class: 'state-name' }, revision.state),
    h('span', { class: 'message' }, bdi(revision.message.replaceAll('\n', ' '))),
    ...labelsOf(page, revision),
    h('span', { class: 'date' }, revision.createdAt?.slice(0, 10) ?? ''),
  ];
  const option = h(
    'div',
    {
      role: 'option',
      id: `revision-${index}`,
      class: `row state-${revision.state} zoom-${drawing.zoom}`,
      'aria-selected': isActive ? 'true' : 'false',
      'aria-posinset': index + 1,
      'aria-setsize': drawing.rows.length,
      'aria-label': drawing.zoom < 2 ? `${revision.id} ${revision.message}, ${revision.state}` : null,
    },
    graphOf(listed, height, drawing.width),
    drawing.zoom < 2 ? null : text,
  );
  option.style.top = `${index * height}px`;
  option.style.height = `${height}px`;
  option.addEventListener('click', () => choose(page, drawing, index));
  return option;
}

/** Draws the rows in sight, and a few more. */
function drawRows(page: Page, drawing: Drawing): void {
  const height = heights[drawing.zoom] ?? 26;
  const { list, space, rows } = drawing;
  space.style.height = `${rows.length * height}px`;
  const first = Math.max(0, Math.floor(list.scrollTop / height) - 8);
  const last = Math.min(rows.length, Math.ceil((list.scrollTop + (list.clientHeight || 600)) / height) + 8);
  const found: HTMLElement[] = [];
  for (let i = first; i < last; i += 1) {
    const row = rowOf(page, drawing, i);
    if (row) found.push(row);
  }
  const isIn = drawing.active >= first && drawing.active < last;
  const outside = isIn || rows.length === 0 ? null : rowOf(page, drawing, drawing.active);
  space.replaceChildren(...found, ...(outside ? [outside] : []));
  if (rows.length > 0) list.setAttribute('aria-activedescendant', `revision-${drawing.active}`);
  else list.removeAttribute('aria-activedescendant');
}

function reveal({ list, zoom, active }: Drawing): void {
  const height = heights[zoom] ?? 26;
  const top = active * height;
  if (top < list.scrollTop) list.scrollTop = top;
  else if (top + height > list.scrollTop + list.clientHeight)
    list.scrollTop = top + height - list.clientHeight;
}

function choose(page: Page, drawing: Drawing, index: number): void {
  const listed = drawing.rows[index];
  const revision = listed && page.model.data.chain[listed.place];
  if (!listed || !revision) return;
  drawing.active = index;
  page.choice.revision = revision.id;
  page.choice.place = listed.place;
  reveal(drawing);
  drawRows(page, drawing);
  drawRevision(drawing.detail, page, revision);
}

const steps: Readonly<Record<string, (index: number, page: number, last: number) => number>> = {
  ArrowDown: (index) => index + 1,
  ArrowUp: (index) => index - 1,
  PageDown: (index, page) => index + page,
  PageUp: (index, page) => index - page,
  Home: () => 0,
  End: (_, __, last) => last,
};

function onKey(page: Page, drawing: Drawing, event: Event): void {
  if (!(event instanceof KeyboardEvent) || event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.key === 'Enter') drawing.detail.focus();
  const step = Object.hasOwn(steps, event.key) ? steps[event.key] : undefined;
  if (!step) return;
  event.preventDefault();
  const last = drawing.rows.length - 1;
  const size = Math.max(1, Math.floor(drawing.list.clientHeight / (heights[drawing.zoom] ?? 26)) - 1);
  choose(page, drawing, Math.max(0, Math.min(last, step(drawing.active, size, last))));
}

interface Filter {
  readonly text: string;
  readonly hidden: ReadonlySet<RevisionState>;
}

function listedRows(page: Page, lanes: readonly LaneRow[], { text, hidden }: Filter): readonly Listed[] {
  const { data, texts } = page.model;
  const last = lanes.length - 1;
  const all = lanes.map((row, i): Listed => ({ place: last - i, row, above: lanes[i - 1] ?? null }));
  if (text === '' && hidden.size === 0) return all;
  const words = text
    .toLowerCase()
    .split(/\s+/)
    .filter((word) => word !== '');
  return all
    .filter(({ place }) => {
      const state = data.chain[place]?.state;
      if (state && hidden.has(state)) return false;
      return words.every((word) => texts[place]?.includes(word));
    })
    .map(({ place }) => ({ place, row: null, above: null }));
}

function widthOf(rows: readonly Listed[]): number {
  let lanes = 0;
  for (const { row } of rows)
    for (const { top, bottom } of row?.lines ?? []) lanes = Math.max(lanes, top, bottom);
  for (const { row } of rows) lanes = Math.max(lanes, row?.lane ?? 0);
  return (Math.min(lanes, maxLanes) + 1) * laneWidth;
}

/** Each state that there is, as a switch that doubles as legend. */
function legend(page: Page, hidden: Set<RevisionState>, changed: () => void): readonly HTMLElement[] {
  const counts = Map.groupBy(page.model.data.chain, ({ state }) => state);
  return [...counts].map(([state, list]) => {
    const [sign, means] = states[state];
    const box = h('input', { type: 'checkbox', checked: true });
    box.addEventListener('change', () => {
      if (box.checked) hidden.delete(state);
      else hidden.add(state);
      changed();
    });
    return h(
      'label',
      { class: `chip state-${state}`, title: means },
      box,
      h('span', { class: 'sign', 'aria-hidden': 'true' }, sign),
      ` ${list.length} ${state}`,
    );
  });
}

function zoomButtons(zoom: (by: number) => void): HTMLElement {
  const button = (text: string, label: string, by: number) => {
    const one = h('button', { type: 'button', 'aria-label': label }, text);
    one.addEventListener('click', () => zoom(by));
    return one;
  };
  return h(
    'span',
    { class: 'zoom', role: 'group', 'aria-label': 'Size' },
    button('−', 'Smaller', -1),
    button('+', 'Larger', 1),
  );
}

function newDrawing(): Drawing {
  const space = h('div', { class: 'space', role: 'presentation' });
  const list = h(
    'div',
    { class: 'chain', role: 'listbox', tabindex: 0, 'aria-label': 'Revisions, newest first' },
    space,
  );
  const detail = h('section', { class: 'detail', tabindex: -1, 'aria-label': 'Revision' });
  const status = h('p', { class: 'status', role: 'status' });
  return { list, space, status, detail, rows: [], active: 0, zoom: 2, width: 0 };
}

function drawChain(root: HTMLElement, page: Page): void {
  const drawing = newDrawing();
  const lanes = laneRows(page.model.data.chain);
  const hidden = new Set<RevisionState>();
  const search = h('input', { type: 'search', id: 'search', placeholder: 'id, message, author, operation…' });
  const update = () => {
    drawing.rows = listedRows(page, lanes, { text: search.value.trim(), hidden });
    drawing.width = widthOf(drawing.rows);
    const at = drawing.rows.findIndex(
      ({ place }) => page.model.data.chain[place]?.id === page.choice.revision,
    );
    drawing.active = Math.max(0, at);
    drawing.status.textContent = `${counted(drawing.rows.length, 'revision')} of ${lanes.length}`;
    reveal(drawing);
    drawRows(page, drawing);
  };
  const zoom = (by: number) => {
    drawing.zoom = Math.max(0, Math.min(heights.length - 1, drawing.zoom + by));
    reveal(drawing);
    drawRows(page, drawing);
  };
  search.addEventListener('input', update);
  drawing.list.addEventListener('keydown', (event) => onKey(page, drawing, event));
  let isAsked = false;
  drawing.list.addEventListener('scroll', () => {
    if (isAsked) return;
    isAsked = true;
    requestAnimationFrame(() => {
      isAsked = false;
      drawRows(page, drawing);
    });
  });
  const tools = h(
    'div',
    { class: 'tools' },
    h('label', { for: 'search' }, 'Search'),
    search,
    h('span', { class: 'chips', role: 'group', 'aria-label': 'States shown' }, legend(page, hidden, update)),
    zoomButtons(zoom),
    drawing.status,
  );
  fill(root, tools, h('div', { class: 'split' }, drawing.list, drawing.detail));
  update();
  choose(page, drawing, drawing.active);
}

function printChain(root: HTMLElement, page: Page): void {
  const rows = page.model.data.chain
    .toReversed()
    .map(({ id, state, message, createdAt, revises }) =>
      h(
        'tr',
        {},
        h('td', {}, states[state][0], ' ', state),
        h('td', {}, h('code', {}, bdi(id))),
        h('td', {}, bdi(revises.join(', ') || 'base')),
        h('td', {}, createdAt?.slice(0, 10) ?? ''),
        h('td', {}, bdi(message)),
      ),
    );
  const head = ['state', 'revision', 'revises', 'created', 'message'].map((one) =>
    h('th', { scope: 'col' }, one),
  );
  fill(root, h('table', {}, h('thead', {}, h('tr', {}, head)), h('tbody', {}, rows)));
}

/** The chain. */
export function chainView(page: Page): View {
  return {
    name: 'chain',
    title: 'Chain',
    count: page.model.data.chain.length,
    draw: (root) => drawChain(root, page),
    print: (root) => printChain(root, page),
  };
}
