// The one refusal type and the table of its codes.
// In: nothing. Out: SurefootError, ErrorDetails. Must not know any database.

/** Every way Surefoot can refuse, with the facts that each refusal carries. `docs/errors/` explains each code. */
export interface ErrorDetails {
  'usage/invalid': { readonly argument?: string };
  'usage/editor-failed': { readonly editor: string; readonly exitCode: number | null };
  'file/failed': { readonly file: string; readonly code: string };
  'config/not-found': { readonly file: string };
  'config/invalid': { readonly file: string; readonly problem: string };
  'source/not-recognised': { readonly file: string };
  'source/several': { readonly sources: readonly string[] };
  'source/unreadable': { readonly source: string; readonly file: string; readonly problem: string };
  'config/no-database': Readonly<Record<string, never>>;
  'config/unknown-environment': { readonly environment: string; readonly known: readonly string[] };
  'config/exists': { readonly file: string };
  'url/invalid': { readonly url: string };
  'driver/missing': { readonly package: string };
  'database/unreachable': { readonly database: string; readonly code?: string | null };
  'database/denied': { readonly database: string; readonly code?: string | null };
  'database/lost': { readonly database: string; readonly code?: string | null };
  'database/read-only': { readonly database: string; readonly code?: string | null };
  'database/replica': { readonly database: string };
  'database/full': { readonly database: string; readonly code?: string | null };
  'database/not-a-database': { readonly database: string; readonly code?: string | null };
  'database/no-schema': { readonly database: string; readonly schema: string };
  'database/unsupported': { readonly database: string; readonly version: string };
  'database/query-failed': { readonly sql: string; readonly code: string | null };
  'identifier/invalid': { readonly identifier: string };
  'identifier/too-long': {
    readonly identifier: string;
    readonly limit: number;
    readonly unit: 'bytes' | 'characters';
  };
  'revision/not-found': { readonly identifier: string; readonly similar?: readonly string[] };
  'revision/ambiguous': { readonly identifier: string; readonly candidates: readonly string[] };
  'import/not-found': { readonly path: string };
  'import/nothing-found': { readonly path: string; readonly files: readonly string[] };
  'import/folder-exists': { readonly folder: string };
  'import/other-database': { readonly expected: string; readonly found: string };
  'import/state-exists': { readonly table: string; readonly revisions: readonly string[] };
  'import/invalid-rules': { readonly file: string; readonly problem: string };
  'revision/multiple-heads': { readonly heads: readonly string[] };
  'revision/out-of-range': { readonly identifier: string };
  'revision/not-an-ancestor': { readonly lower: string; readonly upper: string };
  'revision/missing-parent': { readonly revision: string; readonly parent: string; readonly file: string };
  'revision/duplicate-id': { readonly revision: string; readonly files: readonly string[] };
  'revision/duplicate-label': { readonly label: string; readonly revisions: readonly string[] };
  'revision/cycle': { readonly revisions: readonly string[] };
  'revision/load-failed': { readonly file: string; readonly problem: string };
  'revision/invalid': { readonly file: string; readonly line?: number; readonly problem: string };
  'revision/not-a-head': { readonly revision: string };
  'squash/too-few': { readonly revisions: readonly string[] };
  'squash/several-ends': { readonly revisions: readonly string[] };
  'squash/needed-outside': { readonly revision: string; readonly neededBy: readonly string[] };
  'squash/nested': { readonly revisions: readonly string[] };
  'squash/not-copyable': { readonly problems: readonly { revision: string; problem: string }[] };
  'squash/not-proven': { readonly differences: readonly string[] };
  'revision/nothing-to-merge': { readonly heads: readonly string[] };
  'revision/exists': { readonly file: string };
  'revision/irreversible': { readonly revision: string; readonly reason: string };
  'version/unknown-revision': { readonly revisions: readonly string[]; readonly table: string };
  'version/overlapping': { readonly revisions: readonly string[]; readonly table: string };
  'version/foreign-table': { readonly table: string; readonly columns: readonly string[] };
  'version/id-too-long': { readonly revision: string; readonly width: number };
  'schema/unsupported': { readonly object: string; readonly dialect: string };
  'schema/invalid': { readonly object: string; readonly problem: string };
  'operation/unsupported': { readonly operation: string; readonly dialect: string };
  'operation/unknown-object': { readonly operation: string; readonly object: string };
  'operation/no-key': { readonly operation: string; readonly table: string };
  'operation/not-writable': { readonly operation: string };
  'lint/unknown-rule': { readonly rule: string };
  'rehearsal/failed': {
    readonly results: readonly {
      readonly test: string;
      readonly detail: string;
      readonly facts: readonly string[];
    }[];
  };
  'plan/conflict': { readonly conflicts: readonly ConflictDetails[] };
  'plan/strict': { readonly satisfied: readonly string[] };
  'plan/drift': { readonly differences: readonly DifferenceDetails[] };
  'plan/impossible': { readonly revision: string; readonly sql: string | null; readonly message: string };
  'plan/ambiguous-object': { readonly objects: readonly string[] };
  'plan/name-taken': { readonly revision: string; readonly object: string; readonly holder: string };
  'plan/needs-direct-url': {
    readonly database: string;
    readonly statements: readonly { readonly revision: string; readonly sql: string }[];
  };
  'plan/waits-for-contract': { readonly revision: string; readonly contracts: readonly string[] };
  'plan/unclear-data': { readonly steps: readonly string[] };
  'plan/data-loss': { readonly losses: readonly string[] };
  'plan/rows': { readonly violations: readonly string[] };
  'plan/assertion': { readonly revision: string; readonly message: string };
  'plan/stale': { readonly problem: string };
  'plan/offline': { readonly revision: string; readonly operation: string };
  'plan/unresumed': {
    readonly revision: string;
    readonly statement: number;
    readonly sql: string;
    /** When it was begun: ISO, by the server's clock. */
    readonly at: string;
    /** Who began it; '' where it is not known. */
    readonly by: string;
    readonly description: string;
  };
  'scratch/unavailable': { readonly reasons: readonly string[] };
  'repair/unknown-effect': { readonly revisions: readonly string[] };
  'repair/not-identified': { readonly nearest: readonly string[]; readonly distance: number };
  'repair/several-identified': { readonly revisions: readonly string[] };
  'repair/pending': { readonly revisions: readonly string[] };
  'repair/nothing-to-write': { readonly way: string };
  'autogenerate/no-models': Readonly<Record<string, never>>;
  'autogenerate/renames-unanswered': {
    readonly candidates: readonly string[];
    readonly answers: readonly string[];
  };
  'autogenerate/unknown-rename': { readonly rename: string; readonly known: readonly string[] };
  'autogenerate/unknown-effect': { readonly revisions: readonly string[] };
  'autogenerate/not-at-heads': { readonly recorded: readonly string[]; readonly heads: readonly string[] };
  'autogenerate/other-branch': { readonly objects: readonly string[]; readonly heads: readonly string[] };
  'autogenerate/not-online': { readonly object: string; readonly reasons: readonly string[] };
  'autogenerate/hook-failed': { readonly hook: string; readonly problem: string };
  'autogenerate/has-history': { readonly table: string; readonly revisions: readonly string[] };
  'lock/held': { readonly owner: string; readonly since: string; readonly waitedMs: number };
  'lock/lost': { readonly owner: string };
  'run/statement-failed': {
    readonly revision: string;
    readonly statement: number;
    readonly sql: string;
    readonly code: string | null;
  };
  'run/table-copy': {
    readonly revision: string;
    readonly table: string;
    readonly bytes: number;
    readonly copyLimit: number;
    readonly sql: string;
  };
  'run/online-tool': {
    readonly revision: string;
    readonly tool: string;
    readonly table: string;
    /** Tables and triggers that it left half-done. */
    readonly left: readonly string[];
  };
  'run/blocked': {
    readonly revision: string;
    readonly waitedMs: number;
    readonly attempts: number;
    readonly blockers: readonly string[];
  };
  'run/replica-behind': { readonly revision: string; readonly replica: string; readonly waitedMs: number };
  'run/not-a-replica': { readonly replica: string };
  'run/code-failed': { readonly revision: string };
  'run/implicit-commit': { readonly revision: string; readonly sql: string };
  'run/not-verified': { readonly differences: readonly DifferenceDetails[] };
  'run/foreign-key-violations': { readonly violations: readonly string[] };
  'run/cancelled': { readonly revision: string | null };
  'run/confirmation-needed': { readonly verb: string; readonly losses?: readonly string[] };
  'backup/tool-missing': { readonly tools: readonly string[]; readonly folder: string | null };
  'backup/tool-version': {
    readonly tool: string;
    readonly version: string | null;
    readonly server: string;
  };
  'backup/tool-failed': {
    readonly tool: string;
    readonly exitCode: number | null;
    readonly output: string;
  };
  'backup/unsupported': { readonly database: string };
  'backup/exists': { readonly file: string };
  'backup/invalid': { readonly file: string; readonly problem: string };
  'backup/sessions-connected': { readonly database: string; readonly sessions: readonly string[] };
  'backup/writes-since': { readonly file: string; readonly reasons: readonly string[] };
  'backup/restore-failed': {
    readonly file: string;
    readonly state: 'unchanged' | 'half-done';
    readonly safetyCopy: string | null;
  };
  'backup/not-proven': {
    readonly file: string;
    readonly problems: readonly string[];
    readonly safetyCopy: string | null;
  };
  'kept/not-found': { readonly id: string; readonly known: readonly string[] };
  'kept/not-granted': { readonly user: string };
  'kept/not-restored': { readonly object: string; readonly table: string };
  'fleet/no-targets': Readonly<Record<string, never>>;
  'fleet/targets-unreadable': { readonly source: string; readonly problem: string };
  'fleet/not-a-target': { readonly source: string; readonly problem: string };
  'fleet/no-run': { readonly run: string | null; readonly known: readonly string[] };
  'fleet/other-revisions': { readonly target: string };
  'fleet/queue-unreachable': { readonly queue: string; readonly problem: string };
  'ready/not-ready': { readonly missing: readonly string[]; readonly ahead: readonly string[] };
}

/** Both sides of an object that an operation cannot act upon. */
export interface ConflictDetails {
  readonly revision: string;
  readonly operation: string;
  readonly object: string;
  readonly expected: string;
  readonly found: string;
}

/** One difference between what history describes and what the server has. */
export interface DifferenceDetails {
  /** `unproven`: two texts differ, and no server may say whether they mean the same. Information, never drift. */
  readonly kind: 'missing' | 'changed' | 'extra' | 'unproven';
  readonly object: string;
  readonly expected: string | null;
  readonly found: string | null;
  readonly revision: string | null;
}

export type ErrorCode = keyof ErrorDetails;

/** A refusal: what happened (`message`), the facts (`details`), what to do (`hint`), and the driver's error as `cause`. */
export class SurefootError<C extends ErrorCode = ErrorCode> extends Error {
  override readonly name = 'SurefootError';
  readonly code: C;
  readonly details: ErrorDetails[C];
  readonly hint: string;

  constructor(code: C, message: string, facts: { details: ErrorDetails[C]; hint: string; cause?: unknown }) {
    super(message, facts.cause === undefined ? undefined : { cause: facts.cause });
    this.code = code;
    this.details = facts.details;
    this.hint = facts.hint;
  }
}

/** The hint of a statement that failed for no reason which is known better. Whoever knows what it was for says more. */
export const usualQueryHint = 'Correct the statement, or what it needs in the database, and run it again.';

/** True for a refusal, optionally for one of a given code. */
export function isSurefootError<C extends ErrorCode>(error: unknown, code?: C): error is SurefootError<C> {
  return error instanceof SurefootError && (code === undefined || error.code === code);
}

/** The message of anything that can be thrown. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
