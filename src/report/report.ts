// What there is to see of a project and its database, as one value of plain data.
// In: nothing. Out: ReportData and its parts. Must not know how it is drawn, nor ask a database.

import type { Finding, Identified } from '../check/finding.ts';
import type { JournalEvent, Who } from '../journal/entry.ts';
import type { LintFinding } from '../lint/finding.ts';
import type { LockHolder } from '../lock/lock.ts';
import type { Direction } from '../plan/plan.ts';
import type { Rehearsal } from '../rehearsal/rehearsal.ts';
import type { PartKind } from '../schema/parts.ts';

/**
 * Where a revision stands. `satisfied`: recorded, and all that it does was there already. `failed`: not recorded, and the
 * last that happened to it is a failure. `missing`: recorded, and no file declares it. `unknown`: no database was asked.
 */
export type RevisionState = 'applied' | 'pending' | 'satisfied' | 'failed' | 'edited' | 'missing' | 'unknown';

/** SQL that is the same for several flavors stands there once. */
export interface FlavoredSql {
  readonly flavors: readonly string[];
  readonly statements: readonly string[];
}

/** One direction of a revision. */
export interface ReportWork {
  /** In words. */
  readonly operations: readonly string[];
  readonly sql: readonly FlavoredSql[];
  /** Why there is no SQL, or no way back; `null`: there is nothing to say. */
  readonly reason: string | null;
}

/** Who wrote a file, and where it came from. */
export interface Origin {
  readonly author: string | null;
  readonly commit: string | null;
  /** ISO 8601. */
  readonly at: string | null;
}

export interface ReportRevision {
  readonly id: string;
  readonly message: string;
  readonly createdAt: string | null;
  /** Ids. */
  readonly revises: readonly string[];
  /** Ids; labels are replaced by the revisions that declare them. */
  readonly dependsOn: readonly string[];
  readonly branchLabels: readonly string[];
  readonly safety: boolean;
  readonly replaces: readonly string[];
  readonly importedAs: string | null;
  /** Relative to the project's folder; `null`: there is none any more. */
  readonly file: string | null;
  readonly state: RevisionState;
  readonly origin: Origin | null;
  readonly upgrade: ReportWork;
  readonly downgrade: ReportWork;
}

/** A part of the schema, in words. */
export interface ReportPart {
  /** The table that it belongs to, or the object itself. */
  readonly owner: string;
  readonly kind: PartKind;
  readonly name: string;
  /** Of a foreign key: the table that it leads to. */
  readonly references?: string;
}

/** A part as history has it, from one place of the chain up to another. */
export interface PartSpan extends ReportPart {
  readonly words: string;
  /** Place of the revision that made it so. */
  readonly from: number;
  /** Place of the revision that changed or dropped it; `null`: it is there at the end. */
  readonly to: number | null;
}

/** A part as the sides have it; `null`: it is not there. */
export interface SideRow extends ReportPart {
  readonly server: string | null;
  readonly history: string | null;
  readonly models: string | null;
  /** True: server and history differ in more than spelling. */
  readonly drifts: boolean;
  /** True: models and history, at its heads, differ. */
  readonly modelDiffers: boolean;
  /** The revision that made it what history says, or took it away. */
  readonly revision: string | null;
}

/** What is compared with what. */
export interface Sides {
  readonly hasServer: boolean;
  readonly hasModels: boolean;
  /** The revisions at which history is taken. */
  readonly at: readonly string[];
  readonly rows: readonly SideRow[];
}

/** A step of a run, or what else it wrote down. */
export interface RunEvent {
  /** ISO 8601, by the server's clock. */
  readonly at: string;
  readonly event: JournalEvent;
  readonly revision: string | null;
  readonly direction: Direction | null;
  readonly ms: number | null;
  /** Statements that ran, and operations that were there already. */
  readonly statements: number;
  readonly satisfied: number;
  readonly message: string;
  readonly error: { readonly code: string; readonly message: string } | null;
}

/** A run of Surefoot, as the journal has it. */
export interface ReportRun {
  readonly run: string;
  readonly at: string;
  readonly until: string;
  /** `open`: it has neither failed nor come to an end. */
  readonly outcome: 'done' | 'failed' | 'open';
  readonly who: Who | null;
  readonly tool: string | null;
  readonly events: readonly RunEvent[];
  /** Of a failed run: what became of it, in words. */
  readonly recovery: string | null;
}

export interface ReportDatabase {
  /** Without password. */
  readonly description: string;
  readonly product: string;
  readonly heads: readonly string[];
  readonly pending: readonly string[];
  readonly lock: LockHolder | null;
}

export interface ReportLint {
  /** The server that the rules were applied for. */
  readonly server: string;
  readonly findings: readonly LintFinding[];
}

export interface ReportCheck {
  readonly identified: Identified | null;
  readonly findings: readonly Finding[];
}

/** All of it. */
export interface ReportData {
  readonly format: 1;
  readonly title: string;
  /** ISO 8601. */
  readonly madeAt: string;
  readonly tool: string;
  /** `null`: no database was asked. */
  readonly database: ReportDatabase | null;
  /** Parents first. Revisions without a file stand at the end. */
  readonly chain: readonly ReportRevision[];
  /** The revisions that none revises. */
  readonly heads: readonly string[];
  /** The schema at any place of the chain. */
  readonly history: readonly PartSpan[];
  readonly sides: Sides | null;
  /** `null`: no database was asked. */
  readonly check: ReportCheck | null;
  readonly lint: ReportLint | null;
  /** Oldest first. */
  readonly journal: readonly ReportRun[];
  readonly rehearsal: Rehearsal | null;
  /** What could not be told, and why. */
  readonly notes: readonly string[];
}
