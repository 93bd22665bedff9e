import { setTimeout as pause } from 'node:timers/promises';
import { readEntries, readVersionTable } from '../journal/store.ts';
import { now } from '../kernel/clock.ts';
import { isSurefootError, SurefootError } from '../kernel/errors.ts';
import { appliedFrom, unknownRows } from '../revisions/graph.ts';
import { waitingContracts } from '../revisions/phases.ts';
import type { SurefootOptions, WaitOptions } from './api.ts';
import type { Opened } from './open.ts';
import { openSession } from './open.ts';
import { withOriginals } from './originals.ts';
import type { Project } from './project.ts';
import { createProject } from './project.ts';

const defaultTimeoutMs = 60_000;
const firstPauseMs = 100;
const longestPauseMs = 5_000;

/** Opens a session, again and again while the server is not there yet. */
export async function openWhenThere(project: Project, options: WaitOptions): Promise<Opened> {
  const end = now() + (options.timeoutMs ?? defaultTimeoutMs);
  for (let ms = firstPauseMs; ; ms = Math.min(ms * 2, longestPauseMs)) {
    try {
      return await openSession(project.options, project.folder, { reading: true });
    } catch (error) {
      const comes = isSurefootError(error, 'database/unreachable') || isSurefootError(error, 'database/lost');
      if (!comes || now() + ms > end) throw error;
      options.onRetry?.(error, ms);
      await pause(ms);
    }
  }
}

/** Waits until the server answers. */
export async function wait(project: Project, options: WaitOptions): Promise<void> {
  const opened = await openWhenThere(project, options);
  try {
    await opened.connection.query('SELECT 1');
  } finally {
    await opened.close();
  }
}

export interface ReadyOptions extends SurefootOptions, WaitOptions {
  /** True: a database that is ahead of the code is refused, too. */
  readonly exact?: boolean | undefined;
}

/**
 * For the start of an application: waits for the server and makes sure that every revision which the code knows is applied.
 * Creates and alters nothing. A database that is ahead passes, so that releases can roll; `exact` refuses it.
 * Throws 'ready/not-ready' with the revisions that are missing.
 */
export async function assertReady(options: ReadyOptions): Promise<void> {
  const project = createProject(options);
  await project.graph();
  const opened = await openWhenThere(project, options);
  try {
    const graph = await (await withOriginals(project, opened)).graph();
    const rows = (await readVersionTable(opened.store))?.rows ?? [];
    const ahead = unknownRows(graph, rows);
    const recorded = appliedFrom(
      graph,
      rows.filter((id) => !ahead.includes(id)),
    );
    const applied = ahead.length === 0 ? recorded : new Set([...recorded, ...(await journalled(opened))]);
    // A contracting half runs after the deployment: the release that knows it needs it not.
    const waiting = new Set(waitingContracts(graph, applied));
    const missing = graph.order.filter((id) => !applied.has(id) && !waiting.has(id));
    if (missing.length > 0 || (options.exact && ahead.length > 0)) throw notReady(missing, ahead);
  } finally {
    await opened.close();
  }
}

/** What a row that this code does not know stands above: the journal tells which of the known revisions were applied. */
async function journalled({ store }: Opened): Promise<ReadonlySet<string>> {
  const applied = new Set<string>();
  for (const { event, revision, direction, data } of await readEntries(store, {
    events: ['moved', 'stamped', 'adopted'],
    data: true,
  })) {
    for (const id of data.applied ?? []) applied.add(id);
    if (event !== 'moved' || revision === null) continue;
    if (direction === 'upgrade') applied.add(revision);
    else applied.delete(revision);
  }
  return applied;
}

function notReady(missing: readonly string[], ahead: readonly string[]): SurefootError {
  const message =
    missing.length > 0
      ? `the database lacks ${missing.length} of the revisions that this code needs: ${missing.join(', ')}`
      : `the database is ahead of this code: ${ahead.join(', ')}`;
  return new SurefootError('ready/not-ready', message, {
    details: { missing, ahead },
    hint:
      missing.length > 0
        ? 'Run `surefoot upgrade` before the application starts.'
        : 'Deploy the release that knows these revisions.',
  });
}
