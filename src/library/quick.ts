import type { StoredEntry } from '../journal/entry.ts';
import { readEntries, readVersionTable } from '../journal/store.ts';
import { canonicalJson, hashJson } from '../kernel/hash.ts';
import type { RevisionGraph } from '../revisions/graph.ts';
import { appliedFrom, inOrder, unknownRows } from '../revisions/graph.ts';
import { resolve } from '../revisions/identifiers.ts';
import { upgradePath } from '../revisions/paths.ts';
import { inPhase } from '../revisions/phases.ts';
import type { Opened } from './open.ts';
import { readFingerprint } from './open.ts';
import type { Goal } from './prepare.ts';

/** A result of having done nothing. */
export const nothing = {
  finished: [],
  failed: null,
  remaining: [],
  differences: [],
  extras: [],
  losses: [],
  unverified: [],
  confirmed: true,
} as const;

/** Which revisions count as applied, as one value: a revision inserted below a head changes it. */
export function appliedHash(graph: RevisionGraph, rows: readonly string[]): string {
  return hashJson(inOrder(graph, appliedFrom(graph, rows)));
}

/** What the database's own tables say last. */
export interface Standing {
  /** The version rows; `null`: there is no version table. */
  readonly rows: readonly string[] | null;
  readonly last: StoredEntry | undefined;
  /** The fingerprint of the schema, asked for when it is wanted first. */
  fingerprint(): Promise<string>;
}

/** Reads the version rows and the newest entry. */
export async function readStanding(opened: Opened): Promise<Standing> {
  const { store } = opened;
  const rows = (await readVersionTable(store))?.rows ?? null;
  const [last] = await readEntries(store, { events: null, data: true, limit: 1 });
  let fingerprint: Promise<string> | undefined;
  return {
    rows,
    last,
    fingerprint: () => {
      fingerprint ??= readFingerprint(opened);
      return fingerprint;
    },
  };
}

/** `applied`: which revisions count as applied, as one value, where nothing is pending; `null`: something is. */
export type AppliedAtGoal = (rows: readonly string[]) => Promise<string | null>;

/** As the files say. */
export function appliedIn(graph: RevisionGraph, { target, phase }: Goal): AppliedAtGoal {
  return async (rows) => {
    if (unknownRows(graph, rows).length > 0) return null;
    const targets = resolve(target, graph, { current: rows, purpose: 'upgrade' });
    const applied = appliedFrom(graph, rows);
    const path = inPhase(graph, upgradePath(graph, applied, targets), { phase, applied });
    return path.length > 0 ? null : appliedHash(graph, rows);
  };
}

/** The recorded revisions, where the newest journal entry verified just these and their schema. `null`: it did not. */
function verifiedRows({ rows, last }: Standing): readonly string[] | null {
  if (rows === null || last?.event !== 'verified' || last.data.fingerprint === undefined) return null;
  return canonicalJson(last.data.heads) === canonicalJson(rows) ? rows : null;
}

/** The recorded revisions, where the newest journal entry verified just these and nothing is pending. `null`: not so. */
export async function verifiedAtGoal(
  standing: Standing,
  applied: AppliedAtGoal,
): Promise<readonly string[] | null> {
  const rows = verifiedRows(standing);
  const then = standing.last?.data.appliedHash;
  return rows !== null && then !== undefined && then === (await applied(rows)) ? rows : null;
}

/**
 * The recorded revisions, where there is surely nothing to do: they were verified, nothing is pending, and the schema's
 * fingerprint is the one that was verified. `null`: a closer look is needed.
 */
export async function nothingToDo(
  standing: Standing,
  applied: AppliedAtGoal,
): Promise<readonly string[] | null> {
  const rows = await verifiedAtGoal(standing, applied);
  return rows !== null && standing.last?.data.fingerprint === (await standing.fingerprint()) ? rows : null;
}

/** The same for a look that asks the server nothing, and takes place while the server thinks of its fingerprint. */
export async function nothingToDoMeanwhile(
  standing: Standing,
  applied: AppliedAtGoal,
): Promise<readonly string[] | null> {
  if (verifiedRows(standing) === null) return null;
  const [, rows] = await Promise.all([standing.fingerprint(), nothingToDo(standing, applied)]);
  return rows;
}
