import type { Finding } from '../check/finding.ts';
import type { StoredEntry } from '../journal/entry.ts';
import type { RevisionState } from './report.ts';

/** What tells the states of revisions. */
export interface StateFacts {
  readonly applied: ReadonlySet<string>;
  readonly entries: readonly StoredEntry[];
  readonly findings: readonly Finding[];
  /** True: a recorded revision has no file, so that only the journal knows what lies below it. */
  readonly isCut: boolean;
}

/** Revisions all of whose operations were there already when they were last moved up. */
function satisfiedIn(entries: readonly StoredEntry[]): ReadonlySet<string> {
  const open = new Map<string, { ran: boolean; satisfied: boolean }>();
  const found = new Set<string>();
  for (const { event, revision, direction, data } of entries) {
    if (revision === null) continue;
    const seen = open.get(revision) ?? { ran: false, satisfied: false };
    open.set(revision, seen);
    if (event === 'finished' || event === 'started') seen.ran = true;
    if (event === 'satisfied') seen.satisfied = true;
    if (event !== 'moved') continue;
    open.delete(revision);
    const isSatisfied = direction === 'upgrade' && seen.satisfied && !seen.ran && !data.sql?.length;
    if (isSatisfied) found.add(revision);
    else found.delete(revision);
  }
  return found;
}

/** Revisions that the journal moved up, or took as applied, and never down since. */
function risenIn(entries: readonly StoredEntry[]): ReadonlySet<string> {
  const up = new Set<string>();
  for (const { event, revision, direction, data } of entries) {
    for (const id of data.applied ?? []) up.add(id);
    if (event !== 'moved' || revision === null) continue;
    if (direction === 'upgrade') up.add(revision);
    else up.delete(revision);
  }
  return up;
}

/** Revisions whose last entry that tells is a failure. */
function failedIn(entries: readonly StoredEntry[]): ReadonlySet<string> {
  const last = new Map(
    entries
      .filter(({ event, revision }) => revision !== null && (event === 'moved' || event === 'failed'))
      .map(({ revision, event }) => [revision ?? '', event]),
  );
  return new Set([...last].flatMap(([id, event]) => (event === 'failed' ? [id] : [])));
}

/** The state of each revision of the files. */
export function stateOf({ applied, entries, findings, isCut }: StateFacts): (id: string) => RevisionState {
  const [satisfied, failed] = [satisfiedIn(entries), failedIn(entries)];
  const risen = isCut ? risenIn(entries) : new Set<string>();
  const edited = new Set(
    findings.flatMap(({ code, revision }) => (code === 'history/edited-revision' ? [revision] : [])),
  );
  return (id) => {
    if (!applied.has(id) && !risen.has(id)) return failed.has(id) ? 'failed' : 'pending';
    if (edited.has(id)) return 'edited';
    return satisfied.has(id) ? 'satisfied' : 'applied';
  };
}
