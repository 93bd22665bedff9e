// What another tool applied becomes what is recorded.
// In: the revisions that count as applied. Out: the recorded ones. Must not know the tool, nor touch its table.

import { randomUUID } from 'node:crypto';
import { changeRows, createTables, readEntries, readVersionTable } from '../journal/store.ts';
import { SurefootError } from '../kernel/errors.ts';
import type { RevisionGraph } from '../revisions/graph.ts';
import { ancestors, effectiveHeads, unknownRows } from '../revisions/graph.ts';
import { lockedSession } from '../runner/session.ts';
import type { AppliedState } from '../takeover/applied-state.ts';
import type { SurefootOptions } from './api.ts';
import type { Opened } from './open.ts';
import { openSession, refuseReadOnly } from './open.ts';
import { refuseLongIds } from './prepare.ts';
import type { Project } from './project.ts';
import { createProject } from './project.ts';
import { takeLock, whoOf } from './take-lock.ts';
import { toolName } from './version.ts';

function stateExists(opened: Opened, rows: readonly string[]): SurefootError {
  const { names, database } = opened;
  return new SurefootError(
    'import/state-exists',
    `${names.version} on ${database.description} names ${rows.join(', ')} already`,
    {
      details: { table: names.version, revisions: rows },
      hint: 'The revisions were written; what is recorded stayed. `surefoot current` shows it, `surefoot stamp` sets it.',
    },
  );
}

/** What is recorded already, if anything is: it stays. `null`: Surefoot never had a word in this database. */
async function standingState(
  opened: Opened,
  graph: RevisionGraph,
  heads: readonly string[],
): Promise<readonly string[] | null> {
  const { store } = opened;
  const table = await readVersionTable(store);
  const rows = table?.rows ?? [];
  if (rows.length === 0) {
    refuseLongIds(heads, table?.width ?? null);
    const moved = await readEntries(store, { events: ['moved'], data: false, limit: 1 });
    // All was taken back since: the tool's table does not know.
    return moved.length > 0 ? [] : null;
  }
  const reached = unknownRows(graph, rows).length === 0 ? ancestors(graph, rows) : null;
  if (reached !== null && heads.every((id) => reached.has(id))) return rows;
  throw stateExists(opened, rows);
}

async function record(opened: Opened, project: Project, state: AppliedState): Promise<readonly string[]> {
  const graph = await project.graph();
  const heads = [...effectiveHeads(graph, state.applied)].sort();
  const lock = await takeLock(opened, project, {});
  try {
    await createTables(opened.store);
    const standing = await standingState(opened, graph, heads);
    if (standing !== null) return standing;
    const session = lockedSession(opened.store, lock, randomUUID());
    const data = { heads, applied: [...state.applied], who: await whoOf(project, opened), tool: toolName };
    await session.begin();
    for (const command of changeRows(opened.store, [], heads)) await session.command(command);
    await session.write([{ event: 'stamped', revision: null, direction: null, statement: null, data }]);
    await session.commit();
    return heads;
  } finally {
    await lock.release();
  }
}

/** Records what counts as applied, once: a database that goes on from there stays as it is. */
export async function recordState(options: SurefootOptions, state: AppliedState): Promise<readonly string[]> {
  const project = createProject(options);
  const opened = await openSession(options, project.folder);
  try {
    refuseReadOnly(opened);
    return await record(opened, project, state);
  } finally {
    await opened.close();
  }
}
