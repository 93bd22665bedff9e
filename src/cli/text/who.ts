import type { Who } from '../../journal/entry.ts';

/** Who ran something, as far as it is known; '' where nothing is. */
export function whoText(who: Who | null | undefined): string {
  if (!who) return '';
  const person = who.osUser ?? who.gitAuthor ?? who.databaseUser;
  const place = who.host === null ? '' : `@${who.host}`;
  const run = who.ciRun === null ? '' : ` (${who.ciRun})`;
  return person === null ? run.trim() : `${person}${place}${run}`;
}
