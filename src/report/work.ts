// What each revision does, in words and in the SQL of every server.
// In: revisions as each server loads them, parents first. Out: work by id. Must not ask a database.

import type { Dialect } from '../dialect/dialect.ts';
import { isSurefootError } from '../kernel/errors.ts';
import { describe } from '../operations/apply.ts';
import { arrange } from '../plan/arrange.ts';
import { outline } from '../plan/outline.ts';
import type { Direction } from '../plan/plan.ts';
import type { LoadedRevision } from '../revisions/load.ts';
import type { Naming } from '../schema/naming.ts';
import type { FlavoredSql, ReportWork } from './report.ts';

/** The revisions as one server loads them. */
export interface Edition {
  readonly dialect: Dialect;
  readonly naming: Naming;
  readonly revisions: readonly LoadedRevision[];
}

/** One direction of a revision on one server. */
interface Told {
  readonly operations: readonly string[];
  /** `null`: not known. */
  readonly sql: readonly string[] | null;
  readonly reason: string | null;
}

interface Range {
  readonly edition: Edition;
  readonly direction: Direction;
  /** In the order of the chain. */
  readonly from: number;
  readonly to: number;
}

function plain({ upgrade, downgrade }: LoadedRevision, direction: Direction, reason: string): Told {
  if (direction === 'upgrade') return { operations: upgrade.map(describe), sql: null, reason };
  if (downgrade.kind === 'irreversible') return { operations: [], sql: null, reason: downgrade.reason };
  const operations = downgrade.kind === 'operations' ? downgrade.operations : [];
  return { operations: operations.map(describe), sql: null, reason };
}

function tellAll({ edition, direction, from, to }: Range): readonly (readonly [string, Told])[] {
  const { dialect, naming, revisions } = edition;
  const own = revisions.slice(from, to);
  const isUp = direction === 'upgrade';
  const outlined = outline({
    direction,
    path: isUp ? own : own.toReversed(),
    applied: revisions.slice(0, isUp ? from : to),
    dialect,
    live: null,
  });
  const standings = outlined.steps.map(({ operations }) =>
    operations.map(({ operation, kept }) => ({
      operation,
      standing: kept ? ('kept' as const) : ('pending' as const),
      description: '',
    })),
  );
  const { steps } = arrange(outlined, standings, { dialect, naming, live: outlined.start });
  return outlined.steps.map(({ revision, operations }, i) => [
    revision.header.id,
    {
      operations: operations.map(
        ({ operation, kept }) => describe(operation) + (kept ? ' (left alone: history has it below)' : ''),
      ),
      sql: (steps[i]?.segments ?? []).flatMap(({ statements }) => statements.map(({ sql }) => sql)),
      reason: null,
    },
  ]);
}

/** Where some of a range cannot be told, its halves are tried, down to the one that is to blame. */
function tell(range: Range): readonly (readonly [string, Told])[] {
  const { edition, direction, from, to } = range;
  const one = to - from === 1 ? edition.revisions[from] : undefined;
  if (from >= to) return [];
  if (one?.downgrade.kind === 'irreversible' && direction === 'downgrade')
    return [[one.header.id, plain(one, direction, '')]];
  try {
    return tellAll(range);
  } catch (error) {
    if (!isSurefootError(error)) throw error;
    if (one) return [[one.header.id, plain(one, direction, error.message)]];
    const middle = (from + to) >> 1;
    return [...tell({ ...range, to: middle }), ...tell({ ...range, from: middle })];
  }
}

/** The stretches between revisions that have no way back, which would stop the whole. */
function stretches({ revisions }: Edition): readonly (readonly [from: number, to: number])[] {
  const stops = revisions.flatMap(({ downgrade }, i) => (downgrade.kind === 'irreversible' ? [i] : []));
  const cuts = [0, ...stops.flatMap((i) => [i, i + 1]), revisions.length];
  return cuts.slice(1).map((to, i) => [cuts[i] ?? 0, to] as const);
}

function both(edition: Edition): Readonly<Record<Direction, ReadonlyMap<string, Told>>> {
  const to = edition.revisions.length;
  const down = stretches(edition).flatMap(([a, b]) =>
    tell({ edition, direction: 'downgrade', from: a, to: b }),
  );
  return {
    upgrade: new Map(tell({ edition, direction: 'upgrade', from: 0, to })),
    downgrade: new Map(down),
  };
}

function merged(told: readonly (readonly [flavor: string, Told | undefined])[]): ReportWork {
  const sql = new Map<string, { flavors: string[]; statements: readonly string[] }>();
  for (const [flavor, one] of told) {
    if (!one?.sql) continue;
    const key = one.sql.join('\u0000');
    const known = sql.get(key);
    if (known) known.flavors.push(flavor);
    else sql.set(key, { flavors: [flavor], statements: one.sql });
  }
  const [first] = told.flatMap(([, one]) => (one ? [one] : []));
  return {
    operations: first?.operations ?? [],
    sql: [...sql.values()] satisfies readonly FlavoredSql[],
    reason: told.map(([, one]) => one?.reason ?? null).find((reason) => reason !== null) ?? null,
  };
}

/** What a revision does in words alone, as its file has it. */
function wordsOf(revisions: readonly LoadedRevision[], direction: Direction): ReadonlyMap<string, Told> {
  return new Map(
    revisions.map((one) => {
      const told = plain(one, direction, '');
      return [one.header.id, { ...told, reason: told.reason || null }] as const;
    }),
  );
}

/** What a revision does, both ways, by id; without SQL it is as quick as reading. */
export function workOf(
  editions: readonly Edition[],
  { tellsSql }: { readonly tellsSql: boolean },
): (id: string) => Readonly<Record<Direction, ReportWork>> {
  const words = ({ revisions }: Edition) => ({
    upgrade: wordsOf(revisions, 'upgrade'),
    downgrade: wordsOf(revisions, 'downgrade'),
  });
  const told = editions.map(
    (edition) => [edition.dialect.traits.flavor, tellsSql ? both(edition) : words(edition)] as const,
  );
  const of = (id: string, direction: Direction): ReportWork =>
    merged(told.map(([flavor, one]) => [flavor, one[direction].get(id)] as const));
  return (id) => ({ upgrade: of(id, 'upgrade'), downgrade: of(id, 'downgrade') });
}
