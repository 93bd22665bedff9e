// What check and lint found, with what cures it; and the queries that fail.
// In: the page. Out: a view, and articles for others. Must not know the chain.

import type { Finding } from '../../check/finding.ts';
import type { LintFinding } from '../../lint/finding.ts';
import { bdi, type Child, code, copyButton, fill, h, inPieces } from './dom.ts';
import type { Page, View } from './view.ts';
import { link } from './view.ts';
import { counted, span } from './words.ts';

const textIn = (facts: Finding['facts'], name: string): string | null => {
  const value = facts[name];
  return typeof value === 'string' ? value : null;
};

const linesIn = (facts: Finding['facts'], name: string): readonly string[] => {
  const value = facts[name];
  return Array.isArray(value) ? value.map(String) : [];
};

function revisionLink(page: Page, id: string | null): Child {
  if (id === null) return null;
  const isKnown = page.model.revisions.has(id);
  return [' ', isKnown ? h('a', { href: link('chain', id) }, bdi(id)) : h('code', {}, bdi(id))];
}

function sides({ facts }: Finding): Child {
  const pairs = (['expected', 'found'] as const).flatMap((name) => {
    const text = textIn(facts, name);
    return text === null ? [] : [h('dt', {}, name), h('dd', {}, h('code', {}, bdi(text)))];
  });
  const changed = [
    ...linesIn(facts, 'removed').map((line) => h('del', {}, `- ${line}\n`)),
    ...linesIn(facts, 'added').map((line) => h('ins', {}, `+ ${line}\n`)),
  ];
  return [
    pairs.length > 0 && h('dl', {}, pairs),
    changed.length > 0 && h('pre', { tabindex: 0, role: 'group', 'aria-label': 'Changed lines' }, changed),
  ];
}

function cureLine(cure: string): Child {
  return h(
    'p',
    { class: 'cure' },
    h('strong', {}, 'Cure: '),
    h('code', {}, bdi(cure)),
    ' ',
    copyButton(cure, 'Copy the cure'),
  );
}

/** A finding of check. */
export function findingArticle(page: Page, finding: Finding): HTMLElement {
  const { severity, code: name, message, revision, cure } = finding;
  return h(
    'article',
    { class: `finding ${severity}` },
    h(
      'p',
      { class: 'head' },
      h('span', { class: 'severity' }, severity),
      ' ',
      h('code', {}, name),
      revisionLink(page, revision),
    ),
    h('p', {}, bdi(message)),
    sides(finding),
    queryOf(finding),
    cureLine(cure),
  );
}

/** A query that dies, and what the server says to it. */
function queryOf({ facts }: Finding): Child {
  const [query, error] = [textIn(facts, 'query'), textIn(facts, 'error')];
  if (query === null) return null;
  return [code(query, 'query that fails'), error !== null && h('p', { class: 'bad' }, bdi(error))];
}

/** A finding of lint. */
export function lintArticle(page: Page, finding: LintFinding): HTMLElement {
  const { severity, rule, revision, operation, message, help, rows, seconds, file, line } = finding;
  const size = rows === null ? '' : ` ${counted(rows, 'row')}.`;
  const time = seconds === null ? '' : ` Likely to hold its lock for ${span(seconds * 1000)}.`;
  return h(
    'article',
    { class: `finding ${severity}` },
    h(
      'p',
      { class: 'head' },
      h('span', { class: 'severity' }, severity),
      ' ',
      h('code', {}, `lint/${rule}`),
      revisionLink(page, revision),
    ),
    h('p', {}, bdi(operation), h('br'), bdi(message), `${size}${time}`),
    help.length > 0 &&
      h(
        'ul',
        {},
        help.map((one) => h('li', {}, bdi(one))),
      ),
    h('p', { class: 'place' }, h('code', {}, bdi(line === null ? file : `${file}:${line}`))),
  );
}

const ranks: Readonly<Record<string, number>> = { error: 0, warning: 1 };
const rank = (severity: string): number => (Object.hasOwn(ranks, severity) ? (ranks[severity] ?? 2) : 2);

interface Listed {
  readonly from: 'check' | 'lint';
  readonly severity: string;
  readonly draw: () => HTMLElement;
}

function listOf(page: Page): readonly Listed[] {
  const { check, lint } = page.model.data;
  const all: readonly Listed[] = [
    ...(check?.findings ?? []).map(
      (one): Listed => ({
        from: 'check',
        severity: one.severity,
        draw: () => findingArticle(page, one),
      }),
    ),
    ...(lint?.findings ?? []).map(
      (one): Listed => ({
        from: 'lint',
        severity: one.severity,
        draw: () => lintArticle(page, one),
      }),
    ),
  ];
  return all.toSorted((a, b) => rank(a.severity) - rank(b.severity));
}

function switches(list: readonly Listed[], hidden: Set<string>, changed: () => void): readonly HTMLElement[] {
  const kinds = Map.groupBy(list, ({ from, severity }) => `${from}: ${severity}`);
  return [...kinds].map(([kind, own]) => {
    const box = h('input', { type: 'checkbox', checked: true });
    box.addEventListener('change', () => {
      if (box.checked) hidden.delete(kind);
      else hidden.add(kind);
      changed();
    });
    return h('label', { class: 'chip' }, box, ` ${own.length} ${kind}`);
  });
}

function failing(page: Page): Child {
  const dead = (page.model.data.check?.findings ?? []).filter(({ facts }) => textIn(facts, 'query') !== null);
  const unique = [...new Map(dead.map((one) => [textIn(one.facts, 'query'), one])).values()];
  if (unique.length === 0) return null;
  return h(
    'section',
    {},
    h(
      'h3',
      {},
      `${counted(unique.length, 'query', 'queries')} of the application ${unique.length === 1 ? 'fails' : 'fail'}`,
    ),
    unique.map((one) => h('div', {}, queryOf(one))),
  );
}

function drawFindings(root: HTMLElement, page: Page): void {
  const list = listOf(page);
  const hidden = new Set<string>();
  const place = h('div', { class: 'findings' });
  const update = () => {
    const shown = list.filter(({ from, severity }) => !hidden.has(`${from}: ${severity}`));
    fill(
      place,
      inPieces(shown, 100, ({ draw }) => draw()),
    );
    if (shown.length === 0) fill(place, h('p', {}, 'Nothing to mend.'));
  };
  fill(
    root,
    failing(page),
    page.model.data.check === null && h('p', {}, 'No database was asked: these are hazards of the files.'),
    h(
      'div',
      { class: 'tools', role: 'group', 'aria-label': 'Findings shown' },
      switches(list, hidden, update),
    ),
    place,
  );
  update();
}

/** The findings. */
export function findingsView(page: Page): View {
  return {
    name: 'findings',
    title: 'Findings',
    count: listOf(page).length,
    draw: (root) => drawFindings(root, page),
    print: (root) =>
      fill(
        root,
        failing(page),
        listOf(page).map(({ draw }) => draw()),
      ),
  };
}
