import { dirname } from 'node:path';
import { driverMessage, type Failure, type FailureKind, numberMember, textMember } from './failure.ts';
import { type QueryProblem, queryHint } from './query-hints.ts';
import { kindOfPath } from './sqlite-file.ts';

const kinds: ReadonlyMap<number, FailureKind> = new Map([
  [8, 'read-only'],
  [13, 'full'],
  [14, 'unreachable'],
  [26, 'not-a-database'],
]);

const problems: readonly (readonly [RegExp, QueryProblem])[] = [
  [/^no such /, 'not-there'],
  [/already exists|^duplicate column name/, 'there-already'],
  [/syntax error|unrecognized token|incomplete input/, 'syntax'],
];

const problemsByCode: ReadonlyMap<number, QueryProblem> = new Map([
  [5, 'busy'],
  [6, 'busy'],
  [11, 'damaged'],
  [19, 'rows'],
  [20, 'rows'],
]);

function problemOf(extended: number | null, message: string): QueryProblem | null {
  const known = problemsByCode.get((extended ?? 0) & 0xff);
  return known ?? problems.find(([words]) => words.test(message))?.[1] ?? null;
}

/** What an error of node:sqlite means. `file`: the file that was being opened. */
export async function sqliteFailure(error: unknown, file: string | null): Promise<Failure> {
  const extended = numberMember(error, 'errcode');
  const code = extended === null ? textMember(error, 'code') : String(extended);
  const kind = kindOf(extended, error);
  const message = driverMessage(error);
  if (kind === 'query-failed') return { kind, code, message, hint: queryHint(problemOf(extended, message)) };
  const hint = kind === 'unreachable' && file !== null ? await cannotOpenHint(file) : null;
  return { kind, code, message, ...(hint === null ? {} : { hint }) };
}

function kindOf(extended: number | null, error: unknown): FailureKind {
  // The low byte is the primary result code, the rest says more about it.
  if (extended !== null) return kinds.get(extended & 0xff) ?? 'query-failed';
  return /database is not open/.test(driverMessage(error)) ? 'lost' : 'query-failed';
}

async function cannotOpenHint(file: string): Promise<string> {
  const folder = dirname(file);
  if (!(await kindOfPath(folder))) return `The folder ${folder} does not exist: create it first.`;
  const there = await kindOfPath(file);
  if (there === 'folder') return `${file} is a folder: name a file.`;
  return there === null
    ? `There is no file ${file}, or it may not be created.`
    : `Check that this user may read and write ${file} and its folder.`;
}
