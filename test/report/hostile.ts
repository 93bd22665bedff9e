// In: nothing. Out: a report with what could do harm in every field that others write. Must not know who draws it.

import type { PartSpan, ReportData, ReportRevision, SideRow } from '../../src/report/report.ts';

/** Each of them would run, break out or mislead, if a page took it for more than text. */
export const hostileTexts = [
  '<script>globalThis.hacked = 1</script>',
  '</script><script>globalThis.hacked = 2</script>',
  '"onload="globalThis.hacked = 3',
  "'><img src=x onerror=globalThis.hacked=4>",
  '<!--<script>',
  'javascript:globalThis.hacked=5',
  'separators \u2028 and \u2029',
  'right \u202e to left \u2066',
  '__proto__',
  'constructor',
  // biome-ignore lint/suspicious/noTemplateCurlyInString: it is what a template would run.
  '${globalThis.hacked = 6}',
  '&lt;script&gt;',
  'line\nfeed\ttab\u0000null',
  ']]>',
  'ends in a backslash \\',
] as const;

const all = hostileTexts.join(' ');

function revisionOf(text: string, place: number): ReportRevision {
  const work = {
    operations: [text, `add column ${text}.${text}`],
    sql: [
      { flavors: ['postgres'], statements: [`CREATE TABLE "${text}" (x int)`] },
      { flavors: [text], statements: [text] },
    ],
    reason: text,
  };
  return {
    id: place === 0 ? '__proto__' : `rev${place}`,
    message: text,
    createdAt: text,
    revises: place === 0 ? [] : [place === 1 ? '__proto__' : `rev${place - 1}`],
    dependsOn: place > 2 ? [`rev${place - 2}`, text] : [],
    branchLabels: [text],
    safety: true,
    replaces: [text],
    importedAs: text,
    file: `migrations/${text}.ts`,
    state: 'applied',
    origin: { author: text, commit: text, at: text },
    upgrade: work,
    downgrade: work,
  };
}

const parts = (text: string, from: number): readonly PartSpan[] => [
  { owner: text, kind: 'table', name: '', words: text, from, to: null },
  { owner: text, kind: 'column', name: text, words: text, from, to: null },
  { owner: text, kind: 'foreign-key', name: text, words: text, references: hostileTexts[0], from, to: null },
  { owner: text, kind: 'index', name: text, words: text, from, to: from + 1 },
];

const rows = (text: string): readonly SideRow[] => [
  {
    owner: text,
    kind: 'table',
    name: '',
    server: text,
    history: text,
    models: text,
    drifts: false,
    modelDiffers: false,
    revision: null,
  },
  {
    owner: text,
    kind: 'column',
    name: text,
    server: null,
    history: text,
    models: text,
    drifts: true,
    modelDiffers: true,
    revision: text,
  },
];

const who = {
  databaseUser: all,
  osUser: all,
  host: all,
  pid: 1,
  gitAuthor: all,
  gitCommit: all,
  ciRun: all,
};

/** The report. */
export function hostileReport(): ReportData {
  const at = '2026-01-01T00:00:00.000Z';
  return {
    format: 1,
    title: all,
    madeAt: all,
    tool: all,
    database: {
      ...{ description: all, product: all, heads: [hostileTexts[0]], pending: [all] },
      lock: { owner: all, since: all, heartbeatAgeMs: 1, session: all, statement: all, state: 'alive' },
    },
    chain: hostileTexts.map(revisionOf),
    heads: [`rev${hostileTexts.length - 1}`, all],
    history: hostileTexts.flatMap(parts),
    sides: { hasServer: true, hasModels: true, at: [all], rows: hostileTexts.flatMap(rows) },
    check: {
      identified: { recorded: [all], nearest: [all], distance: 1 },
      findings: hostileTexts.map((text) => ({
        ...{ code: 'drift/missing-column' as const, severity: 'error' as const, message: text },
        object: { kind: 'column', namespace: text, table: text, name: text },
        revision: text,
        facts: { expected: text, found: text, query: text, error: text, removed: [text], added: [text] },
        cure: text,
      })),
    },
    lint: {
      server: all,
      findings: hostileTexts.map((text) => ({
        ...{ rule: text, severity: 'error' as const, revision: 'rev1', file: text, line: 1, operation: text },
        ...{
          message: text,
          help: [text],
          rows: 1,
          seconds: 1,
          usedIn: [{ file: text, line: 1 }],
          isFixable: false,
        },
      })),
    },
    journal: hostileTexts.map((text, i) => ({
      ...{
        run: text,
        at,
        until: at,
        outcome: i % 2 ? ('done' as const) : ('failed' as const),
        who,
        tool: text,
      },
      events: [
        {
          at,
          event: 'failed',
          revision: text,
          direction: 'upgrade',
          ms: 1,
          statements: 1,
          satisfied: 0,
          message: text,
          error: { code: text, message: text },
        },
        {
          at,
          event: 'moved',
          revision: 'rev1',
          direction: 'upgrade',
          ms: 1,
          statements: 1,
          satisfied: 1,
          message: text,
          error: null,
        },
      ],
      recovery: text,
    })),
    rehearsal: {
      ...{ server: all, place: all, startedAt: all, ms: 1, revisions: [all] },
      results: hostileTexts.map((text) => ({
        ...{
          test: 'rows' as const,
          revision: text,
          status: 'failed' as const,
          detail: text,
          facts: [text],
          ms: 1,
        },
      })),
    },
    notes: [...hostileTexts],
  };
}
