// What went wrong while a library's schema was made, in words.
// In: an error of the library's, or of the server's. Out: one line. Must not know the library.

import { isSurefootError, messageOf } from '../kernel/errors.ts';

const longest = 120;

/** The start of a statement, on one line. */
function shortened(sql: string): string {
  const text = sql.replace(/\s+/g, ' ').trim();
  return text.length <= longest ? text : `${text.slice(0, longest)}…`;
}

/** The server's refusal, which a library may have wrapped, with the statement that it refused; else the error's own words. */
export function refusalOf(error: unknown): string {
  const wrapped = error instanceof Error ? Reflect.get(error, 'driverError') : undefined;
  const refusal = isSurefootError(wrapped) ? wrapped : error;
  if (!isSurefootError(refusal, 'database/query-failed')) return messageOf(refusal);
  return `${messageOf(refusal)} (${shortened(refusal.details.sql)})`;
}
