import type { Attempt, Begun } from '../plan/data-steps.ts';
import type { Cursor, Direction } from '../plan/plan.ts';
import { repairStep } from '../plan/plan.ts';
import type { RevisionGraph } from '../revisions/graph.ts';
import { appliedFrom, effectiveHeads, inOrder } from '../revisions/graph.ts';
import type { EntryData, JournalEvent, StoredEntry, Who } from './entry.ts';
import { replacedIn } from './other-form.ts';

// What do version rows and journal say together? Pure: no clock, no connection.
//
//   1. Applied are the ancestors of the version rows, through `revises` and `dependsOn`.
//   2. If another tool (or a hand) moved the rows since the journal last knew them, all those ancestors are taken as applied,
//      and the next run writes that down (`adopted`).
//   3. Otherwise a revision among them which the journal never mentions, and which no stamp or adoption took as applied, was
//      inserted below a head that was already there: it is pending, not applied.
//   4. Entries of a revision after its last `moved` are an attempt that did not end.

/** What is known of a database's past. */
export interface Past {
  readonly applied: ReadonlySet<string>;
  readonly inserted: readonly string[];
  /** True: the version rows are not those that the journal last wrote. */
  readonly movedByOthers: boolean;
  /** By revision; only those that did not end. */
  readonly attempts: ReadonlyMap<string, Attempt>;
}

const settingRows: ReadonlySet<string> = new Set(['moved', 'stamped', 'adopted', 'restored']);
const inAttempt: ReadonlySet<string> = new Set(['started', 'advanced', 'finished', 'failed']);

function sameSet(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((one) => b.includes(one));
}

/** The rows after a move whose entry lost them; `null`: nobody can tell. */
function rowsAfter(
  { event, revision, direction, data }: StoredEntry,
  before: readonly string[] | null,
  graph: RevisionGraph,
): readonly string[] | null {
  if (data.heads) return data.heads;
  const isKnown =
    before?.every((id) => graph.nodes.has(id)) && revision !== null && graph.nodes.has(revision);
  if (event !== 'moved' || before === null || !isKnown) return null;
  const applied = new Set(appliedFrom(graph, before));
  if (direction === 'upgrade') applied.add(revision);
  else applied.delete(revision);
  return effectiveHeads(graph, applied);
}

/** An entry whose rows a hand or a broken disk has taken does not mean that another tool moved them: a move can be made again. */
function lastHeads(entries: readonly StoredEntry[], graph: RevisionGraph): readonly string[] {
  let heads: readonly string[] | null = [];
  for (const entry of entries) if (settingRows.has(entry.event)) heads = rowsAfter(entry, heads, graph);
  return heads ?? [];
}

/** Every revision that the journal mentions or that a stamp or an adoption took as applied. */
function mentioned(entries: readonly StoredEntry[]): ReadonlySet<string> {
  const ids = new Set<string>();
  for (const { revision, data } of entries) {
    if (revision !== null) ids.add(revision);
    for (const id of [...(data.applied ?? []), ...replacedIn(data)]) ids.add(id);
  }
  return ids;
}

interface OpenAttempt {
  readonly direction: Direction;
  readonly finished: Map<number, string | null>;
  readonly started: Map<number, Begun>;
  readonly cursors: Map<string, Cursor>;
}

/** `user@host pid 12`; '' where nothing is known. */
function whoText(who: Who | undefined): string {
  const user = who?.osUser ?? who?.databaseUser ?? null;
  if (!who || user === null) return '';
  return `${user}${who.host === null ? '' : `@${who.host}`}${who.pid === null ? '' : ` pid ${who.pid}`}`;
}

function begun({ at, data }: StoredEntry, statement: number): Begun {
  const sql = data.sql?.join('; ') ?? '';
  return {
    sql,
    at: new Date(at).toISOString(),
    by: whoText(data.who),
    carries: data.carries ?? [statement],
  };
}

function note(attempt: OpenAttempt, entry: StoredEntry, statement: number): void {
  const { event, data } = entry;
  noteCursor(attempt, data, event);
  if (event === 'advanced') return;
  if (event === 'started') attempt.started.set(statement, begun(entry, statement));
  else attempt.started.delete(statement);
  if (event === 'finished') attempt.finished.set(statement, data.identity ?? null);
}

/** A backfill that came to its end has no place where it would go on. */
function noteCursor({ cursors }: OpenAttempt, { identity, cursor }: EntryData, event: JournalEvent): void {
  if (identity === undefined) return;
  if (event === 'advanced' && cursor) cursors.set(identity, cursor);
  else if (event === 'finished') cursors.delete(identity);
}

function attemptsOf(entries: readonly StoredEntry[]): ReadonlyMap<string, Attempt> {
  const attempts = new Map<string, OpenAttempt>();
  for (const entry of entries) {
    const { event, revision, statement } = entry;
    if (settingRows.has(event)) forget(attempts, revision);
    // A repair is not resumed: the next one looks again.
    if (revision === null || revision === repairStep || statement === null || !inAttempt.has(event)) continue;
    const attempt = openAttempt(attempts.get(revision), entry.direction ?? 'upgrade');
    note(attempt, entry, statement);
    attempts.set(revision, attempt);
  }
  return attempts;
}

/** The attempt that goes on; one in the other direction begins anew. */
function openAttempt(found: OpenAttempt | undefined, direction: Direction): OpenAttempt {
  if (found?.direction === direction) return found;
  return { direction, finished: new Map(), started: new Map(), cursors: new Map() };
}

/** A move ends the attempt of its revision; what sets the rows by other means ends all. */
function forget(attempts: Map<string, OpenAttempt>, revision: string | null): void {
  if (revision === null) attempts.clear();
  else attempts.delete(revision);
}

/** The past, from the version rows (all known to the graph) and the journal. */
export function recover(
  rows: readonly string[],
  entries: readonly StoredEntry[],
  graph: RevisionGraph,
): Past {
  const ancestors = appliedFrom(graph, rows);
  const movedByOthers = !sameSet(rows, lastHeads(entries, graph));
  const known = mentioned(entries);
  const inserted = movedByOthers ? [] : inOrder(graph, ancestors).filter((id) => !known.has(id));
  const insertedIds = new Set(inserted);
  return {
    applied: new Set([...ancestors].filter((id) => !insertedIds.has(id))),
    inserted,
    movedByOthers,
    attempts: attemptsOf(entries),
  };
}
