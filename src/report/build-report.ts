// Everything that was read, as one report.
// In: ReportInput. Out: ReportData. Must not ask a database or a file.

import type { StoredEntry } from '../journal/entry.ts';
import type { RevisionGraph, RevisionNode } from '../revisions/graph.ts';
import type {
  Origin,
  PartSpan,
  ReportCheck,
  ReportData,
  ReportDatabase,
  ReportLint,
  ReportRevision,
  ReportWork,
  RevisionState,
  Sides,
} from './report.ts';
import { runsOf } from './runs.ts';
import type { Edition } from './work.ts';
import { workOf } from './work.ts';

export interface ReportInput extends Pick<ReportData, 'title' | 'madeAt' | 'tool' | 'rehearsal' | 'notes'> {
  readonly graph: RevisionGraph;
  /** As every server loads them; the first is the project's own. */
  readonly editions: readonly Edition[];
  /** False: operations in words alone. Default: true. */
  readonly tellsSql?: boolean;
  readonly history: readonly PartSpan[];
  readonly sides: Sides | null;
  readonly database: ReportDatabase | null;
  readonly stateOf: (id: string) => RevisionState;
  /** Recorded revisions that no file declares. */
  readonly withoutFile: readonly string[];
  readonly entries: readonly StoredEntry[];
  readonly check: ReportCheck | null;
  readonly lint: ReportLint | null;
  readonly originOf: (file: string) => Origin | null;
  /** Relative to the project's folder. */
  readonly shownFile: (file: string) => string;
}

const nothing: ReportWork = { operations: [], sql: [], reason: null };

/** What the journal keeps of a revision whose file is gone. */
function goneRevision(id: string, entries: readonly StoredEntry[]): ReportRevision {
  const moved = entries.findLast(({ event, revision }) => event === 'moved' && revision === id);
  const { who, message = '', sql = [] } = moved?.data ?? {};
  const origin = who ? { author: who.gitAuthor, commit: who.gitCommit, at: null } : null;
  return {
    ...{ id, message, createdAt: null, revises: [], dependsOn: [], branchLabels: [], safety: false },
    ...{ replaces: [], importedAs: null, file: null, state: 'missing', origin },
    upgrade: { ...nothing, sql: sql.length === 0 ? [] : [{ flavors: ['as it ran'], statements: sql }] },
    downgrade: nothing,
  };
}

function revisionOf(
  { header, revises, dependsOn }: RevisionNode,
  input: ReportInput,
  work: ReturnType<ReturnType<typeof workOf>>,
): ReportRevision {
  const { id, message, createdAt, branchLabels, safety, replaces, importedAs = null, file } = header;
  return {
    ...{ id, message, createdAt, revises, dependsOn, branchLabels, safety, replaces, importedAs },
    file: input.shownFile(file),
    state: input.stateOf(id),
    origin: input.originOf(file),
    upgrade: work.upgrade,
    downgrade: work.downgrade,
  };
}

/** The report of what was read. */
export function buildReport(input: ReportInput): ReportData {
  const { graph, entries, editions } = input;
  const work = workOf(editions, { tellsSql: input.tellsSql ?? true });
  const chain = graph.order.flatMap((id) => {
    const node = graph.nodes.get(id);
    return node ? [revisionOf(node, input, work(id))] : [];
  });
  const { title, madeAt, tool, database, history, sides, check, lint, rehearsal, notes } = input;
  return {
    format: 1,
    ...{ title, madeAt, tool, database },
    chain: [...chain, ...input.withoutFile.map((id) => goneRevision(id, entries))],
    heads: graph.heads,
    ...{ history, sides, check, lint },
    journal: runsOf(entries),
    rehearsal,
    notes,
  };
}
