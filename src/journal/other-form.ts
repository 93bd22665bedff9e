import { canonicalJson } from '../kernel/hash.ts';
import type { LoadedRevision } from '../revisions/load.ts';
import { readHeader } from '../revisions/scan.ts';
import type { StoredEntry } from './entry.ts';

/** What a journalled text says that it replaces. */
export function replacedIn({ text, file }: StoredEntry['data']): readonly string[] {
  if (!text?.includes('replaces')) return [];
  return readHeader(text, file ?? 'revision.ts')?.replaces ?? [];
}

/**
 * True where a squash lies between what ran and what the file says: the one is the squashed revision, the other the last of
 * those it replaces. Both have the id and end at the same schema, and neither is an edit of the other.
 */
export function isOtherForm(revision: LoadedRevision | undefined, { data }: StoredEntry): boolean {
  if (revision === undefined || data.text === undefined) return false;
  return canonicalJson(revision.header.replaces) !== canonicalJson(replacedIn(data));
}
