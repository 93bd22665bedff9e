import type { TargetError, TargetResult, TargetStatus } from './result.ts';
import type { Halt } from './schedule.ts';

/** Targets that failed in the same way. */
export interface FailureGroup {
  readonly code: string;
  readonly count: number;
  /** The message of the first. */
  readonly message: string;
  readonly hint: string;
  /** The first of them by name. */
  readonly targets: readonly string[];
}

/** Targets at which the same revisions ran, or wait. */
export interface RevisionGroup {
  readonly revisions: readonly string[];
  readonly count: number;
  readonly targets: readonly string[];
}

/** What became of a fleet, however large: counts, and the first few names. */
export interface FleetTally {
  readonly targets: Readonly<Record<TargetStatus, number>>;
  readonly failures: readonly FailureGroup[];
  readonly groups: readonly RevisionGroup[];
  readonly findings: readonly { readonly code: string; readonly count: number }[];
  readonly losses: readonly string[];
}

/** One report of a whole fleet. */
export interface FleetSummary extends FleetTally {
  readonly verb: string;
  /** Its state is kept under this name; `null`: nothing was changed, nothing is kept. */
  readonly run: string | null;
  readonly total: number;
  /** Targets that were not started, since it was stopped, or of which nothing was heard any more. */
  readonly notRun: number;
  readonly halted: Halt | 'error' | null;
  /** What ended it early, such as a queue that went away; `null`: nothing did. */
  readonly error: TargetError | null;
  readonly ms: number;
}

/** So many names, groups and losses are remembered; the rest is counted. */
const most = 20;

interface Group {
  count: number;
  readonly targets: string[];
}

function note<G extends Group>(groups: Map<string, G>, key: string, create: () => G): G | null {
  const known = groups.get(key) ?? (groups.size < most ? create() : null);
  if (known === null) return null;
  groups.set(key, known);
  known.count += 1;
  return known;
}

/** Counts results as they come, in the same space however many they are. */
export interface Tally {
  add(result: TargetResult): void;
  read(): FleetTally;
}

/** An empty tally. */
export function createTally(): Tally {
  const targets: Record<TargetStatus, number> = { done: 0, current: 0, pending: 0, findings: 0, failed: 0 };
  const failures = new Map<string, Group & { readonly error: NonNullable<TargetResult['error']> }>();
  const groups = new Map<string, Group & { readonly revisions: readonly string[] }>();
  const findings = new Map<string, number>();
  const losses: string[] = [];
  const remember = (group: Group | null, name: string) => {
    if (group !== null && group.targets.length < most) group.targets.push(name);
  };
  return {
    add: ({ target, status, error, revisions, losses: lost, findings: found }) => {
      targets[status] += 1;
      if (error)
        remember(
          note(failures, error.code, () => ({ count: 0, targets: [], error })),
          target,
        );
      if (revisions.length > 0)
        remember(
          note(groups, revisions.join(' '), () => ({ count: 0, targets: [], revisions })),
          target,
        );
      for (const { code } of found) findings.set(code, (findings.get(code) ?? 0) + 1);
      for (const loss of lost) if (losses.length < most) losses.push(`${target}: ${loss}`);
    },
    read: () => ({
      targets: { ...targets },
      failures: [...failures.values()].map(({ error: { code, message, hint }, count, targets: names }) => ({
        code,
        count,
        message,
        hint,
        targets: [...names],
      })),
      groups: [...groups.values()].map((group) => ({ ...group, targets: [...group.targets] })),
      findings: [...findings].map(([code, count]) => ({ code, count })),
      losses: [...losses],
    }),
  };
}
