// One revision: what it says and does, its hazards, where and when it ran.
// In: a revision. Out: elements. Must not know the chain.

import type { FlavoredSql, ReportRevision, ReportWork } from '../report.ts';
import { bdi, type Child, code, fill, h } from './dom.ts';
import { findingArticle, lintArticle } from './findings.ts';
import type { Page } from './view.ts';
import { link } from './view.ts';
import { moment, span, states } from './words.ts';

let last = 0;
const nextId = (): string => `tab-${++last}`;

/** Tabs with one panel each; arrow keys walk among them. */
function tabs(list: readonly FlavoredSql[], label: string): HTMLElement {
  const panel = h('div', { role: 'tabpanel', id: nextId() });
  const buttons = list.map(({ flavors }, i) =>
    h(
      'button',
      { type: 'button', role: 'tab', id: nextId(), 'aria-controls': panel.id, tabindex: i === 0 ? 0 : -1 },
      flavors.join(', '),
    ),
  );
  const show = (index: number) => {
    const { statements, flavors } = list[index] ?? { statements: [], flavors: [] };
    for (const [i, button] of buttons.entries()) {
      button.setAttribute('aria-selected', i === index ? 'true' : 'false');
      button.tabIndex = i === index ? 0 : -1;
    }
    panel.setAttribute('aria-labelledby', buttons[index]?.id ?? '');
    const sql = statements.map((one) => `${one.replace(/;\s*$/, '')};`).join('\n\n');
    fill(panel, sql === '' ? h('p', {}, 'No statement.') : code(sql, `SQL for ${flavors.join(', ')}`));
  };
  const walk = (event: KeyboardEvent, from: number) => {
    const by = event.key === 'ArrowRight' ? 1 : event.key === 'ArrowLeft' ? -1 : 0;
    if (by === 0) return;
    event.preventDefault();
    const to = (from + by + list.length) % list.length;
    show(to);
    buttons[to]?.focus();
  };
  for (const [i, button] of buttons.entries()) {
    button.addEventListener('click', () => show(i));
    button.addEventListener('keydown', (event) => walk(event, i));
  }
  show(0);
  return h('div', { class: 'tabs' }, h('div', { role: 'tablist', 'aria-label': label }, buttons), panel);
}

function workPart(title: string, { operations, sql, reason }: ReportWork): Child {
  return h(
    'section',
    {},
    h('h4', {}, title),
    operations.length === 0 && reason === null ? h('p', {}, 'Nothing.') : null,
    operations.length > 0 &&
      h(
        'ul',
        {},
        operations.map((one) => h('li', {}, bdi(one))),
      ),
    reason !== null && h('p', { class: 'warn' }, bdi(reason)),
    sql.length > 0 && tabs(sql, `SQL of the ${title.toLowerCase()}`),
  );
}

function facts(page: Page, one: ReportRevision): HTMLElement {
  const { origin } = one;
  const known = page.model.revisions;
  const ids = (list: readonly string[]): Child =>
    list.map((id, i) => [
      i > 0 && ', ',
      known.has(id) ? h('a', { href: link('chain', id) }, bdi(id)) : bdi(id),
    ]);
  const rows: readonly (readonly [string, Child])[] = [
    ['State', `${one.state}: ${states[one.state][1]}`],
    ['Revises', one.revises.length === 0 ? 'nothing: it is a base' : ids(one.revises)],
    ['Needs', one.dependsOn.length === 0 ? null : ids(one.dependsOn)],
    ['Labels', one.branchLabels.length === 0 ? null : bdi(one.branchLabels.join(', '))],
    ['Replaces', one.replaces.length === 0 ? null : bdi(one.replaces.join(', '))],
    ['Created', one.createdAt === null ? null : moment(one.createdAt)],
    ['Author', origin?.author ? bdi(origin.author) : null],
    ['Commit', origin?.commit ? h('code', {}, bdi(origin.commit)) : null],
    ['File', one.file === null ? null : h('code', {}, bdi(one.file))],
    ['Imported as', one.importedAs === null ? null : bdi(one.importedAs)],
  ];
  const shown = rows.filter(([, child]) => child !== null);
  return h(
    'dl',
    {},
    shown.flatMap(([name, child]) => [h('dt', {}, name), h('dd', {}, child)]),
  );
}

/** When and where it ran, and how long that took. */
function runsPart(page: Page, one: ReportRevision): Child {
  if (page.model.data.database === null) return null;
  const ran = page.model.ran.get(one.id) ?? [];
  const isRecorded = one.state !== 'pending' && one.state !== 'failed';
  if (ran.length === 0) {
    const words = isRecorded
      ? 'The journal has no run of it: it was recorded, and never ran here.'
      : 'It has not run here.';
    return h('section', {}, h('h4', {}, 'Runs'), h('p', { class: isRecorded ? 'warn' : '' }, words));
  }
  const rows = ran.map(({ run, event }) =>
    h(
      'tr',
      {},
      h('td', {}, moment(event.at)),
      h('td', {}, event.direction ?? ''),
      h('td', { class: event.error ? 'bad' : '' }, event.error ? 'failed' : event.event),
      h('td', {}, event.ms === null ? '' : span(event.ms)),
      h('td', {}, bdi(run.who?.gitAuthor ?? run.who?.osUser ?? run.who?.databaseUser ?? '')),
      h('td', {}, bdi(event.error?.message ?? '')),
    ),
  );
  const head = ['when', 'direction', 'event', 'time', 'who', ''].map((name) =>
    h('th', { scope: 'col' }, name),
  );
  return h(
    'section',
    {},
    h('h4', {}, 'Runs'),
    h(
      'div',
      { class: 'wide', tabindex: 0, role: 'group', 'aria-label': 'Runs' },
      h('table', {}, h('thead', {}, h('tr', {}, head)), h('tbody', {}, rows)),
    ),
  );
}

/** Fills an element with all that there is about a revision. */
export function drawRevision(root: HTMLElement, page: Page, one: ReportRevision): void {
  const hazards = page.model.hazards.get(one.id) ?? [];
  const findings = page.model.findings.get(one.id) ?? [];
  root.setAttribute('aria-label', `Revision ${one.id}`);
  fill(
    root,
    h('h3', { class: `state-${one.state}` }, h('code', {}, bdi(one.id)), ' ', bdi(one.message)),
    facts(page, one),
    h('p', {}, h('a', { href: link('schema', one.id) }, 'The schema as it was here')),
    findings.length > 0 &&
      h(
        'section',
        {},
        h('h4', {}, 'Findings'),
        findings.map((f) => findingArticle(page, f)),
      ),
    hazards.length > 0 &&
      h(
        'section',
        {},
        h('h4', {}, 'Hazards'),
        hazards.map((f) => lintArticle(page, f)),
      ),
    workPart('Upgrade', one.upgrade),
    workPart('Downgrade', one.downgrade),
    runsPart(page, one),
  );
}
