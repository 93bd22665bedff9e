// What a check returns: findings, each with a stable code, plain words, the facts and the cure. Values, never errors.
// In: nothing. Out: Finding and the table of codes. Must not know how a finding is shown.

/** `error` counts for the exit code; `warning` and `information` do not. */
export type Severity = 'error' | 'warning' | 'information';

/** The kinds of object that drift and models are about. */
export type ObjectKind =
  | 'namespace'
  | 'enum'
  | 'sequence'
  | 'table'
  | 'column'
  | 'constraint'
  | 'index'
  | 'view'
  | 'trigger'
  | 'routine'
  | 'comment';

type Drifted = `drift/${'missing' | 'extra' | 'changed'}-${ObjectKind}`;
type Modelled = `model/${'missing' | 'extra' | 'changed'}-${ObjectKind}`;

/** Every finding's code. `docs/findings/` explains each. */
export type FindingCode =
  | 'history/pending'
  | 'history/contract-waiting'
  | 'history/multiple-heads'
  | 'history/missing-revision'
  | 'history/unknown-version'
  | 'history/edited-revision'
  | 'history/inserted-revision'
  | 'history/duplicate-change'
  | 'history/irreversible'
  | Drifted
  | Modelled
  | 'drift/unproven'
  | 'run/interrupted'
  | 'lock/stale'
  | 'leftover/invalid-index'
  | 'leftover/temporary-table'
  | 'leftover/scratch-database'
  | 'schema/not-understood';

/** What a finding is about, where it is an object of the schema. */
export interface FoundObject {
  readonly kind: ObjectKind;
  readonly namespace: string | null;
  /** The table it belongs to, where it belongs to one. */
  readonly table: string | null;
  readonly name: string;
}

export interface Finding {
  readonly code: FindingCode;
  readonly severity: Severity;
  /** What it means, in plain words. */
  readonly message: string;
  readonly object: FoundObject | null;
  /** The revision that it is about, or that should have made or removed the object. */
  readonly revision: string | null;
  readonly facts: Readonly<Record<string, unknown>>;
  /** The command that cures it, or what to do. */
  readonly cure: string;
}

/** The revision that the schema really is at, when the recorded one is a lie. */
export interface Identified {
  readonly recorded: readonly string[];
  /** The revision whose schema is nearest to the server's; several where they are equally near. */
  readonly nearest: readonly string[];
  /** How many parts differ from it: 0 is equal. */
  readonly distance: number;
}

export interface CheckReport {
  readonly heads: readonly string[];
  readonly pending: readonly string[];
  readonly identified: Identified | null;
  readonly findings: readonly Finding[];
}

const severities: Readonly<Partial<Record<FindingCode, Severity>>> = {
  'history/duplicate-change': 'warning',
  'history/contract-waiting': 'information',
  'history/irreversible': 'warning',
  'lock/stale': 'warning',
  'leftover/invalid-index': 'warning',
  'leftover/temporary-table': 'warning',
  'leftover/scratch-database': 'warning',
  'drift/unproven': 'information',
  'schema/not-understood': 'information',
};

/** How grave a code is unless its finding says otherwise. */
export function severityOf(code: FindingCode): Severity {
  return severities[code] ?? 'error';
}
