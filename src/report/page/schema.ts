// The schema: as it was at any revision, and as server, history and models have it.
// In: the page. Out: a view. Must not know how a schema is compared.

import type { PartSpan, SideRow } from '../report.ts';
import { bdi, type Child, fill, h, inPieces } from './dom.ts';
import { byOwner, partsAt } from './model.ts';
import { slider } from './slider.ts';
import type { Page, View } from './view.ts';
import { link } from './view.ts';
import { counted } from './words.ts';

const pieces = 20;

interface Shown {
  readonly part: PartSpan;
  readonly mark: 'new' | 'gone' | '';
}

/** What is there after the revision at a place, and what that revision took away. */
function shownAt(page: Page, place: number): readonly Shown[] {
  const now = partsAt(page.model, place).map(
    (part): Shown => ({ part, mark: part.from === place ? 'new' : '' }),
  );
  const gone = page.model.data.history
    .filter(({ to }) => to === place)
    .map((part): Shown => ({ part, mark: 'gone' }));
  return [...now, ...gone];
}

function partRow({ part, mark }: Shown): HTMLElement {
  const name =
    part.kind === 'column' ? bdi(part.name) : [h('span', { class: 'kind' }, part.kind), ' ', bdi(part.name)];
  const said = mark === '' ? null : h('span', { class: 'tag' }, mark === 'new' ? 'made here' : 'gone');
  return h(
    'tr',
    { class: mark },
    h('th', { scope: 'row' }, name),
    h('td', {}, h('code', {}, bdi(part.words)), ' ', said),
  );
}

function card(owner: string, parts: readonly Shown[]): HTMLElement {
  const isTable = parts.some(({ part }) => part.kind === 'table');
  const rows = parts.filter(({ part }) => part.kind !== 'table' || part.words !== 'table' || !isTable);
  const changed = parts.some(({ mark }) => mark !== '');
  return h(
    'section',
    { class: changed ? 'card changed' : 'card' },
    h('h4', {}, bdi(owner)),
    h('table', { 'aria-label': owner }, h('tbody', {}, rows.map(partRow))),
  );
}

const matches = (owner: string, text: string): boolean => owner.toLowerCase().includes(text.toLowerCase());

function drawAt(root: Element, page: Page, text: string): void {
  const owners = byOwner(shownAt(page, page.choice.place).map((one) => ({ ...one, owner: one.part.owner })));
  const found = owners.filter(([owner]) => matches(owner, text));
  // What the revision changed comes first.
  const changed = ([, parts]: (typeof found)[number]) => (parts.some(({ mark }) => mark !== '') ? 0 : 1);
  const sorted = found.toSorted((a, b) => changed(a) - changed(b));
  fill(
    root,
    h('p', { role: 'status' }, counted(found.length, 'object')),
    h(
      'div',
      { class: 'cards' },
      inPieces(sorted, pieces, ([owner, parts]) => card(owner, parts)),
    ),
  );
}

const cell = (words: string | null, differs: boolean): HTMLElement =>
  h(
    'td',
    { class: differs ? 'differs' : '' },
    words === null ? h('em', {}, 'not there') : h('code', {}, bdi(words)),
  );

/** In words; what only models have, and no comparison minds, is what pending revisions make. */
function verdictOf({ drifts, modelDiffers, history, models }: SideRow): readonly string[] {
  const comes = models !== null && history === null && !drifts && !modelDiffers;
  return [
    ...(drifts ? ['server differs'] : []),
    ...(modelDiffers ? ['models differ'] : []),
    ...(comes ? ['pending'] : []),
  ];
}

function sideRow(page: Page, row: SideRow): HTMLElement {
  const sides = page.model.data.sides;
  const name =
    row.kind === 'column' ? bdi(row.name) : [h('span', { class: 'kind' }, row.kind), ' ', bdi(row.name)];
  const verdict = verdictOf(row);
  const by = row.revision !== null && verdict.length > 0 ? row.revision : null;
  return h(
    'tr',
    { class: isDifferent(row) ? 'different' : '' },
    h('th', { scope: 'row' }, name),
    sides?.hasServer ? cell(row.server, row.drifts) : null,
    cell(row.history, row.drifts),
    sides?.hasModels ? cell(row.models, row.modelDiffers) : null,
    h(
      'td',
      {},
      verdict.join(', '),
      by !== null && [
        ' ',
        page.model.revisions.has(by) ? h('a', { href: link('chain', by) }, bdi(by)) : bdi(by),
      ],
    ),
  );
}

function sideTable(page: Page, owner: string, rows: readonly SideRow[]): HTMLElement {
  const { sides } = page.model.data;
  const at = sides?.hasServer ? `history at ${sides.at.join(', ') || 'base'}` : 'history';
  const head = ['', sides?.hasServer ? 'server' : null, at, sides?.hasModels ? 'models' : null, 'verdict'];
  const cells = head.flatMap((name) => {
    if (name === null) return [];
    return [name === '' ? h('td', {}) : h('th', { scope: 'col' }, bdi(name))];
  });
  return h(
    'section',
    { class: 'sides' },
    h('h4', {}, bdi(owner)),
    h(
      'div',
      { class: 'wide', tabindex: 0, role: 'group', 'aria-label': owner },
      h(
        'table',
        { 'aria-label': owner },
        h('thead', {}, h('tr', {}, cells)),
        h(
          'tbody',
          {},
          rows.map((row) => sideRow(page, row)),
        ),
      ),
    ),
  );
}

const isDifferent = ({ drifts, modelDiffers }: SideRow): boolean => drifts || modelDiffers;

function drawSides(root: Element, page: Page, wish: { readonly text: string; readonly all: boolean }): void {
  const rows = page.model.data.sides?.rows ?? [];
  const owners = byOwner(rows).filter(
    ([owner, own]) => matches(owner, wish.text) && (wish.all || own.some(isDifferent)),
  );
  const differences = rows.filter(isDifferent).length;
  fill(
    root,
    h('p', { role: 'status' }, differences === 0 ? 'No difference.' : counted(differences, 'difference')),
    inPieces(owners, pieces, ([owner, own]) => sideTable(page, owner, own)),
  );
}

function checkbox(label: string, checked: boolean): readonly [HTMLElement, HTMLInputElement] {
  const box = h('input', { type: 'checkbox', checked });
  return [h('label', { class: 'chip' }, box, ` ${label}`), box];
}

function drawSchema(root: HTMLElement, page: Page): void {
  const { sides } = page.model.data;
  const hasBoth = sides !== null && (sides.hasServer || sides.hasModels);
  const differences = (sides?.rows ?? []).filter(isDifferent).length;
  const search = h('input', { type: 'search', id: 'search-tables', value: page.choice.table ?? '' });
  const beside = h('div');
  const at = h('div');
  const [allLabel, allBox] = checkbox('also what is the same', differences === 0);
  const updateSides = () => drawSides(beside, page, { text: search.value, all: allBox.checked });
  const updateAt = () => drawAt(at, page, search.value);
  allBox.addEventListener('change', updateSides);
  search.addEventListener('input', () => {
    page.choice.table = search.value;
    if (hasBoth) updateSides();
    updateAt();
  });
  const sidesPart: Child = hasBoth && [
    h('h3', {}, sides.hasServer ? 'Server, history and models' : 'History and models'),
    h('div', { class: 'tools' }, allLabel),
    beside,
  ];
  fill(
    root,
    h('div', { class: 'tools' }, h('label', { for: 'search-tables' }, 'Tables'), search),
    sidesPart,
    h('h3', {}, 'At a revision'),
    slider(page, updateAt),
    at,
  );
  if (hasBoth) updateSides();
  updateAt();
}

function printSchema(root: HTMLElement, page: Page): void {
  const rows = (page.model.data.sides?.rows ?? []).filter(isDifferent);
  const place = page.model.data.chain.length - 1;
  const owners = byOwner(partsAt(page.model, place));
  fill(
    root,
    rows.length > 0 && [
      h('h3', {}, 'Differences'),
      byOwner(rows).map(([owner, own]) => sideTable(page, owner, own)),
    ],
    h('h3', {}, 'At the head of history'),
    owners.map(([owner, parts]) =>
      card(
        owner,
        parts.map((part) => ({ part, mark: '' as const })),
      ),
    ),
  );
}

/** The schema. */
export function schemaView(page: Page): View {
  const rows = page.model.data.sides?.rows ?? [];
  return {
    name: 'schema',
    title: 'Schema',
    count: rows.filter(isDifferent).length,
    draw: (root) => drawSchema(root, page),
    print: (root) => printSchema(root, page),
  };
}
