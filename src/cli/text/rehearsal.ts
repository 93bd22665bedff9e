// What a rehearsal found, for people, as Markdown, for GitHub and for test reports.
// In: a rehearsal. Out: text. Must not know how it was found.

import type {
  Rehearsal,
  RehearsalResult,
  RehearsalStatus,
  RehearsalTest,
} from '../../rehearsal/rehearsal.ts';
import { rehearsalTests } from '../../rehearsal/rehearsal.ts';
import { escapeMessage, escapeProperty } from './findings.ts';
import type { Look } from './look.ts';
import { table } from './table.ts';
import { counted, span } from './words.ts';

/** Where it ran, besides the server. */
export interface RehearsalPlace {
  /** "Node.js 24.1.0" */
  readonly runtime: string;
  readonly system: string;
}

/** What each test tries, in a few words. */
const titles: Readonly<Record<RehearsalTest, string>> = {
  graph: 'the history is sound',
  'from-empty': 'an empty database to the heads',
  'both-ways': 'up, down, up',
  idempotent: 'on its own result',
  interrupted: 'cut off, and resumed',
  rows: 'rows survive',
  models: 'models and history',
  'old-queries': 'the release before still runs',
  failure: 'what fails without it',
};

const paints: Readonly<Record<RehearsalStatus, (look: Look) => (text: string) => string>> = {
  passed: (look) => look.good,
  failed: (look) => look.bad,
  warning: (look) => look.warn,
  irreversible: (look) => look.warn,
  skipped: (look) => look.dim,
};

const heaviest: readonly RehearsalStatus[] = ['failed', 'warning', 'irreversible', 'passed', 'skipped'];

/** The results of one test over all revisions, as one. */
function sumOf(results: readonly RehearsalResult[]): {
  readonly status: RehearsalStatus;
  readonly detail: string;
} {
  const [only] = results;
  if (only && results.length === 1) return only;
  const parts = heaviest.flatMap((status) => {
    const count = results.filter((one) => one.status === status).length;
    return count === 0 ? [] : [`${count} ${status}`];
  });
  const status = heaviest.find((one) => results.some((result) => result.status === one)) ?? 'skipped';
  return { status, detail: `${counted(results.length, 'revision')}: ${parts.join(', ')}` };
}

const msOf = (results: readonly RehearsalResult[]): number => results.reduce((sum, { ms }) => sum + ms, 0);

/** The tests that were tried, each with its results. */
function byTest({ results }: Rehearsal): readonly (readonly [RehearsalTest, readonly RehearsalResult[]])[] {
  return rehearsalTests.flatMap((test) => {
    const own = results.filter((one) => one.test === test);
    return own.length === 0 ? [] : [[test, own] as const];
  });
}

function notable(result: RehearsalResult, look: Look): string {
  const place = result.revision === null ? '' : ` ${look.id(result.revision)}`;
  const head = `${paints[result.status](look)(result.status)} ${look.dim(result.test)}${place}: ${result.detail}`;
  return [head, ...result.facts.map((fact) => `  ${fact}`)].join('\n');
}

function verdictText({ results, revisions, server, place, ms }: Rehearsal, look: Look): string {
  const failed = results.filter(({ status }) => status === 'failed').length;
  const said = failed === 0 ? look.good('all of it held') : look.bad(`${failed} failed`);
  return `${counted(revisions.length, 'revision')} rehearsed on ${server} (${place}) in ${span(ms)}: ${said}.`;
}

/** For people: a line for each test, then what did not simply pass. */
export function rehearsalText(rehearsal: Rehearsal, look: Look): string {
  const rows = byTest(rehearsal).map(([test, results]) => {
    const { status, detail } = sumOf(results);
    return [titles[test], paints[status](look)(status), detail, span(msOf(results))];
  });
  const loud = rehearsal.results.filter(({ status }) => status === 'failed' || status === 'warning');
  return [
    table(['test', 'result', 'detail', 'time'], rows, look),
    ...loud.map((one) => notable(one, look)),
    verdictText(rehearsal, look),
  ].join('\n\n');
}

const markdownCell = (text: string): string =>
  text.replaceAll(/[\\`*_{}[\]<>|]/g, (char) => `\\${char}`).replaceAll(/\s*\n\s*/g, ' ');

const markdownRow = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;

const codeLines = (lines: readonly string[]): string => {
  const fence = lines.some((line) => line.includes('```')) ? '~~~~' : '```';
  return `${fence}text\n${lines.join('\n')}\n${fence}`;
};

/** For a pull request or a ticket: the summary, the details of each revision, and where it was tried. */
export function rehearsalMarkdown(rehearsal: Rehearsal, { runtime, system }: RehearsalPlace): string {
  const summary = byTest(rehearsal).map(([test, results]) => {
    const { status, detail } = sumOf(results);
    return markdownRow([markdownCell(titles[test]), status, markdownCell(detail), span(msOf(results))]);
  });
  const details = rehearsal.results.map(({ test, revision, status, detail, ms }) =>
    markdownRow([
      revision === null ? '' : markdownCell(revision),
      markdownCell(titles[test]),
      status,
      markdownCell(detail),
      span(ms),
    ]),
  );
  const facts = rehearsal.results
    .filter(({ facts: lines }) => lines.length > 0)
    .map(
      (one) =>
        `**${markdownCell(`${one.revision ?? ''} ${titles[one.test]}`.trim())}**\n\n${codeLines(one.facts)}`,
    );
  return [
    '# Rehearsal',
    ['| test | result | detail | time |', '| --- | --- | --- | --- |', ...summary].join('\n'),
    '## Each revision',
    ['| revision | test | result | detail | time |', '| --- | --- | --- | --- | --- |', ...details].join(
      '\n',
    ),
    ...(facts.length === 0 ? [] : ['## Details', ...facts]),
    '## Environment',
    [
      `- server: ${markdownCell(rehearsal.server)} (${markdownCell(rehearsal.place)})`,
      `- runtime: ${markdownCell(runtime)}, ${markdownCell(system)}`,
      `- began: ${rehearsal.startedAt}; took ${span(rehearsal.ms)}`,
    ].join('\n'),
  ].join('\n\n');
}

const xml = (text: string): string =>
  text
    // What XML 1.0 cannot hold at all.
    // biome-ignore lint/suspicious/noControlCharactersInRegex: these are the ones
    .replaceAll(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g, '\ufffd')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');

const seconds = (ms: number): string => (ms / 1000).toFixed(3);

function caseXml({ test, revision, status, detail, facts, ms }: RehearsalResult): string {
  const open = `    <testcase classname="${xml(revision ?? 'history')}" name="${xml(titles[test])}" time="${seconds(ms)}"`;
  if (status === 'failed')
    return `${open}>\n      <failure message="${xml(detail)}">${xml(facts.join('\n'))}</failure>\n    </testcase>`;
  if (status === 'skipped') return `${open}>\n      <skipped message="${xml(detail)}"/>\n    </testcase>`;
  return `${open}>\n      <system-out>${xml([detail, ...facts].join('\n'))}</system-out>\n    </testcase>`;
}

/** As JUnit XML, which most systems for continuous integration read. */
export function rehearsalJunit({ results, ms, startedAt }: Rehearsal): string {
  const count = (status: RehearsalStatus) => results.filter((one) => one.status === status).length;
  const sums = `tests="${results.length}" failures="${count('failed')}" skipped="${count('skipped')}" time="${seconds(ms)}"`;
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites ${sums}>`,
    `  <testsuite name="surefoot rehearse" timestamp="${startedAt}" ${sums}>`,
    ...results.map(caseXml),
    '  </testsuite>',
    '</testsuites>',
  ].join('\n');
}

/** As annotations of a GitHub workflow: what failed, and what is to be looked at. */
export function rehearsalGithub({ results }: Rehearsal, fileOf: (revision: string) => string | null): string {
  return results
    .filter(({ status }) => status === 'failed' || status === 'warning')
    .map(({ test, revision, status, detail, facts }) => {
      const file = revision === null ? null : fileOf(revision);
      const place = file === null ? [] : [`file=${escapeProperty(file)}`];
      const title = `title=${escapeProperty(`surefoot rehearse: ${titles[test]}`)}`;
      const message = escapeMessage([`${revision ?? 'history'}: ${detail}`, ...facts].join('\n'));
      return `::${status === 'failed' ? 'error' : 'warning'} ${[...place, title].join(',')}::${message}`;
    })
    .join('\n');
}
