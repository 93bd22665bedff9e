import type { StoredEntry } from '../journal/entry.ts';
import type { Past } from '../journal/recover.ts';
import { recover } from '../journal/recover.ts';
import type { VersionTable } from '../journal/store.ts';
import { readEntries, readVersionTable } from '../journal/store.ts';
import { SurefootError } from '../kernel/errors.ts';
import type { RevisionGraph } from '../revisions/graph.ts';
import { effectiveHeads, overlappingRows, unknownRows } from '../revisions/graph.ts';
import type { Opened } from './open.ts';

/** What the database's own tables say of its past. */
export interface KnownPast extends Past {
  /** The version rows. */
  readonly heads: readonly string[];
  readonly table: VersionTable | null;
  readonly entries: readonly StoredEntry[];
}

/** Reads version rows and journal; refuses rows that the revisions on disk cannot explain. */
export async function readPast(opened: Opened, graph: RevisionGraph): Promise<KnownPast> {
  const table = await readVersionTable(opened.store);
  const entries = await readEntries(opened.store, { events: null, data: true, operations: false });
  const heads = table?.rows ?? [];
  refuseUnknown(opened, unknownRows(graph, heads), kinship(graph, entries));
  refuseOverlapping(opened, overlappingRows(graph, heads), heads, graph);
  return { ...recover(heads, entries, graph), heads, table, entries };
}

/** What the journal says of the files: whether the database is ahead of them, or nothing of theirs. */
function kinship(graph: RevisionGraph, entries: readonly StoredEntry[]): string {
  const moved = new Set(
    entries.flatMap(({ event, revision }) => (event === 'moved' ? (revision ?? []) : [])),
  );
  if (moved.size === 0 || graph.order.length === 0) return '';
  const own = graph.order.filter((id) => moved.has(id));
  if (own.length === 0)
    return '; its journal has none of the revisions of these files: it has another history';
  if (own.length < graph.order.length) return '';
  return '; its journal has every revision of these files: it is ahead of them';
}

export function refuseUnknown({ names }: Opened, revisions: readonly string[], more = ''): void {
  if (revisions.length === 0) return;
  throw new SurefootError(
    'version/unknown-revision',
    `${names.version} names ${revisions.join(', ')}, which no file declares${more}`,
    {
      details: { revisions, table: names.version },
      hint: 'Bring its file back (another branch, a newer release). If the journal knows it, `surefoot downgrade` takes it back without the file; `surefoot stamp --purge <revision>` sets the record alone.',
    },
  );
}

function refuseOverlapping(
  { names }: Opened,
  covered: readonly string[],
  heads: readonly string[],
  graph: RevisionGraph,
): void {
  if (covered.length === 0) return;
  const right = effectiveHeads(graph, heads).join(' ');
  throw new SurefootError(
    'version/overlapping',
    `${names.version} names ${covered.join(', ')} besides a revision that comes after`,
    {
      details: { revisions: covered, table: names.version },
      hint: `Set it right with \`surefoot stamp --purge ${right}\`.`,
    },
  );
}
