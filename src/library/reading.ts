import type { StoredEntry } from '../journal/entry.ts';
import { readEntries, readVersionTable } from '../journal/store.ts';
import { lockHolder } from '../lock/lock.ts';
import type { RevisionGraph } from '../revisions/graph.ts';
import { inOrder, unknownRows } from '../revisions/graph.ts';
import { resolveRange } from '../revisions/identifiers.ts';
import { revisionsBetween, upgradePath } from '../revisions/paths.ts';
import { waitingContracts } from '../revisions/phases.ts';
import type { Current, HistoryEntry, LogOptions, Status } from './api.ts';
import type { Opened } from './open.ts';
import { openSession } from './open.ts';
import { withOriginals } from './originals.ts';
import type { KnownPast } from './past.ts';
import { readPast } from './past.ts';
import type { Project } from './project.ts';

/** Opens a session for the length of a reading. */
export async function withSession<T>(project: Project, read: (opened: Opened) => Promise<T>): Promise<T> {
  const opened = await openSession(project.options, project.folder, { reading: true });
  try {
    return await read(opened);
  } finally {
    await opened.close();
  }
}

function pendingOf(graph: RevisionGraph, past: KnownPast): readonly string[] {
  return upgradePath(graph, past.applied, graph.realHeads);
}

/** The recorded revisions, and what is still to be run. */
export async function readCurrent(project: Project): Promise<Current> {
  return await withSession(project, async (opened) => {
    const graph = await (await withOriginals(project, opened)).graph();
    const past = await readPast(opened, graph);
    return { heads: past.heads, pending: pendingOf(graph, past) };
  });
}

/** The revisions, newest first. */
export async function readHistory(
  project: Project,
  options: { readonly range?: string; readonly database?: boolean },
): Promise<readonly HistoryEntry[]> {
  const { graph, past } =
    options.database === false
      ? { graph: await project.graph(), past: null }
      : await withSession(project, async (opened) => {
          const seen = await (await withOriginals(project, opened)).graph();
          return { graph: seen, past: await readPast(opened, seen) };
        });
  const context = { current: past?.heads ?? null, purpose: 'show' } as const;
  const ids =
    options.range === undefined
      ? graph.order
      : revisionsBetween(graph, resolveRange(options.range, graph, context));
  return inOrder(graph, ids)
    .toReversed()
    .flatMap((id): readonly HistoryEntry[] => {
      const header = graph.nodes.get(id)?.header;
      if (!header) return [];
      const { revises, message, createdAt, branchLabels, dependsOn } = header;
      return [
        { id, revises, message, createdAt, branchLabels, dependsOn, applied: past?.applied.has(id) ?? null },
      ];
    });
}

/** The journal, newest last. */
export async function readLog(
  project: Project,
  { limit, revision }: LogOptions,
): Promise<readonly StoredEntry[]> {
  return await withSession(project, async ({ store }) => {
    const entries = await readEntries(store, {
      events: null,
      data: true,
      ...(limit && !revision ? { limit } : {}),
    });
    const chosen = revision ? entries.filter((entry) => entry.revision === revision) : entries;
    return limit ? chosen.slice(-limit) : chosen;
  });
}

function lastRunOf(entries: readonly StoredEntry[]): Status['lastRun'] {
  // A word on an earlier run is no run.
  const telling = entries.filter(
    ({ event, data }) => event === 'moved' || (event === 'failed' && data.answer === undefined),
  );
  const last = telling.at(-1);
  if (!last) return null;
  const own = telling.filter(({ run }) => run === last.run);
  return {
    run: last.run,
    at: new Date(last.at).toISOString(),
    revisions: [...new Set(own.flatMap(({ revision }) => (revision === null ? [] : [revision])))],
    failed: last.event === 'failed',
    who: last.data.who ?? null,
  };
}

/** Heads, pending revisions, lock and last run. Unknown version rows are shown, not refused. */
export async function readStatus(project: Project): Promise<Status> {
  return await withSession(project, async (opened) => {
    const graph = await (await withOriginals(project, opened)).graph();
    const rows = (await readVersionTable(opened.store))?.rows ?? [];
    const known = unknownRows(graph, rows).length === 0;
    const past = known ? await readPast(opened, graph) : null;
    const entries = past?.entries ?? (await readEntries(opened.store, { events: null, data: true }));
    return {
      heads: rows,
      pending: past ? pendingOf(graph, past) : [],
      waiting: past ? waitingContracts(graph, past.applied) : [],
      lock: await lockHolder(opened),
      lastRun: lastRunOf(entries),
      database: opened.database.description,
      product: opened.facts.product,
    };
  });
}
