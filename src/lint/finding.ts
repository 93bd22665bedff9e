import type { Severity } from './rule.ts';

/** A line of the application that names what goes. */
export interface CodePlace {
  /** As it was found: absolute. */
  readonly file: string;
  /** From 1. */
  readonly line: number;
}

/** What lint found. */
export interface LintFinding {
  readonly rule: string;
  readonly severity: Severity;
  readonly revision: string;
  /** As it was handed in. */
  readonly file: string;
  /** From 1; `null`: not known. */
  readonly line: number | null;
  /** The operation in words. */
  readonly operation: string;
  readonly message: string;
  readonly help: readonly string[];
  /** How large the table is, where that is known. */
  readonly rows: number | null;
  /** How long its statement is likely to hold its lock, in seconds; `null`: not known. */
  readonly seconds: number | null;
  /** Where the application still names it; empty where its sources are not searched, or nothing does. */
  readonly usedIn: readonly CodePlace[];
  /** True: `lint --fix` can rewrite it. */
  readonly isFixable: boolean;
}

/** True if lint is to fail. */
export function hasLintErrors(findings: readonly LintFinding[]): boolean {
  return findings.some(({ severity }) => severity === 'error');
}
