// The page. In: the report, in the document or from a studio. Out: what is seen. Must not know what it was made of.

import type { ReportData } from '../report.ts';
import { chainView } from './chain.ts';
import { diagramView } from './diagram.ts';
import { bdi, fill, h } from './dom.ts';
import { findingsView } from './findings.ts';
import { journalView } from './journal.ts';
import { startLive } from './live.ts';
import { modelOf } from './model.ts';
import { overviewView } from './overview.ts';
import { rehearsalView } from './rehearsal.ts';
import { schemaView } from './schema.ts';
import { themeButton } from './theme.ts';
import type { Choice, Page, View } from './view.ts';
import { link } from './view.ts';

/** What stands in the document: the report, packed or not, or where a studio serves it. */
interface Embedded {
  readonly report?: ReportData;
  /** Deflated, base64. */
  readonly packed?: string;
  readonly live?: true;
}

async function unpack(packed: string): Promise<ReportData> {
  const bytes = Uint8Array.from(atob(packed), (char) => char.charCodeAt(0));
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream('deflate-raw'));
  return JSON.parse(await new Response(stream).text());
}

interface Shell {
  readonly nav: HTMLElement;
  readonly main: HTMLElement;
  views: readonly View[];
}

function viewsOf(page: Page): readonly View[] {
  const rehearsal = rehearsalView(page);
  return [
    overviewView(page),
    chainView(page),
    schemaView(page),
    diagramView(page),
    findingsView(page),
    journalView(page),
    ...(rehearsal ? [rehearsal] : []),
  ];
}

const sectionId = (name: string): string => `view-${name}`;

/** What the address says: a view, and what is looked at in it. */
function readAddress(page: Page, shell: Shell): string {
  const [name = '', ...rest] = location.hash.slice(1).split('/');
  let argument = rest.join('/');
  try {
    argument = decodeURIComponent(argument);
  } catch {
    // Somebody wrote it by hand: it names nothing.
  }
  const place = page.model.places.get(argument);
  if (place !== undefined) {
    page.choice.place = place;
    page.choice.revision = argument;
  }
  page.choice.table = argument.startsWith('table:') ? argument.slice('table:'.length) : null;
  return shell.views.some((view) => view.name === name) ? name : 'overview';
}

function show(page: Page, shell: Shell, focus: boolean): void {
  const name = readAddress(page, shell);
  for (const one of shell.nav.querySelectorAll('a')) {
    if (one.getAttribute('href') === link(name)) one.setAttribute('aria-current', 'page');
    else one.removeAttribute('aria-current');
  }
  for (const view of shell.views) {
    const section = document.getElementById(sectionId(view.name));
    const body = section?.querySelector<HTMLElement>('.body');
    if (!section || !body) continue;
    section.hidden = view.name !== name;
    if (view.name !== name) continue;
    view.draw(body);
    if (focus) section.querySelector('h2')?.focus();
  }
}

function navOf(views: readonly View[]): readonly HTMLElement[] {
  return views.map(({ name, title, count }) =>
    h(
      'a',
      { href: link(name) },
      title,
      count === null || count === 0 ? null : h('span', { class: 'count' }, ` ${count}`),
    ),
  );
}

function sectionsOf(views: readonly View[]): readonly HTMLElement[] {
  return views.map(({ name, title }) =>
    h(
      'section',
      { id: sectionId(name), class: 'view', 'aria-labelledby': `${sectionId(name)}-title`, hidden: true },
      h('h2', { id: `${sectionId(name)}-title`, tabindex: -1 }, title),
      h('div', { class: 'body' }),
    ),
  );
}

function pageOf(data: ReportData, choice: Choice): Page {
  const model = modelOf(data);
  return {
    model,
    choice,
    go: (view, argument) => {
      location.hash = link(view, argument);
    },
  };
}

function firstChoice(data: ReportData): Choice {
  const at = data.database?.heads[0] ?? data.chain.at(-1)?.id ?? null;
  const place = data.chain.findIndex(({ id }) => id === at);
  return { revision: at, place: place < 0 ? Math.max(0, data.chain.length - 1) : place, table: null };
}

/** On paper everything is there, one after the other. */
function preparePrint(shell: Shell, redraw: () => void): void {
  addEventListener('beforeprint', () => {
    for (const view of shell.views) {
      const section = document.getElementById(sectionId(view.name));
      const body = section?.querySelector<HTMLElement>('.body');
      if (!section || !body) continue;
      section.hidden = false;
      if (view.print) view.print(body);
      else view.draw(body);
    }
  });
  addEventListener('afterprint', redraw);
}

/** Draws a report, and gives what draws another one in its place. */
function start(data: ReportData, extra: HTMLElement | null): (next: ReportData) => void {
  let page = pageOf(data, firstChoice(data));
  const shell: Shell = {
    nav: h('nav', { 'aria-label': 'Parts of the report' }),
    main: h('main', { id: 'main' }),
    views: viewsOf(page),
  };
  const title = h('h1', {}, bdi(data.title));
  const draw = (focus: boolean) => show(page, shell, focus);
  const build = () => {
    fill(shell.nav, navOf(shell.views));
    fill(shell.main, sectionsOf(shell.views));
    draw(false);
  };
  fill(
    document.body,
    h('a', { class: 'skip', href: '#main' }, 'To the report'),
    h('header', {}, title, h('p', { class: 'tool' }, 'Surefoot'), themeButton()),
    shell.nav,
    extra,
    shell.main,
  );
  document.querySelector('.skip')?.addEventListener('click', (event) => {
    event.preventDefault();
    shell.main.querySelector<HTMLElement>('section:not([hidden]) h2')?.focus();
  });
  build();
  addEventListener('hashchange', () => draw(true));
  preparePrint(shell, build);
  return (next) => {
    page = pageOf(next, page.choice);
    shell.views = viewsOf(page);
    fill(title, bdi(next.title));
    build();
  };
}

async function boot(): Promise<void> {
  const embedded: Embedded = JSON.parse(document.getElementById('report')?.textContent ?? '{}');
  if (embedded.live) await startLive(start);
  else if (embedded.packed !== undefined) start(await unpack(embedded.packed), null);
  else if (embedded.report) start(embedded.report, null);
  document.documentElement.dataset['ready'] = 'yes';
}

void boot();
