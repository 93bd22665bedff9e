// A report for a ticket or a pull request.
// In: ReportData. Out: Markdown. Must not know HTML.

import type { Finding } from '../check/finding.ts';
import type { ReportData, ReportRevision, ReportRun, SideRow } from './report.ts';
import { visible } from './visible.ts';

/** A text that is no markup, on one line. */
export function plain(text: string): string {
  return visible(text)
    .replace(/\s*\n\s*/g, ' ')
    .replace(/[\\`*_{}[\]<>|#~&!]/g, (char) => `\\${char}`)
    .replace(/(^|\s)(?=[-+]\s|\d+[.)]\s)/g, '$1\u2060');
}

/** Code within a line; its fence is longer than any row of backticks in it. */
export function inlineCode(text: string): string {
  const line = visible(text)
    .replace(/\s*\n\s*/g, ' ')
    .replaceAll('|', '\\|');
  const longest = Math.max(0, ...[...line.matchAll(/`+/g)].map(([ticks]) => ticks.length));
  const fence = '`'.repeat(longest + 1);
  const pad = longest > 0 || line === '' ? ' ' : '';
  return `${fence}${pad}${line}${pad}${fence}`;
}

/** Code on lines of its own. */
export function block(language: string, text: string): string {
  const longest = Math.max(2, ...[...text.matchAll(/`+/g)].map(([ticks]) => ticks.length));
  const fence = '`'.repeat(longest + 1);
  return `${fence}${language}\n${text.split('\n').map(visible).join('\n')}\n${fence}`;
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}

const moment = (at: string): string => at.slice(0, 19).replace('T', ' ');
const idOf = (id: string): string => inlineCode(id);

function summary({ database, check, chain }: ReportData): readonly string[] {
  const states = [...Map.groupBy(chain, ({ state }) => state)].map(
    ([state, list]) => `${list.length} ${state}`,
  );
  const counted = `Revisions: ${states.join(', ') || 'none'}.`;
  if (database === null || check === null) return ['The files alone: no database was asked.', counted];
  const errors = check.findings.filter(({ severity }) => severity === 'error').length;
  const at = database.heads.map(idOf).join(', ') || 'base';
  const lie = check.identified;
  return [
    errors === 0 ? '**The database is what history says.**' : `**${errors} findings are errors.**`,
    `${plain(database.description)} (${plain(database.product)}) stands at ${at}; ${database.pending.length} pending.`,
    ...(lie === null
      ? []
      : [
          `Recorded ${lie.recorded.map(idOf).join(', ') || 'base'}; the schema is nearest to that of ${lie.nearest.map(idOf).join(' or ')}.`,
        ]),
    counted,
  ];
}

function findingText({ severity, code, revision, message, facts, cure }: Finding): string {
  const side = (name: string) => {
    const value = facts[name];
    return typeof value === 'string' ? [`  - ${name}: ${inlineCode(value)}`] : [];
  };
  return [
    `- **${severity}** ${inlineCode(code)}${revision === null ? '' : ` ${idOf(revision)}`}: ${plain(message)}`,
    ...['expected', 'found', 'query', 'error'].flatMap(side),
    `  - cure: ${inlineCode(cure)}`,
  ].join('\n');
}

function findings({ check, lint }: ReportData): readonly string[] {
  const own = (check?.findings ?? []).map(findingText);
  const hazards = (lint?.findings ?? []).map(
    ({ severity, rule, revision, message }) =>
      `- **${severity}** ${inlineCode(`lint/${rule}`)} ${idOf(revision)}: ${plain(message)}`,
  );
  const all = [...own, ...hazards];
  return all.length === 0 ? [] : ['## Findings', all.join('\n')];
}

const differs = ({ drifts, modelDiffers }: SideRow): boolean => drifts || modelDiffers;

function differences({ sides }: ReportData): readonly string[] {
  const rows = (sides?.rows ?? []).filter(differs);
  if (rows.length === 0) return [];
  const side = (text: string | null) => (text === null ? 'not there' : inlineCode(text));
  return [
    '## Differences',
    table(
      ['object', 'part', 'server', 'history', 'models', 'revision'],
      rows.map(({ owner, kind, name, server, history, models, revision }) => [
        plain(owner),
        plain(`${kind} ${name}`),
        sides?.hasServer ? side(server) : '',
        side(history),
        sides?.hasModels ? side(models) : '',
        revision === null ? '' : idOf(revision),
      ]),
    ),
  ];
}

function chainRow({ id, state, revises, createdAt, message }: ReportRevision): readonly string[] {
  return [
    state,
    idOf(id),
    revises.map(idOf).join(', ') || 'base',
    plain(createdAt?.slice(0, 10) ?? ''),
    plain(message),
  ];
}

function runRow({ at, outcome, who, events, recovery }: ReportRun): readonly string[] {
  const revisions = [...new Set(events.flatMap(({ revision }) => (revision === null ? [] : [revision])))];
  const failed = events.find(({ error }) => error !== null)?.error;
  return [
    plain(moment(at)),
    outcome,
    plain(who?.gitAuthor ?? who?.osUser ?? who?.databaseUser ?? ''),
    revisions.map(idOf).join(', '),
    plain([failed ? `${failed.code}: ${failed.message}` : '', recovery ?? ''].filter(Boolean).join('; ')),
  ];
}

function journal({ journal: runs }: ReportData): readonly string[] {
  if (runs.length === 0) return [];
  const head = ['when (UTC)', 'outcome', 'who', 'revisions', 'failure and recovery'];
  return ['## Journal', table(head, runs.toReversed().map(runRow))];
}

function rehearsed({ rehearsal }: ReportData): readonly string[] {
  if (rehearsal === null) return [];
  const telling = rehearsal.results.filter(({ status }) => status === 'failed' || status === 'warning');
  const counts = [...Map.groupBy(rehearsal.results, ({ status }) => status)].map(
    ([status, own]) => `${own.length} ${status}`,
  );
  const lines = telling.map(
    ({ test, revision, status, detail }) =>
      `- **${status}** ${inlineCode(test)}${revision === null ? '' : ` ${idOf(revision)}`}: ${plain(detail)}`,
  );
  return [
    '## Rehearsal',
    `On ${plain(rehearsal.server)}: ${counts.join(', ')}.`,
    ...(lines.length > 0 ? [lines.join('\n')] : []),
  ];
}

/** A report as Markdown. */
export function reportMarkdown(data: ReportData): string {
  const head = ['state', 'revision', 'revises', 'created', 'message'];
  const parts = [
    `# ${plain(data.title)}`,
    summary(data).join('\n'),
    ...findings(data),
    ...differences(data),
    '## Chain',
    table(head, data.chain.toReversed().map(chainRow)),
    ...journal(data),
    ...rehearsed(data),
    ...(data.notes.length === 0
      ? []
      : ['## Not told', data.notes.map((one) => `- ${plain(one)}`).join('\n')]),
    `Made ${plain(moment(data.madeAt))} UTC by ${plain(data.tool)}.`,
  ];
  return `${parts.join('\n\n')}\n`;
}
