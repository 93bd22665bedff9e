// Bad news for people and programs. In: what was thrown. Out: text, JSON, exit code. Must not know verbs.

import { redactUrl } from '../drivers/url-text.ts';
import { isSurefootError, messageOf, SurefootError } from '../kernel/errors.ts';
import { errorCode } from '../kernel/import-package.ts';
import { cleanText, oneLine } from './text/clean.ts';
import { differenceText } from './text/difference.ts';
import type { Look } from './text/look.ts';
import { indent } from './text/table.ts';

/** Wrong usage is 64, all else 2. */
export function exitCodeOf(error: unknown): number {
  return isSurefootError(error, 'usage/invalid') ? 64 : 2;
}

/** What the file system refuses is no bug: it becomes a refusal that names the file. */
export function refusalOf(error: unknown): unknown {
  if (isSurefootError(error) || !(error instanceof Error) || !('syscall' in error)) return error;
  const code = errorCode(error) ?? '';
  const file = 'path' in error && typeof error.path === 'string' ? error.path : '';
  const problem = error.message.replace(/^[A-Z]+: /, '').replace(/, \w+ '.*'$/s, '');
  return new SurefootError('file/failed', `${file === '' ? String(error.syscall) : file}: ${problem}`, {
    details: { file, code },
    hint: 'Check that the folder is there, that it may be written to, and that the disk has room.',
    cause: error,
  });
}

/** A refusal as JSON; what is none is a bug, and says so. */
export function failureData(error: unknown): { readonly error: object } {
  if (!isSurefootError(error)) {
    return { error: { code: 'bug', message: messageOf(error), hint: bugHint, details: {} } };
  }
  const { code, message, hint, details } = error;
  return { error: { code, message, hint, details } };
}

const bugHint =
  'This is a bug in Surefoot. Please report it, with the output of the same command with --verbose.';

/** What people are told of a failure. */
export interface Failure {
  readonly code: string;
  readonly message: string;
  readonly hint: string;
  /** Where it happened, or what it was about: one line each. */
  readonly place?: readonly string[];
}

/** A failure in words: what, where, what to do, and the code to look up. */
export function failureText({ code, message, hint, place = [] }: Failure, look: Look): string {
  const body = indent(cleanText(message), 2).trimStart();
  const lines = [
    `${look.bad('error')} ${body}`,
    ...place.map((line) => indent(cleanText(line), 2)),
    `${look.good('hint')}  ${indent(cleanText(hint), 6).trimStart()}`,
    look.dim(`code  ${code}`),
  ];
  return `${lines.join('\n')}\n`;
}

/** A refusal about several objects says them one to a line, with both sides. */
function listed(error: SurefootError): { readonly message: string; readonly lines: readonly string[] } {
  const { message } = error;
  const head = message.split(': ', 1)[0] ?? message;
  if (isSurefootError(error, 'plan/drift')) {
    return { message: head, lines: error.details.differences.map(differenceText) };
  }
  if (!isSurefootError(error, 'plan/conflict')) return { message, lines: [] };
  const lines = error.details.conflicts.map(
    ({ revision, operation, object, expected, found }) =>
      `${object}: expected ${oneLine(expected)}, found ${oneLine(found)} (${operation}, revision ${revision})`,
  );
  return { message: head, lines };
}

/** What was thrown, for people. `isVerbose`: with the causes below it; a bug with its stack. */
export function errorText(
  error: unknown,
  look: Look,
  { isVerbose }: { readonly isVerbose: boolean },
): string {
  if (!isSurefootError(error)) return bugText(error, look, { isVerbose });
  const causes = isVerbose ? causesOf(error).map((cause) => `caused by: ${redactUrl(cause)}`) : [];
  const { code, hint } = error;
  const { message, lines } = listed(error);
  return failureText({ code, message, hint, place: [...lines, ...causes] }, look);
}

function bugText(error: unknown, look: Look, { isVerbose }: { readonly isVerbose: boolean }): string {
  const stack = isVerbose && error instanceof Error && error.stack !== undefined ? [error.stack] : [];
  const message = `This is a bug in Surefoot: ${messageOf(error)}`;
  const hint = isVerbose
    ? 'Please report it.'
    : 'Please report it, with the output of the same command with --verbose.';
  return failureText({ code: 'bug', message, hint, place: stack }, look);
}

/** The messages below an error, without those that repeat what is above. */
function causesOf(error: Error): readonly string[] {
  const messages: string[] = [];
  for (let at: unknown = error.cause; at instanceof Error && messages.length < 8; at = at.cause) {
    const { message } = at;
    if (message !== '' && !messages.includes(message)) messages.push(message);
  }
  return messages.filter((message) => !error.message.includes(message));
}
