// What a studio adds: news while something runs, and buttons.
// In: the studio's addresses. Out: the page, kept up to date. Must not know how a run is made.

import type { ReportData } from '../report.ts';
import { bdi, code, fill, h } from './dom.ts';
import { moment } from './words.ts';

/** What the studio tells whenever it changes. */
interface News {
  readonly heads: readonly string[];
  readonly pending: readonly string[];
  readonly lock: {
    readonly owner: string;
    readonly since: string;
    readonly state: string;
    readonly statement: string | null;
  } | null;
  /** Of the run that is under way: what it has done. */
  readonly progress: {
    readonly done: number;
    readonly total: number;
    readonly revision: string | null;
  } | null;
  /** Why the database could not be asked; `null`: it was. */
  readonly problem: string | null;
  /** Changes when the report is another one. */
  readonly version: number;
}

const actions = ['plan', 'check', 'rehearse', 'upgrade'] as const;
type Action = (typeof actions)[number];

async function getReport(): Promise<ReportData> {
  const response = await fetch('/report.json', { cache: 'no-store' });
  if (!response.ok)
    throw new TypeError(((await response.json()) as { readonly error?: string }).error ?? 'no report');
  return (await response.json()) as ReportData;
}

interface Answered {
  readonly text?: string;
  readonly error?: string;
}

async function act(action: Action, token: string): Promise<Answered> {
  const response = await fetch(`/actions/${action}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...(token === '' ? {} : { 'x-surefoot-token': token }) },
    body: '{}',
  });
  return (await response.json()) as Answered;
}

interface Panel {
  readonly element: HTMLElement;
  tell(news: News): void;
}

function progressLine({ progress, lock, heads, pending, problem }: News): readonly Node[] {
  if (problem !== null) return [h('span', { class: 'bad' }, bdi(problem))];
  const at = h(
    'span',
    {},
    'At ',
    h('code', {}, bdi(heads.join(', ') || 'base')),
    `; ${pending.length} pending. `,
  );
  const held =
    lock === null
      ? h('span', {}, 'The lock is free.')
      : h(
          'span',
          { class: 'warn' },
          'Lock: ',
          bdi(lock.owner),
          ` since ${moment(lock.since)} (${lock.state}).`,
        );
  if (progress === null || lock === null) return [at, held];
  const bar = h('progress', {
    max: Math.max(1, progress.total),
    value: progress.done,
    'aria-label': 'Progress of the run',
  });
  const words = h('span', {}, ` ${progress.done} of ${progress.total} `, bdi(progress.revision ?? ''), ' ');
  const sql = lock.statement === null ? [] : [h('code', { class: 'now' }, bdi(lock.statement))];
  return [at, held, h('div', {}, bar, words, ...sql)];
}

function panelOf(): Panel {
  const line = h('div', { class: 'news', role: 'status' });
  const result = h('div', { class: 'result', 'aria-live': 'polite' });
  const token = h('input', {
    type: 'password',
    id: 'token',
    autocomplete: 'off',
    placeholder: 'from the terminal',
  });
  const buttons = actions.map((action) => {
    const button = h('button', { type: 'button' }, action);
    button.addEventListener('click', async () => {
      for (const one of buttons) one.disabled = true;
      fill(result, h('p', {}, `${action} …`));
      const { text, error } = await act(action, action === 'upgrade' ? token.value : '').catch(
        (cause: unknown) => ({
          error: String(cause),
          text: undefined,
        }),
      );
      fill(result, error === undefined ? code(text ?? '', action) : h('p', { class: 'bad' }, bdi(error)));
      for (const one of buttons) one.disabled = false;
    });
    return button;
  });
  const [plan, check, rehearse, upgrade] = buttons;
  const changing = h(
    'span',
    { class: 'changing' },
    h('label', { for: 'token' }, 'Token'),
    ' ',
    token,
    ' ',
    upgrade ?? null,
  );
  return {
    element: h(
      'section',
      { class: 'studio', 'aria-label': 'Studio' },
      line,
      h(
        'div',
        { class: 'tools' },
        [plan, check, rehearse].map((one) => one ?? null),
        changing,
      ),
      result,
    ),
    tell: (news) => fill(line, progressLine(news)),
  };
}

/** The page of a studio. */
export async function startLive(
  start: (data: ReportData, extra: HTMLElement | null) => (next: ReportData) => void,
): Promise<void> {
  const panel = panelOf();
  const replace = start(await getReport(), panel.element);
  let version = 0;
  const events = new EventSource('/events');
  events.addEventListener('message', ({ data }) => {
    const news = JSON.parse(String(data)) as News;
    panel.tell(news);
    if (news.version === version) return;
    const isFirst = version === 0;
    version = news.version;
    if (!isFirst) void getReport().then(replace, () => undefined);
  });
}
