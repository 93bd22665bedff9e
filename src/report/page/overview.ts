// Everything at a glance.
// In: the page. Out: a view. Must not know details: it links to them.

import { bdi, type Child, fill, h } from './dom.ts';
import type { Page, View } from './view.ts';
import { link } from './view.ts';
import { counted, moment, states } from './words.ts';

function verdict(page: Page): Child {
  const { check, database } = page.model.data;
  if (database === null || check === null)
    return h('p', { class: 'verdict' }, 'The files alone: no database was asked.');
  const errors = check.findings.filter(({ severity }) => severity === 'error');
  const only = errors.every(({ code }) => code === 'history/pending');
  const at = database.heads.join(', ') || 'base';
  const waiting =
    database.pending.length === 0
      ? 'nothing is pending'
      : `${counted(database.pending.length, 'revision')} pending`;
  const lie = check.identified;
  const words =
    errors.length === 0
      ? 'The database is what history says.'
      : only
        ? 'The database is behind history.'
        : 'The database is not what history says.';
  return [
    h('p', { class: `verdict ${errors.length === 0 ? 'good' : only ? 'warn' : 'bad'}` }, words),
    h('p', {}, 'It stands at ', h('code', {}, bdi(at)), `; ${waiting}.`),
    lie !== null &&
      h(
        'p',
        { class: 'bad' },
        `Recorded ${lie.recorded.join(', ') || 'base'}; the schema is ${lie.distance === 0 ? 'that' : 'nearest to that'} of ${lie.nearest.join(' or ')}.`,
      ),
  ];
}

function chips(page: Page): Child {
  const counts = Map.groupBy(page.model.data.chain, ({ state }) => state);
  return h(
    'ul',
    { class: 'chips', 'aria-label': 'Revisions by state' },
    [...counts].map(([state, list]) =>
      h(
        'li',
        { class: `chip state-${state}` },
        h('span', { class: 'sign', 'aria-hidden': 'true' }, states[state][0]),
        ` ${list.length} ${state}`,
      ),
    ),
  );
}

function facts(page: Page): Child {
  const { database, madeAt, tool, heads, lint } = page.model.data;
  const lock = database?.lock ?? null;
  const rows: readonly (readonly [string, Child])[] = [
    ['Database', database === null ? null : bdi(`${database.description} (${database.product})`)],
    [
      'Lock',
      database === null
        ? null
        : lock === null
          ? 'free'
          : bdi(`${lock.owner} since ${lock.since} (${lock.state})`),
    ],
    ['Heads of history', heads.map((id, i) => [i > 0 && ', ', h('a', { href: link('chain', id) }, bdi(id))])],
    ['Lint', lint === null ? null : bdi(`${counted(lint.findings.length, 'hazard')}, for ${lint.server}`)],
    ['Made', `${moment(madeAt)} by ${tool}`],
  ];
  return h(
    'dl',
    {},
    rows
      .filter(([, child]) => child !== null)
      .flatMap(([name, child]) => [h('dt', {}, name), h('dd', {}, child)]),
  );
}

function gravest(page: Page): Child {
  const errors = (page.model.data.check?.findings ?? []).filter(({ severity }) => severity === 'error');
  if (errors.length === 0) return null;
  return h(
    'section',
    {},
    h('h3', {}, counted(errors.length, 'error')),
    h(
      'ul',
      {},
      errors
        .slice(0, 12)
        .map(({ message, code }) =>
          h('li', {}, h('a', { href: link('findings') }, bdi(message)), ' ', h('code', {}, code)),
        ),
    ),
  );
}

function notes(page: Page): Child {
  const { notes: list } = page.model.data;
  if (list.length === 0) return null;
  return h(
    'section',
    {},
    h('h3', {}, 'Not told'),
    h(
      'ul',
      {},
      list.map((one) => h('li', {}, bdi(one))),
    ),
  );
}

/** The overview. */
export function overviewView(page: Page): View {
  return {
    name: 'overview',
    title: 'Overview',
    count: null,
    draw: (root) => fill(root, verdict(page), chips(page), facts(page), gravest(page), notes(page)),
  };
}
