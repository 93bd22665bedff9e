// The journal as runs: who, what, when, why, how long, and what became of failures.
// In: entries, oldest first. Out: ReportRun[]. Must not ask a database.

import type { StoredEntry } from '../journal/entry.ts';
import type { ReportRun, RunEvent } from './report.ts';

/** One for each statement: they are counted, not shown. */
const details: ReadonlySet<StoredEntry['event']> = new Set(['started', 'finished', 'satisfied']);

const iso = (at: number): string => new Date(at).toISOString();

/** What was counted of a revision since its last event that is shown. */
interface Counted {
  statements: number;
  satisfied: number;
}

function wordsOf({ data, event }: StoredEntry): string {
  if (event === 'verified') {
    const { differences = [] } = data;
    if (differences.length === 0) return 'the schema is what history describes';
    return `the schema differs: ${differences.map(({ object }) => object).join(', ')}`;
  }
  const heads = data.heads === undefined ? '' : `at ${data.heads.join(', ') || 'base'}`;
  return data.reason ?? data.message ?? data.description ?? heads;
}

function eventOf(entry: StoredEntry, { statements, satisfied }: Counted): RunEvent {
  const { at, event, revision, direction, data } = entry;
  return {
    ...{ at: iso(at), event, revision, direction, statements, satisfied },
    ms: data.ms ?? null,
    message: wordsOf(entry),
    error: data.error ?? null,
  };
}

function eventsOf(entries: readonly StoredEntry[]): readonly RunEvent[] {
  const counts = new Map<string | null, Counted>();
  return entries.flatMap((entry) => {
    const counted = counts.get(entry.revision) ?? { statements: 0, satisfied: 0 };
    counts.set(entry.revision, counted);
    if (entry.event === 'finished') counted.statements += 1;
    if (entry.event === 'satisfied') counted.satisfied += 1;
    if (details.has(entry.event)) return [];
    counts.delete(entry.revision);
    return [eventOf(entry, { ...counted, statements: entry.data.sql?.length ?? counted.statements })];
  });
}

function outcomeOf(entries: readonly StoredEntry[]): ReportRun['outcome'] {
  const telling = entries.filter(({ event, data }) => !details.has(event) && data.answer === undefined);
  const last = telling.at(-1);
  const open = entries.at(-1);
  if (last?.event === 'failed') return 'failed';
  return last === undefined || (open !== undefined && details.has(open.event)) ? 'open' : 'done';
}

/** What happened to the revision of a failed run afterwards. */
function recoveryOf(run: readonly StoredEntry[], later: readonly StoredEntry[]): string | null {
  const failed = run.findLast(({ event }) => event === 'failed' || event === 'started');
  if (failed === undefined) return null;
  const { revision } = failed;
  const next = later.find(
    (entry) => entry.revision === revision && (entry.event === 'moved' || entry.data.answer !== undefined),
  );
  if (next?.data.answer !== undefined) return `answered "${next.data.answer}" at ${iso(next.at)}`;
  if (next !== undefined) return `${next.direction ?? 'upgrade'} finished at ${iso(next.at)}`;
  const set = later.find(({ event }) => event === 'stamped' || event === 'restored' || event === 'adopted');
  return set === undefined ? 'nothing yet' : `${set.event} at ${iso(set.at)}`;
}

/** Entries as runs, oldest first. */
export function runsOf(entries: readonly StoredEntry[]): readonly ReportRun[] {
  const groups = Map.groupBy(entries, ({ run }) => run);
  return [...groups].map(([run, own]): ReportRun => {
    const outcome = outcomeOf(own);
    const [first, last] = [own[0]?.at ?? 0, own.at(-1)?.at ?? 0];
    const lastId = own.at(-1)?.id ?? 0;
    return {
      run,
      at: iso(first - (own[0]?.data.ms ?? 0)),
      until: iso(last),
      outcome,
      who: own.find(({ data }) => data.who)?.data.who ?? null,
      tool: own.find(({ data }) => data.tool)?.data.tool ?? null,
      events: eventsOf(own),
      recovery:
        outcome === 'done'
          ? null
          : recoveryOf(
              own,
              entries.filter(({ id }) => id > lastId),
            ),
    };
  });
}
