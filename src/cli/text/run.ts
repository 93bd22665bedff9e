// What a run did, in words. In: a RunResult. Out: text. Must not know the terminal.

import type { DifferenceDetails } from '../../kernel/errors.ts';
import type { RunResult } from '../../library/api.ts';
import type { FailedStep } from '../../runner/outcome.ts';
import { failureText } from '../failure.ts';
import { oneLine } from './clean.ts';
import { differenceLines } from './difference.ts';
import type { Look } from './look.ts';
import { rememberedLines } from './remembered.ts';
import { indent, shorten, table } from './table.ts';
import { atHeads, counted, span } from './words.ts';

/** The result of one or more runs, as programs get it. */
export type RunData = Omit<RunResult, 'confirmed'>;

/** A run with the messages of its revisions, by id. */
export interface ShownRun {
  readonly run: RunData;
  readonly messages: Readonly<Record<string, string>>;
}

/** 0: exactly the declared schema; 1: it differs; 2: it failed. */
export function exitCodeOfRun({ failed, differences }: RunData): 0 | 1 | 2 {
  if (failed !== null) return 2;
  return differences.length > 0 ? 1 : 0;
}

function messageOf(revision: string, messages: ShownRun['messages'], look: Look): string {
  const message = Object.hasOwn(messages, revision) ? (messages[revision] ?? '') : '';
  return shorten(oneLine(message), look.isTty ? 50 : 200);
}

const heads = ['revision', 'direction', 'message', 'statements', 'there already', 'time'];

/** Each revision of the run; where it stopped, also what became of it and of those behind it. */
function summaryTable({ run, messages }: ShownRun, look: Look): string {
  const { finished, failed, remaining } = run;
  const begun = (revision: string, direction: string) => [
    look.id(revision),
    direction,
    messageOf(revision, messages, look),
  ];
  const done = finished.map(({ revision, direction, statements, satisfied, ms }) => [
    ...begun(revision, direction),
    String(statements),
    satisfied === 0 ? '' : look.good(String(satisfied)),
    span(ms),
  ]);
  if (failed === null) return table(heads, done, look);
  const { revision, direction } = failed;
  const behind = remaining.filter((id) => id !== revision);
  const rows = [
    ...done.map((row) => [...row, look.good('done')]),
    [...begun(revision, direction), '', '', '', look.bad('failed')],
    ...behind.map((id) => [...begun(id, direction), '', '', '', look.dim('not run')]),
  ];
  return table([...heads, 'outcome'], rows, look);
}

/** What was done, where the database stands now, and what is not as it should be. */
export function runText({ run, messages }: ShownRun, look: Look): string {
  const { finished, failed, differences, extras, unverified, remembered = [] } = run;
  const at = look.id(atHeads(run.heads));
  if (finished.length === 0 && failed === null && differences.length === 0) {
    const nothing = `${look.good('Nothing to do:')} the database stands at ${at}.`;
    return [nothing, ...waitingLines(run, look), ...extraLines(extras, look)].join('\n');
  }
  const isEmpty = finished.length === 0 && failed === null;
  const done = isEmpty ? [] : [summaryTable({ run, messages }, look), ''];
  const saved = run.backup === undefined ? [] : [look.dim(`Saved before: ${oneLine(run.backup.file)}`)];
  const ends = failed === null ? look.good('Done:') : look.bad('Stopped:');
  return [
    ...done,
    `${ends} ${counted(finished.length, 'revision')}; the database stands at ${at}.`,
    ...saved,
    ...rememberedLines(remembered, look),
    ...keptLines(run, look),
    ...waitingLines(run, look),
    ...(unverified.length === 0
      ? []
      : [look.warn(`Not verified, since raw SQL does not declare its effect: ${unverified.join(', ')}`)]),
    ...(differences.length === 0
      ? []
      : [look.warn('The schema is not what the revisions describe:'), ...differenceLines(differences)]),
    ...extraLines(extras, look),
  ].join('\n');
}

/** What was put aside, and what came back. */
function keptLines({ finished, losses, restored = [] }: RunData, look: Look): readonly string[] {
  const ran = new Set(finished.map(({ revision }) => revision));
  const kept = losses.flatMap(({ revision, subject, kept: side }) =>
    side === undefined || !ran.has(revision) ? [] : [look.good(`Kept: ${oneLine(subject)}, in ${side}`)],
  );
  const back = restored.map(({ object, rows, left = [], id }) => {
    const rest = left.length === 0 ? '' : `; ${left.map(oneLine).join(', ')}: kept on in ${id}`;
    return look.good(`Put back: ${oneLine(object)}, ${counted(rows, 'row')}${rest}`);
  });
  return [...kept, ...back];
}

/** The second halves that are for later. */
function waitingLines({ waiting = [] }: RunData, look: Look): readonly string[] {
  if (waiting.length === 0) return [];
  const command = look.title('surefoot upgrade --phase contract');
  return [`Waiting: ${waiting.join(', ')}; ${command} once nothing of the release before runs any more.`];
}

function extraLines(extras: readonly DifferenceDetails[], look: Look): readonly string[] {
  if (extras.length === 0) return [];
  return [
    look.dim(`Left alone, since no revision names it: ${extras.map(({ object }) => object).join(', ')}`),
  ];
}

function placeOf({ revision, direction, statement, sql }: FailedStep): readonly string[] {
  const operation = statement === null ? '' : `, operation ${statement + 1}`;
  return [
    `in the ${direction} of revision ${revision}${operation}`,
    ...(sql === null ? [] : [indent(sql, 2)]),
  ];
}

/** Where and why a run stopped; '': it did not. */
export function runFailure({ run }: ShownRun, look: Look): string {
  const { failed, remaining } = run;
  if (failed === null) return '';
  const { code, message, hint } = failed;
  const left = remaining.length > 0 ? [`not done: ${remaining.join(', ')}`] : [];
  return failureText({ code, message, hint, place: [...placeOf(failed), ...left] }, look);
}
