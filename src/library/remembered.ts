import type { StoredEntry } from '../journal/entry.ts';
import { isOtherForm } from '../journal/other-form.ts';
import { readEntries, readVersionTable } from '../journal/store.ts';
import { hashJson } from '../kernel/hash.ts';
import type { Operation } from '../operations/operation.ts';
import type { RevisionGraph } from '../revisions/graph.ts';
import { buildGraph } from '../revisions/graph.ts';
import type { Downgrade, LoadedRevision } from '../revisions/load.ts';
import { phasesOf } from '../revisions/phases.ts';
import type { RevisionHeader } from '../revisions/revision.ts';
import { readHeader } from '../revisions/scan.ts';
import type { Opened } from './open.ts';
import type { Project } from './project.ts';

// The journal keeps each revision's operations in both directions. A downgrade uses them where the file is gone, and
// where it was edited after it ran: what is to be undone is what was done, not what the file says by now.

/** The newest upgrade of each revision, with the operations that ran. */
function movesOf(entries: readonly StoredEntry[]): ReadonlyMap<string, StoredEntry> {
  const moves = new Map<string, StoredEntry>();
  for (const entry of entries) {
    if (entry.revision === null || entry.direction !== 'upgrade' || !entry.data.operations) continue;
    moves.set(entry.revision, entry);
  }
  return moves;
}

/** The head of a file that is gone; `null`: the journal has not its text. */
function headerOf({ revision, data }: StoredEntry): RevisionHeader | null {
  if (data.text === undefined || revision === null) return null;
  const file = data.file ?? `${revision}.ts`;
  const header = readHeader(data.text, file);
  return header ? (phasesOf(header).find(({ id }) => id === revision) ?? null) : null;
}

function downgradeOf(operations: readonly Operation[] | null): Downgrade {
  if (operations === null) {
    return { kind: 'irreversible', reason: 'the journal keeps no way back, and the file is not what ran' };
  }
  if (!operations.some(({ kind }) => kind === 'run')) return { kind: 'operations', operations };
  const reason = 'its way back holds a data step in TypeScript, and the file is not what ran';
  return { kind: 'irreversible', reason };
}

/** The revision as it was when it ran. */
function revisionOf(header: RevisionHeader, { data }: StoredEntry): LoadedRevision {
  return {
    header,
    upgrade: data.operations?.upgrade ?? [],
    downgrade: downgradeOf(data.operations?.downgrade ?? null),
    runs: { upgrade: [], downgrade: [] },
    text: data.text ?? '',
  };
}

/** Revisions that rows or other revisions name, and that no file declares. */
function namedOnly(headers: readonly RevisionHeader[], rows: readonly string[]): readonly string[] {
  const known = new Set(headers.flatMap(({ id, branchLabels }) => [id, ...branchLabels]));
  const named = [...rows, ...headers.flatMap(({ revises, dependsOn }) => [...revises, ...dependsOn])];
  return [...new Set(named)].filter((id) => !known.has(id));
}

/** The heads of the files that are gone, as far as the journal has them. */
function goneHeaders(
  files: readonly RevisionHeader[],
  rows: readonly string[],
  moves: ReadonlyMap<string, StoredEntry>,
): readonly RevisionHeader[] {
  const found: RevisionHeader[] = [];
  for (;;) {
    const more = namedOnly([...files, ...found], rows).flatMap((id) => {
      const move = moves.get(id);
      return (move && headerOf(move)) ?? [];
    });
    if (more.length === 0) return found;
    found.push(...more);
  }
}

/** True where the file says something else than what ran, and nobody said that the edit is right. */
function wasEdited(revision: LoadedRevision, entries: readonly StoredEntry[]): boolean {
  const last = entries.findLast(
    ({ revision: id, data }) => id === revision.header.id && data.checksums !== undefined,
  );
  if (last !== undefined && isOtherForm(revision, last)) return false;
  const then = last?.data.checksums?.operations;
  return then !== undefined && then !== hashJson([revision.upgrade, revision.downgrade]);
}

/** The project of a downgrade: where a file is gone or was edited, with the revision that the journal keeps. */
export async function withRemembered(project: Project, { store }: Opened): Promise<Project> {
  const entries = await readEntries(store, { events: ['moved', 'adopted'], data: true });
  const moves = movesOf(entries);
  if (moves.size === 0) return project;
  const rows = (await readVersionTable(store))?.rows ?? [];
  const files = await project.headers();
  const gone = goneHeaders(files, rows, moves);
  const goneIds = new Set(gone.map(({ id }) => id));
  const remembered = new Map<string, LoadedRevision>();
  const remember = (header: RevisionHeader, move: StoredEntry): LoadedRevision => {
    const revision = remembered.get(header.id) ?? revisionOf(header, move);
    remembered.set(header.id, revision);
    return revision;
  };
  let graph: Promise<RevisionGraph> | undefined;
  return {
    ...project,
    headers: async () => [...files, ...gone],
    graph: () => {
      graph ??=
        gone.length === 0 ? project.graph() : Promise.resolve().then(() => buildGraph([...files, ...gone]));
      return graph;
    },
    load: async (ids, dialect, wishes) => {
      const written = await project.load(
        ids.filter((id) => !goneIds.has(id)),
        dialect,
        wishes,
      );
      const byId = new Map(written.map((one) => [one.header.id, one]));
      return ids.flatMap((id): readonly LoadedRevision[] => {
        const file = byId.get(id);
        const move = moves.get(id);
        const header = file?.header ?? gone.find((one) => one.id === id);
        if (!header) return [];
        return !move || (file && !wasEdited(file, entries)) ? (file ? [file] : []) : [remember(header, move)];
      });
    },
    textChecksum: async (header) =>
      goneIds.has(header.id)
        ? (moves.get(header.id)?.data.checksums?.text ?? '')
        : await project.textChecksum(header),
    remembered: () => remembered,
  };
}
