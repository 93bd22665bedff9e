import { randomUUID } from 'node:crypto';
import type { JournalEntry } from '../journal/entry.ts';
import { createTables } from '../journal/store.ts';
import { isSurefootError } from '../kernel/errors.ts';
import type { Direction } from '../plan/plan.ts';
import type { RevisionGraph } from '../revisions/graph.ts';
import { lockedSession } from '../runner/session.ts';
import type { ResumeChoices, ResumeResult, Unclear } from './api.ts';
import type { Opened } from './open.ts';
import { openSession, refuseReadOnly } from './open.ts';
import { withOriginals } from './originals.ts';
import type { KnownPast } from './past.ts';
import { readPast } from './past.ts';
import { pathTo, prepare } from './prepare.ts';
import type { Project } from './project.ts';
import { takeLock, whoOf } from './take-lock.ts';
import { toolName } from './version.ts';

/** Shows the statement that a run left unclear, and writes the user's answer down. Runs nothing. */
export async function resume(files: Project, choices: ResumeChoices): Promise<ResumeResult> {
  const opened = await openSession(files.options, files.folder);
  try {
    refuseReadOnly(opened);
    // Whoever is at work knows by himself how his statement ends.
    const lock = await takeLock(opened, files, choices);
    try {
      await createTables(opened.store);
      const project = await withOriginals(files, opened);
      const past = await readPast(opened, await project.graph());
      const unclear = await findUnclear(opened, project, past);
      const { answer } = choices;
      if (unclear === null || answer === undefined) return { unclear, answer: null };
      const session = lockedSession(opened.store, lock, randomUUID());
      const note = { who: await whoOf(project, opened), tool: toolName, answer };
      await session.write(answerEntries(unclear, past, note));
      return { unclear, answer };
    } finally {
      await lock.release();
    }
  } finally {
    await opened.close();
  }
}

/** The revisions of a plan that would come to this one next. */
function pathOf(
  id: string,
  direction: Direction,
  { graph, past }: { readonly graph: RevisionGraph; readonly past: KnownPast },
): readonly string[] {
  if (!graph.nodes.has(id)) return [];
  if (direction === 'downgrade') return past.applied.has(id) ? [id] : [];
  return pathTo({ direction, target: id }, graph, past);
}

/** What the next run would stop at; `null`: the catalogue answers everything. */
async function findUnclear(opened: Opened, project: Project, past: KnownPast): Promise<Unclear | null> {
  const graph = await project.graph();
  // Drift and rows are the next run's matter: here only the standing of one statement is asked.
  const choices = { acceptDrift: true, rowCheck: 'skip' } as const;
  for (const [id, { direction, started }] of past.attempts) {
    const ids = started.size === 0 ? [] : pathOf(id, direction, { graph, past });
    if (ids.length === 0) continue;
    try {
      await prepare(opened, project, { direction, ids, choices, past });
    } catch (error) {
      if (!isSurefootError(error, 'plan/unresumed')) throw error;
      return { ...error.details, direction };
    }
  }
  return null;
}

/** `done` closes what was begun, for every operation that the statement carries; `retry` takes the beginning back. */
function answerEntries(
  { revision, direction, statement, description }: Unclear,
  past: KnownPast,
  note: Pick<JournalEntry['data'], 'who' | 'tool'> & { readonly answer: 'done' | 'retry' },
): readonly JournalEntry[] {
  const entry = (position: number, data: JournalEntry['data']): JournalEntry => ({
    event: note.answer === 'done' ? 'finished' : 'failed',
    revision,
    direction,
    statement: position,
    data: { ...data, ...note },
  });
  if (note.answer === 'retry') return [entry(statement, { description })];
  const begun = past.entries.findLast(
    (one) => one.event === 'started' && one.revision === revision && one.statement === statement,
  );
  const identity = begun?.data.identity;
  const carries = past.attempts.get(revision)?.started.get(statement)?.carries ?? [statement];
  return carries.map((position) =>
    entry(position, position === statement && identity !== undefined ? { identity, description } : {}),
  );
}
