// What a rehearsal found, revision by revision.
// In: the page. Out: a view. Must not know how it was rehearsed.

import type { Rehearsal, RehearsalResult, RehearsalStatus } from '../../rehearsal/rehearsal.ts';
import { bdi, fill, h, inPieces } from './dom.ts';
import type { Page, View } from './view.ts';
import { link } from './view.ts';
import { counted, moment, span } from './words.ts';

const signs: Readonly<Record<RehearsalStatus, string>> = {
  passed: '✓',
  failed: '✕',
  warning: '!',
  irreversible: '↛',
  skipped: '–',
};

function table(page: Page, { results }: Rehearsal): readonly Node[] {
  const tests = [...new Set(results.map(({ test }) => test))];
  const rows = [...Map.groupBy(results, ({ revision }) => revision)];
  const head = ['revision', ...tests].map((one) => h('th', { scope: 'col' }, one));
  const cell = (own: readonly RehearsalResult[], test: string) => {
    const one = own.find((result) => result.test === test);
    if (!one) return h('td', {});
    return h(
      'td',
      { class: `rehearsed ${one.status}`, title: one.detail },
      h('span', { 'aria-hidden': 'true' }, signs[one.status]),
      ` ${one.status}`,
    );
  };
  const row = ([revision, own]: (typeof rows)[number]) =>
    h(
      'tr',
      {},
      h(
        'th',
        { scope: 'row' },
        revision === null
          ? 'the whole'
          : page.model.revisions.has(revision)
            ? h('a', { href: link('chain', revision) }, bdi(revision))
            : bdi(revision),
      ),
      tests.map((test) => cell(own, test)),
    );
  const body = h('tbody', {}, rows.slice(0, 200).map(row));
  const wide = h(
    'div',
    { class: 'wide', tabindex: 0, role: 'group', 'aria-label': 'Results' },
    h('table', {}, h('thead', {}, h('tr', {}, head)), body),
  );
  if (rows.length <= 200) return [wide];
  const more = h('button', { type: 'button', class: 'more' }, `Show ${rows.length - 200} more`);
  more.addEventListener('click', () => {
    body.append(...rows.slice(200).map(row));
    more.remove();
  });
  return [wide, more];
}

function detail(page: Page, one: RehearsalResult): HTMLElement {
  const severity = one.status === 'failed' ? 'error' : 'warning';
  const known = one.revision !== null && page.model.revisions.has(one.revision);
  return h(
    'article',
    { class: `finding ${severity}` },
    h(
      'p',
      { class: 'head' },
      h('span', { class: 'severity' }, one.status),
      ' ',
      h('code', {}, one.test),
      ' ',
      known ? h('a', { href: link('chain', one.revision ?? '') }, bdi(one.revision ?? '')) : null,
    ),
    h('p', {}, bdi(one.detail)),
    one.facts.length > 0 &&
      h(
        'ul',
        {},
        one.facts.map((fact) => h('li', {}, bdi(fact))),
      ),
  );
}

function drawRehearsal(root: HTMLElement, page: Page, rehearsal: Rehearsal): void {
  const { server, place, startedAt, ms, revisions, results } = rehearsal;
  const telling = results.filter(({ status }) => status === 'failed' || status === 'warning');
  const failed = results.filter(({ status }) => status === 'failed').length;
  fill(
    root,
    h(
      'p',
      {},
      `${counted(revisions.length, 'revision')}, ${counted(results.length, 'test')}, `,
      h('strong', { class: failed > 0 ? 'bad' : 'good' }, failed === 0 ? 'none failed' : `${failed} failed`),
      '; on ',
      bdi(`${server}, ${place}`),
      `, ${moment(startedAt)}, in ${span(ms)}.`,
    ),
    inPieces(telling, 50, (one) => detail(page, one)),
    table(page, rehearsal),
  );
}

/** The rehearsal; `null`: none was given. */
export function rehearsalView(page: Page): View | null {
  const { rehearsal } = page.model.data;
  if (rehearsal === null) return null;
  return {
    name: 'rehearsal',
    title: 'Rehearsal',
    count: rehearsal.results.length,
    draw: (root) => drawRehearsal(root, page, rehearsal),
  };
}
