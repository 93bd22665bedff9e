import type { Severity } from '../check/finding.ts';

/**
 * `done`: revisions ran. `current`: nothing had to. `pending`: something waits (plan, status). `findings`: check found
 * errors. `failed`: it could not be reached, refused, or stopped half-way.
 */
export type TargetStatus = 'done' | 'current' | 'pending' | 'findings' | 'failed';

/** What became of one target. */
export interface TargetResult {
  readonly target: string;
  /** The wave it ran in, from 1. */
  readonly wave: number;
  readonly status: TargetStatus;
  /** Where it stands now; empty: at base, or nobody could say. */
  readonly heads: readonly string[];
  /** Those that ran; under plan, check and status those that wait. */
  readonly revisions: readonly string[];
  /** Values that would be lost, in words. */
  readonly losses: readonly string[];
  /** What check found, by code. */
  readonly findings: readonly FoundCode[];
  /** Who has the lock, in words; `null`: nobody, or it was not asked. */
  readonly lock: string | null;
  readonly ms: number;
  readonly error: TargetError | null;
}

export interface FoundCode {
  readonly code: string;
  readonly severity: Severity;
  readonly count: number;
}

/** Why a target failed. */
export interface TargetError {
  readonly code: string;
  readonly message: string;
  readonly hint: string;
}

/** A result with nothing in it yet. */
export const noResult: Omit<TargetResult, 'target' | 'wave' | 'status' | 'ms'> = {
  heads: [],
  revisions: [],
  losses: [],
  findings: [],
  lock: null,
  error: null,
};
