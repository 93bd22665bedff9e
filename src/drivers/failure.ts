// What went wrong in a database, in the words that all drivers share.
// In: a driver's error, classified. Out: SurefootError. Must not know any library.

import { messageOf, SurefootError, usualQueryHint } from '../kernel/errors.ts';

/** The kinds of failure a driver tells apart. */
export type FailureKind =
  | 'unreachable'
  | 'denied'
  | 'lost'
  | 'read-only'
  | 'full'
  | 'not-a-database'
  | 'query-failed';

/** A driver's error as the driver understood it. */
export interface Failure {
  readonly kind: FailureKind;
  /** The server's own code: SQLSTATE, error number or extended result code. */
  readonly code: string | null;
  readonly message: string;
  /** Replaces the usual hint of the kind. */
  readonly hint?: string;
}

/** Where a failure happened. `sql` is absent while connecting. */
export interface FailureSite {
  readonly database: string;
  readonly sql?: string;
}

const hints: Readonly<Record<Exclude<FailureKind, 'query-failed'>, string>> = {
  unreachable: 'Check that the server runs and that host and port are right; `surefoot wait` waits for it.',
  denied: 'Check user, password and database name, and that this user may connect from here.',
  lost: 'The session ended in the middle. Run the command again: what was finished is known, the rest is resumed.',
  'read-only': 'Use a database (and a user) that may be written to.',
  full: 'Free space on the disk of the server, then run the command again: it resumes.',
  'not-a-database': 'Check the path: the file is no SQLite database, or it is encrypted or damaged.',
};

/** A refusal from a driver's error, which stays its cause. */
export function databaseError(failure: Failure, site: FailureSite, cause: unknown): SurefootError {
  const { kind, code, message } = failure;
  if (kind === 'query-failed') return queryFailed(failure, site, cause);
  return new SurefootError(`database/${kind}`, `${opening(kind, site.database)}: ${message}`, {
    details: { database: site.database, code },
    hint: failure.hint ?? hints[kind],
    cause,
  });
}

function queryFailed(failure: Failure, site: FailureSite, cause: unknown): SurefootError {
  return new SurefootError('database/query-failed', failure.message, {
    details: { sql: site.sql ?? '', code: failure.code },
    hint: failure.hint ?? usualQueryHint,
    cause,
  });
}

function opening(kind: Exclude<FailureKind, 'query-failed'>, database: string): string {
  switch (kind) {
    case 'unreachable':
      return `cannot reach ${database}`;
    case 'denied':
      return `${database} refused the connection`;
    case 'lost':
      return `the connection to ${database} was lost`;
    case 'read-only':
      return `${database} cannot be written to`;
    case 'full':
      return `${database} has no space left`;
    case 'not-a-database':
      return `${database} is not a SQLite database`;
  }
}

/** A member of an unknown error object, if it has it as text. */
export function textMember(error: unknown, name: string): string | null {
  const value = member(error, name);
  return typeof value === 'string' ? value : null;
}

/** A member of an unknown error object, if it has it as a number. */
export function numberMember(error: unknown, name: string): number | null {
  const value = member(error, name);
  return typeof value === 'number' ? value : null;
}

function member(error: unknown, name: string): unknown {
  if (typeof error !== 'object' || error === null) return undefined;
  return (error as Readonly<Record<string, unknown>>)[name];
}

/** The message of a driver's error; a connection tried on several addresses carries one message for each. */
export function driverMessage(error: unknown): string {
  const own = messageOf(error);
  if (own !== '' || !(error instanceof AggregateError)) return own === '' ? 'no reason was given' : own;
  return [...new Set(error.errors.map(messageOf))].join('; ');
}
