// The revisions as one database has to see them.
// In: a project, a session. Out: the project, with what a squash replaced in its place where the database stands in its
// midst. Must not know what is done with it.

import { readEntries, readVersionTable } from '../journal/store.ts';
import type { RevisionHeader } from '../revisions/revision.ts';
import type { Opened } from './open.ts';
import type { Project } from './project.ts';
import { createProject } from './project.ts';

/** Revisions that the database records, and those in the midst of which a run died. */
async function standsAt(project: Project, { store }: Pick<Opened, 'store'>): Promise<readonly string[]> {
  const rows = (await readVersionTable(store))?.rows ?? [];
  const entries = await readEntries(store, { events: null, data: false });
  const { recover } = await import('../journal/recover.ts');
  const { attempts } = recover([], entries, await project.graph());
  const begun = [...attempts].filter(([, { started, finished }]) => started.size + finished.size > 0);
  return [...rows, ...begun.map(([id]) => id)];
}

/** The headers with the originals of these squashes; a squash whose originals are gone stays. */
function expand(
  headers: readonly RevisionHeader[],
  originals: readonly RevisionHeader[],
  squashes: readonly RevisionHeader[],
): readonly RevisionHeader[] {
  const byId = new Map(originals.map((header) => [header.id, header]));
  return headers.flatMap((header) => {
    if (!squashes.includes(header)) return [header];
    const own = [...header.replaces, header.id].flatMap((id) => byId.get(id) ?? []);
    return own.length > header.replaces.length ? own : [header];
  });
}

/**
 * The project as this database needs it: if it stands at a revision that a squash replaced, or one of them is `named`, the
 * originals finish what they began. Everywhere else the squashed revision counts.
 */
export async function withOriginals(
  project: Project,
  opened: Pick<Opened, 'store'>,
  named: readonly string[] = [],
): Promise<Project> {
  const headers = await project.headers();
  const squashes = headers.filter(({ replaces }) => replaces.length > 0);
  if (squashes.length === 0) return project;
  const at = new Set([...named, ...(await standsAt(project, opened))]);
  const concerned = squashes.filter(({ replaces }) => replaces.some((id) => at.has(id)));
  if (concerned.length === 0) return project;
  const expanded = expand(headers, await project.originals(), concerned);
  return createProject(project.options, async () => expanded);
}
