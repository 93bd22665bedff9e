// What is asked of lint, and what comes of it.
// In: nothing. Out: types. Must not know how it is done.

import type { LintFinding } from '../lint/finding.ts';
import type { SizeStatistics } from '../lint/sizes.ts';
import type { Plan } from '../plan/plan.ts';

export interface LintChoices {
  /** The revisions to look at, as one plan; default: every revision, each for itself. */
  readonly range?: string | undefined;
  /** Only the revisions in these files, as one plan. */
  readonly files?: readonly string[] | undefined;
  /** True: the server is asked for its version, for sizes, and for what raw SQL does. Reading is enough. */
  readonly server?: boolean | undefined;
  /** Sizes of tables; default: the server's, if it is asked. */
  readonly statistics?: SizeStatistics | null | undefined;
  /** Rewrites what has a safe form; `preview`: shows what that would be, and writes nothing. */
  readonly fix?: 'write' | 'preview' | undefined;
  /** `fix`: also revisions that the server has already. */
  readonly force?: boolean | undefined;
}

/** What lint finds in an operation that a plan is to carry out. */
export interface PlanFinding extends LintFinding {
  /** The operation's position in its step. */
  readonly position: number;
}

/** A plan, with what lint finds in it. */
export interface LintedPlan extends Plan {
  /** Absent: nobody asked, or it is a downgrade. */
  readonly findings?: readonly PlanFinding[];
}

/** A revision that was rewritten, or would be. */
export interface FixedRevision {
  readonly revision: string;
  readonly file: string;
  readonly rules: readonly string[];
  /** What changes in the file: a unified diff without a head. */
  readonly diff: string;
}

/** Something with a safe form that was not rewritten. */
export interface UnfixedFinding {
  readonly revision: string;
  readonly file: string;
  readonly line: number | null;
  readonly rule: string;
  readonly operation: string;
  readonly why: string;
}

export interface LintFixes {
  /** False: it was a preview. */
  readonly written: boolean;
  /** False: no server was asked which revisions it has already. */
  readonly knowsApplied: boolean;
  readonly fixed: readonly FixedRevision[];
  readonly left: readonly UnfixedFinding[];
}

export interface LintReport {
  /** The server that the rules were applied for. */
  readonly server: string;
  readonly revisions: readonly string[];
  /** With `fix`, what is found in the revisions as they are rewritten. */
  readonly findings: readonly LintFinding[];
  /** Absent: `fix` was not asked for. */
  readonly fixes?: LintFixes;
}
