// Who ran what, when, why and how long; and what became of what failed.
// In: the page. Out: a view. Must not know how a journal is kept.

import type { ReportRun, RunEvent } from '../report.ts';
import { bdi, type Child, fill, h, inPieces, s } from './dom.ts';
import type { Page, View } from './view.ts';
import { link } from './view.ts';
import { counted, moment, span } from './words.ts';

const signs: Readonly<Record<ReportRun['outcome'], readonly [sign: string, means: string]>> = {
  done: ['✓', 'finished'],
  failed: ['✕', 'failed'],
  open: ['…', 'not ended'],
};

const timeOf = (at: string): number => new Date(at).getTime();

function whoLine({ who, tool }: ReportRun): Child {
  const user = who?.osUser ?? who?.databaseUser ?? null;
  const at = who?.host ? `@${who.host}` : '';
  const parts = [
    user === null ? null : `${user}${at}${who?.pid ? ` pid ${who.pid}` : ''}`,
    who?.databaseUser ? `database user ${who.databaseUser}` : null,
    who?.gitAuthor ? `author ${who.gitAuthor}` : null,
    who?.gitCommit ? `commit ${who.gitCommit.slice(0, 12)}` : null,
    who?.ciRun ? `CI ${who.ciRun}` : null,
    tool,
  ].filter((one) => one !== null);
  return h('p', { class: 'who' }, bdi(parts.join(' · ') || 'nobody said who'));
}

function eventRow(page: Page, event: RunEvent): HTMLElement {
  const { revision, statements, satisfied, ms, error, message } = event;
  const isKnown = revision !== null && page.model.revisions.has(revision);
  const work = [
    statements > 0 ? counted(statements, 'statement') : '',
    satisfied > 0 ? `${satisfied} there already` : '',
  ].filter((one) => one !== '');
  return h(
    'tr',
    { class: error ? 'bad' : '' },
    h('td', {}, moment(event.at).slice(11)),
    h('td', {}, event.event, event.direction ? ` (${event.direction})` : ''),
    h('td', {}, isKnown ? h('a', { href: link('chain', revision) }, bdi(revision)) : bdi(revision ?? '')),
    h('td', {}, work.join(', ')),
    h('td', {}, ms === null ? '' : span(ms)),
    h('td', {}, bdi(error ? `${error.code}: ${error.message}` : message)),
  );
}

function runArticle(page: Page, run: ReportRun): HTMLElement {
  const [sign, means] = signs[run.outcome];
  const head = ['time', 'event', 'revision', 'work', 'took', 'why'].map((one) =>
    h('th', { scope: 'col' }, one),
  );
  return h(
    'article',
    { class: `run ${run.outcome}` },
    h(
      'h3',
      {},
      h('span', { class: 'sign', 'aria-hidden': 'true' }, sign),
      ` ${moment(run.at)}: ${means}, ${span(Math.max(0, timeOf(run.until) - timeOf(run.at)))}`,
    ),
    whoLine(run),
    run.recovery !== null && h('p', { class: 'warn' }, `Recovery: ${run.recovery}`),
    h(
      'div',
      { class: 'wide', tabindex: 0, role: 'group', 'aria-label': `Run of ${moment(run.at)}` },
      h(
        'table',
        {},
        h('thead', {}, h('tr', {}, head)),
        h(
          'tbody',
          {},
          run.events.map((event) => eventRow(page, event)),
        ),
      ),
    ),
  );
}

/** A line of time with a mark for each run; the list below says the same. */
function timeLine(runs: readonly ReportRun[]): Child {
  const [first, last] = [runs[0], runs.at(-1)];
  if (!first || !last || runs.length < 2) return null;
  const [from, to] = [timeOf(first.at), Math.max(timeOf(last.until), timeOf(first.at) + 1)];
  const x = (at: number) => 10 + ((at - from) / (to - from)) * 980;
  const marks = runs.map((run) => {
    const [start, end] = [x(timeOf(run.at)), x(timeOf(run.until))];
    return s('rect', {
      class: `run ${run.outcome}`,
      x: start - 2,
      y: 8,
      width: Math.max(4, end - start),
      height: 14,
      rx: 2,
    });
  });
  return h(
    'div',
    { class: 'timeline', 'aria-hidden': 'true' },
    s(
      'svg',
      { viewBox: '0 0 1000 44', preserveAspectRatio: 'none' },
      s('line', { x1: 0, y1: 15, x2: 1000, y2: 15 }),
      marks,
    ),
    h('p', {}, h('span', {}, moment(first.at)), h('span', {}, moment(last.until))),
  );
}

function drawJournal(root: HTMLElement, page: Page): void {
  const { journal, database } = page.model.data;
  const runs = journal.toReversed();
  if (runs.length === 0) {
    fill(root, h('p', {}, database === null ? 'No database was asked.' : 'The journal is empty.'));
    return;
  }
  fill(
    root,
    timeLine(journal),
    inPieces(runs, 50, (run) => runArticle(page, run)),
  );
}

/** The journal. */
export function journalView(page: Page): View {
  return {
    name: 'journal',
    title: 'Journal',
    count: page.model.data.journal.length,
    draw: (root) => drawJournal(root, page),
  };
}
