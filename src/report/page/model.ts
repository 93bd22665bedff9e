// The report as the page asks for it.
// In: ReportData. Out: look-ups. Must not know elements.

import type { Finding } from '../../check/finding.ts';
import type { LintFinding } from '../../lint/finding.ts';
import type { PartSpan, ReportData, ReportRevision, ReportRun, RunEvent } from '../report.ts';

/** An event with the run that wrote it. */
export interface Ran {
  readonly run: ReportRun;
  readonly event: RunEvent;
}

export interface Model {
  readonly data: ReportData;
  /** Place in the chain. */
  readonly places: ReadonlyMap<string, number>;
  readonly revisions: ReadonlyMap<string, ReportRevision>;
  readonly ran: ReadonlyMap<string, readonly Ran[]>;
  readonly hazards: ReadonlyMap<string, readonly LintFinding[]>;
  readonly findings: ReadonlyMap<string, readonly Finding[]>;
  /** What a search looks through, by place. */
  readonly texts: readonly string[];
}

function textOf(one: ReportRevision): string {
  const { id, message, branchLabels, file, origin, state, upgrade } = one;
  const words = [id, message, ...branchLabels, file ?? '', origin?.author ?? '', origin?.commit ?? '', state];
  return [...words, ...upgrade.operations].join('\n').toLowerCase();
}

/** The look-ups of a report. */
export function modelOf(data: ReportData): Model {
  const ran = data.journal.flatMap((run) =>
    run.events.flatMap((event): readonly (Ran & { readonly id: string })[] =>
      event.revision === null ? [] : [{ id: event.revision, run, event }],
    ),
  );
  const found = (data.check?.findings ?? []).filter(({ revision }) => revision !== null);
  return {
    data,
    places: new Map(data.chain.map(({ id }, i) => [id, i])),
    revisions: new Map(data.chain.map((one) => [one.id, one])),
    ran: Map.groupBy(ran, ({ id }) => id),
    hazards: Map.groupBy(data.lint?.findings ?? [], ({ revision }) => revision),
    findings: Map.groupBy(found, ({ revision }) => revision ?? ''),
    texts: data.chain.map(textOf),
  };
}

/** What history says after the revision at a place. */
export function partsAt({ data }: Model, place: number): readonly PartSpan[] {
  return data.history.filter(({ from, to }) => from <= place && (to === null || to > place));
}

/** By owner, in the order of their names. */
export function byOwner<T extends { readonly owner: string }>(
  parts: readonly T[],
): readonly (readonly [string, readonly T[]])[] {
  return [...Map.groupBy(parts, ({ owner }) => owner)].sort(([a], [b]) => (a < b ? -1 : 1));
}
