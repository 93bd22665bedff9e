// What became of a fleet, in words. In: results, the summary. Out: text. Must not know the terminal.

import type { TargetResult, TargetStatus } from '../../fleet/result.ts';
import type { FleetSummary } from '../../fleet/summary.ts';
import { oneLine } from '../text/clean.ts';
import type { Look } from '../text/look.ts';
import { shorten } from '../text/table.ts';
import { atHeads, counted, span } from '../text/words.ts';

const order: readonly TargetStatus[] = ['done', 'current', 'pending', 'findings', 'failed'];

function paintOf(status: TargetStatus, look: Look): (text: string) => string {
  if (status === 'failed') return look.bad;
  return status === 'findings' || status === 'pending' ? look.warn : look.good;
}

function factsOf({ status, revisions, findings, losses, heads, lock }: TargetResult): string {
  const parts = [
    ...(status === 'current' ? [`at ${atHeads(heads)}`] : []),
    ...(revisions.length > 0 ? [`${counted(revisions.length, 'revision')}: ${revisions.join(', ')}`] : []),
    ...findings.map(({ code, count }) => `${code} × ${count}`),
    ...losses.map((loss) => `loses ${loss}`),
    ...(lock === null ? [] : [`locked by ${lock}`]),
  ];
  return parts.join('; ');
}

/** One target on one line. */
export function resultLine(result: TargetResult, look: Look): string {
  const { target, status, error, ms } = result;
  const facts = error === null ? factsOf(result) : `${error.code}: ${error.message}`;
  const rest = shorten(oneLine(facts), look.isTty ? Math.max(30, look.columns - target.length - 24) : 400);
  return `${paintOf(status, look)(status.padEnd(8))} ${look.id(oneLine(target))}  ${rest} ${look.dim(span(ms))}`;
}

const some = (names: readonly string[], count: number): string =>
  names.slice(0, 5).map(oneLine).join(', ') + (count > 5 ? `, … (${count})` : '');

function failureLines({ failures }: FleetSummary, look: Look): readonly string[] {
  return failures.flatMap(({ code, count, message, hint, targets }) => [
    `${look.bad('failed')} ${code}: ${some(targets, count)}`,
    `  ${shorten(oneLine(message), 400)}`,
    `  ${look.good('hint')} ${shorten(oneLine(hint), 400)}`,
  ]);
}

const ends = {
  failures: ', since too many targets of the wave failed',
  paused: ', since it was paused',
  error: ', or not heard of any more',
} as const;

function restLines({ notRun, halted, run, targets }: FleetSummary, look: Look): readonly string[] {
  const why = halted === null ? '' : ends[halted];
  const left = notRun === 0 ? [] : [look.warn(`${counted(notRun, 'target')} not started${why}.`)];
  const again =
    run !== null && (notRun > 0 || targets.failed > 0)
      ? [`What is left: \`surefoot fleet retry ${run}\``]
      : [];
  return [...left, ...again];
}

function errorLines({ error }: FleetSummary, look: Look): readonly string[] {
  if (error === null) return [];
  const { code, message, hint } = error;
  return [`${look.bad('error')} ${code}: ${oneLine(message)}`, `  ${look.good('hint')} ${oneLine(hint)}`];
}

const verbWords: Readonly<Record<string, string>> = {
  plan: 'would run',
  check: 'wait',
  status: 'wait',
  upgrade: 'ran',
};

function groupLines({ groups, verb }: FleetSummary, look: Look): readonly string[] {
  return groups.map(
    ({ revisions, count }) =>
      `${counted(count, 'target')}: ${revisions.map(look.id).join(', ')} ${verbWords[verb] ?? ''}`,
  );
}

/** The report of the whole. */
export function summaryText(summary: FleetSummary, look: Look): string {
  const { verb, total, targets, ms, findings } = summary;
  const counts = order.filter((one) => targets[one] > 0).map((one) => `${targets[one]} ${one}`);
  const head = `${verb} of ${counted(total, 'target')} in ${span(ms)}: ${counts.join(', ') || 'nothing'}`;
  return [
    look.title(head),
    ...groupLines(summary, look),
    ...findings.map(({ code, count }) => `${look.warn(code)} at ${counted(count, 'target')}`),
    ...failureLines(summary, look),
    ...errorLines(summary, look),
    ...restLines(summary, look),
  ].join('\n');
}

/** 0: all is well; 1: check found errors; 2: something failed, or was not started. */
export function exitCodeOfFleet({ targets, notRun, error }: FleetSummary): 0 | 1 | 2 {
  if (targets.failed > 0 || notRun > 0 || error !== null) return 2;
  return targets.findings > 0 ? 1 : 0;
}
