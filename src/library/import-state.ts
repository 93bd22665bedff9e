// What another tool applied becomes what is recorded.
// In: the revisions that count as applied. Out: the recorded ones. Must not know the tool, nor touch its table.

import { randomUUID } from 'node:crypto';
import { changeRows, createTables, readVersionTable } from '../journal/store.ts';
import { SurefootError } from '../kernel/errors.ts';
import { ancestors, effectiveHeads, unknownRows } from '../revisions/graph.ts';
import { lockedSession } from '../runner/session.ts';
import type { AppliedState } from '../takeover/applied-state.ts';
import type { SurefootOptions } from './api.ts';
import type { Opened } from './open.ts';
import { openSession, refuseReadOnly } from './open.ts';
import type { Project } from './project.ts';
import { createProject } from './project.ts';
import { takeLock, whoOf } from './run-to.ts';
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

async function record(opened: Opened, project: Project, state: AppliedState): Promise<readonly string[]> {
  const graph = await project.graph();
  const heads = [...effectiveHeads(graph, state.applied)].sort();
  const before = (await readVersionTable(opened.store))?.rows ?? [];
  if (before.length > 0) {
    const goesOn =
      unknownRows(graph, before).length === 0 && heads.every((id) => ancestors(graph, before).has(id));
    if (!goesOn) throw stateExists(opened, before);
    return before;
  }
  const lock = await takeLock(opened, project, {});
  try {
    await createTables(opened.store);
    const session = lockedSession(opened.store, lock, randomUUID());
    const data = { heads, applied: [...state.applied], who: await whoOf(project, opened), tool: toolName };
    await session.begin();
    for (const command of changeRows(opened.store, before, heads)) await session.command(command);
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
