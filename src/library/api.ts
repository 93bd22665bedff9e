// The same as the command line, from code.
// In: options. Out: Surefoot. Must not know the terminal, nor read the process.

import type { CheckReport } from '../check/finding.ts';
import type { EnvironmentConfig } from '../config/define-config.ts';
import type { StoredEntry, Who } from '../journal/entry.ts';
import type { DifferenceDetails } from '../kernel/errors.ts';
import type { SizeStatistics } from '../lint/sizes.ts';
import type { LockHolder } from '../lock/lock.ts';
import type { Direction, Loss, Plan, PlanChoices } from '../plan/plan.ts';
import type { Rehearsal } from '../rehearsal/rehearsal.ts';
import type { ReportData, Sides } from '../report/report.ts';
import type { RevisionGraph } from '../revisions/graph.ts';
import type { Phase } from '../revisions/phases.ts';
import type { StatementNews } from '../runner/news.ts';
import type { FailedStep, FinishedStep, Hooks, Progress } from '../runner/outcome.ts';
import type {
  AutogenerateChoices,
  AutogenerateResult,
  FromDatabaseChoices,
  FromDatabaseResult,
  PushChoices,
  PushResult,
} from './autogenerate-choices.ts';
import type { BackupChoices, BackupResult, RestoreChoices, RestoreResult } from './backup-choices.ts';
import type { Kept, KeptChoices, KeptResult } from './kept-choices.ts';
import type { LintChoices, LintedPlan, LintReport } from './lint-choices.ts';
import type { RehearsalChoices } from './rehearsal-choices.ts';
import type { ReportChoices } from './report-choices.ts';

/** Where the database and the revisions are. One of `url` and `connection` is needed as soon as a database is. */
export interface SurefootOptions extends EnvironmentConfig {
  /** A `pg` Pool or Client, a `mysql2` connection or pool, a `DatabaseSync`, a PGlite. Never closed by Surefoot. */
  readonly connection?: unknown;
  /** Relative paths are relative to it. Default: the folder of the process. */
  readonly projectFolder?: string | undefined;
  readonly hooks?: Hooks | undefined;
  /** Who runs it, for the journal; what is left out is not known. */
  readonly who?: Partial<Who> | (() => Promise<Partial<Who>>) | undefined;
  /** The environment in which native programs are looked for (PATH): give `process.env`. Default: the usual folders. */
  readonly env?: Readonly<Record<string, string | undefined>> | undefined;
}

/** What is asked of a run. */
export interface RunChoices extends PlanChoices {
  /** How long to wait for another runner, in milliseconds. */
  readonly lockTimeoutMs?: number | undefined;
  /** How long a statement waits for the locks of others before it lets them pass, in milliseconds. */
  readonly tableLockTimeoutMs?: number | undefined;
  /** How often it is tried again. */
  readonly tableLockRetries?: number | undefined;
  /** How long a statement waits that is in nobody's way, in milliseconds. */
  readonly concurrentWaitMs?: number | undefined;
  /** An upgrade of phased revisions: only what widens the schema, or only what narrows it. Default: both. */
  readonly phase?: Phase | undefined;
  /** True: a table may be copied while writers wait, however large it is. */
  readonly allowTableCopy?: boolean | undefined;
  /** Called while a statement takes its time: who is in its way, how far it is. */
  readonly onStatement?: ((news: StatementNews) => void) | undefined;
  /** False: do not look at the schema where nothing is pending. */
  readonly verify?: boolean | undefined;
  /** A plan made before: exactly this one runs, or none. Target and choices are its own; those given besides do not count. */
  readonly fromPlan?: Plan | undefined;
  /** Asked with the plan, under the lock, before the first statement; false stops. */
  readonly confirm?: ((plan: LintedPlan) => boolean | Promise<boolean>) | undefined;
  /** True: `confirm` is told what lint finds in an upgrade. */
  readonly lint?: boolean | undefined;
  readonly onProgress?: ((progress: Progress) => void) | undefined;
  /** Called now and then while another runner holds the lock. */
  readonly onWait?: ((holder: LockHolder) => void) | undefined;
  /** Cancel the statement that a dead runner left on the server, instead of waiting for its end. */
  readonly cancelOrphan?: boolean | undefined;
  readonly signal?: AbortSignal | undefined;
  /** False: the signal stops between two statements, and not the one at hand. Default: true. */
  readonly stopsStatements?: boolean | undefined;
  /** Save the database first, if there is something to run. */
  readonly backup?: boolean | { readonly out?: string | undefined } | undefined;
  /** How far the backup has come. */
  readonly onBackup?: BackupChoices['onProgress'];
}

export interface RunResult {
  readonly finished: readonly FinishedStep[];
  readonly failed: FailedStep | null;
  readonly remaining: readonly string[];
  readonly heads: readonly string[];
  /** What the server has and history does not say, read after the last step; empty: exactly the declared schema. */
  readonly differences: readonly DifferenceDetails[];
  /** Objects that history never named. */
  readonly extras: readonly DifferenceDetails[];
  readonly losses: readonly Loss[];
  /** Revisions with raw SQL whose effect on the schema is not declared. */
  readonly unverified: readonly string[];
  /** Revisions that were taken back as the journal keeps them, since their files are gone or were edited. */
  readonly remembered?: readonly string[];
  /** What was kept when it was dropped, and is back; not there if nothing is. */
  readonly restored?: readonly Kept[];
  /** Of `phase: 'expand'`: second halves whose first half has run, and which wait; not there if none does. */
  readonly waiting?: readonly string[];
  /** False: `confirm` said no. */
  readonly confirmed: boolean;
  /** The backup that was asked for; not there if none was taken. */
  readonly backup?: BackupResult;
}

export interface Current {
  readonly heads: readonly string[];
  readonly pending: readonly string[];
}

export interface HistoryEntry {
  readonly id: string;
  readonly revises: readonly string[];
  readonly message: string;
  readonly createdAt: string | null;
  readonly branchLabels: readonly string[];
  readonly dependsOn: readonly string[];
  /** `null`: no database was asked. */
  readonly applied: boolean | null;
}

export interface Status {
  readonly heads: readonly string[];
  readonly pending: readonly string[];
  /** Those of them that are second halves whose first half has run. */
  readonly waiting: readonly string[];
  readonly lock: LockHolder | null;
  /** The newest run that moved something or failed. */
  readonly lastRun: {
    readonly run: string;
    readonly at: string;
    readonly revisions: readonly string[];
    readonly failed: boolean;
    readonly who: Who | null;
  } | null;
  readonly database: string;
  readonly product: string;
}

export interface LogOptions {
  readonly limit?: number | undefined;
  readonly revision?: string | undefined;
}

export interface StampChoices {
  /** Empty the version table first; unknown rows are then no obstacle. */
  readonly purge?: boolean | undefined;
  /** Do not compare the schema with what is stamped. */
  readonly force?: boolean | undefined;
  readonly lockTimeoutMs?: number | undefined;
  readonly onWait?: RunChoices['onWait'];
}

export interface CheckChoices {
  /** Applied revisions whose edit is right: their new checksums are journalled. */
  readonly acceptEdit?: readonly string[] | undefined;
  /** True: with server and history side by side, part by part. */
  readonly sides?: boolean | undefined;
}

/** What a check found; with `sides` where they were asked for. */
export interface CheckedSides extends CheckReport {
  readonly sides?: Sides;
}

/** How a database and its history are brought together. */
export type RepairWay = 'reconcile' | 'adopt' | 'restamp' | 'safety-revision';

export interface RepairChoices
  extends Pick<
    RunChoices,
    | 'lockTimeoutMs'
    | 'tableLockTimeoutMs'
    | 'tableLockRetries'
    | 'concurrentWaitMs'
    | 'onStatement'
    | 'confirm'
    | 'onProgress'
    | 'onWait'
    | 'cancelOrphan'
    | 'signal'
  > {
  /** Default `reconcile`: bring the server to what history says. */
  readonly way?: RepairWay | undefined;
  /** What may be destroyed: `drop-column`, `drop-table`, … */
  readonly allow?: readonly string[] | undefined;
  /** `restamp`: the revision, where several have the server's schema. */
  readonly at?: string | undefined;
  /** `reconcile`: save the database before the first statement. */
  readonly backup?: RunChoices['backup'];
  readonly onBackup?: RunChoices['onBackup'];
  /** `reconcile`: bring the backup back where the repair fails, or leaves errors. Needs `backup`. */
  readonly restoreOnFailure?: boolean | undefined;
  /** `adopt`, `safety-revision`: the message of the new revision. */
  readonly message?: string | undefined;
  /** `reconcile`: put aside what it drops. Default: as the config says. */
  readonly keep?: boolean | undefined;
}

export interface RepairResult {
  /** What was run; `null`: nothing had to be. */
  readonly plan: Plan | null;
  /** Statements that ran. */
  readonly finished: number;
  readonly failed: FailedStep | null;
  /** What was not done, since it would destroy data. */
  readonly withheld: readonly { readonly operation: string; readonly allowance: string }[];
  readonly inexpressible: readonly { readonly object: string; readonly reason: string }[];
  readonly confirmed: boolean;
  /** The backup that was made before; `null`: none. */
  readonly backup: string | null;
  readonly restored: boolean;
  /** The file of the revision that was written; `null`: none. */
  readonly written: string | null;
  /** What a check finds afterwards. */
  readonly report: CheckReport;
}

export interface SquashChoices {
  /** `a:b`, both included. */
  readonly range: string;
  /** Default: "squash of a to b". */
  readonly message?: string | undefined;
  /** True: an SQL file for this server, instead of TypeScript. */
  readonly sql?: boolean | undefined;
  /** True: proved, shown, and not written. */
  readonly dryRun?: boolean | undefined;
}

export interface SquashResult {
  readonly id: string;
  readonly revises: readonly string[];
  readonly replaces: readonly string[];
  readonly message: string;
  /** Where the revision was written, or would be. */
  readonly file: string;
  readonly text: string;
  /** `combined`: what the range comes to; `in-order`: its operations one after the other. */
  readonly way: 'combined' | 'in-order';
  readonly operations: { readonly before: number; readonly after: number };
  /** The files of the originals, and where they went, or would go. */
  readonly moved: readonly { readonly from: string; readonly to: string }[];
  readonly proof: {
    readonly server: string;
    /** Tables compared, and rows in them. */
    readonly tables: number;
    readonly rows: number;
    /** `same`: both ways back end alike, too; `irreversible`: there is none; `unproven`: that of the originals stops. */
    readonly downgrade: 'same' | 'irreversible' | 'unproven';
    /** Columns whose values the server makes anew each time: not compared. */
    readonly volatile: readonly string[];
  };
  /** What the new revision does not carry over, in words. */
  readonly notes: readonly string[];
  readonly written: boolean;
}

/** A statement that an interrupted run began, and of which the catalogue cannot tell whether it was done. */
export interface Unclear {
  readonly revision: string;
  readonly direction: Direction;
  /** Position of the operation in its revision. */
  readonly statement: number;
  readonly sql: string;
  readonly description: string;
  /** When it was begun: ISO, by the server's clock. */
  readonly at: string;
  /** Who began it; '' where it is not known. */
  readonly by: string;
}

export interface ResumeChoices {
  /** `done`: the server did it. `retry`: it did not, or doing it again is right. Left out: it is only shown. */
  readonly answer?: 'done' | 'retry' | undefined;
  readonly lockTimeoutMs?: number | undefined;
  readonly onWait?: RunChoices['onWait'];
}

export interface ResumeResult {
  /** What was, or is, unclear; `null`: nothing. */
  readonly unclear: Unclear | null;
  /** The answer that was written down; `null`: none. */
  readonly answer: 'done' | 'retry' | null;
}

export interface UnlockChoices {
  /** Also the lock of a holder that lives. */
  readonly force?: boolean | undefined;
}

export interface UnlockResult {
  /** Whose lock it was; `null`: it was free. */
  readonly freed: LockHolder | null;
}

export interface ScriptRequest {
  readonly direction: Direction;
  /** `a:b`, or a target with base as its start. */
  readonly range: string;
}

export interface WaitOptions {
  /** Milliseconds until it gives up. */
  readonly timeoutMs?: number | undefined;
  readonly onRetry?: ((error: unknown, nextMs: number) => void) | undefined;
}

export interface Surefoot {
  /**
   * The graph of the revision files; needs no database. `database`: as the database has to see it, with what a squash
   * replaced where it stands in its midst.
   */
  graph(options?: { readonly database?: boolean }): Promise<RevisionGraph>;
  current(): Promise<Current>;
  /** Newest first; `database: false` asks no database. */
  history(options?: {
    readonly range?: string;
    readonly database?: boolean;
  }): Promise<readonly HistoryEntry[]>;
  status(): Promise<Status>;
  /** The journal, newest last. */
  log(options?: LogOptions): Promise<readonly StoredEntry[]>;
  /** Compares server, history and models. Changes nothing. */
  check(choices?: CheckChoices): Promise<CheckedSides>;
  /** Hazards of revisions. Changes nothing. */
  lint(choices?: LintChoices): Promise<LintReport>;
  /** Practises revisions on throw-away databases, both ways, with rows and interruptions. Touches no other database. */
  rehearse(choices?: RehearsalChoices): Promise<Rehearsal>;
  /** Everything there is to see, as plain data: chain, schemas, findings, journal. Changes nothing. */
  report(choices?: ReportChoices): Promise<ReportData>;
  /** Writes one revision in place of a range, after both were proved alike on throw-away databases. */
  squash(choices: SquashChoices): Promise<SquashResult>;
  /** The sizes of the tables, as the server estimates them. */
  stats(): Promise<SizeStatistics>;
  /** Writes the revision that brings history to the models; nothing where they agree. */
  autogenerate(choices: AutogenerateChoices): Promise<AutogenerateResult>;
  /** Brings a database without a history straight to the models. No revision is written, and none recorded. */
  push(choices?: PushChoices): Promise<PushResult>;
  /** Takes a database that has no history as the beginning of one: writes a model and the first revision, and stamps it. */
  fromDatabase(choices: FromDatabaseChoices): Promise<FromDatabaseResult>;
  /** Brings server and history together, and checks again. */
  repair(choices?: RepairChoices): Promise<RepairResult>;
  /**
   * Upgrade plan to a target (default `heads`), or a downgrade plan where the direction says so. Changes nothing. `lint`:
   * with what lint finds in an upgrade.
   */
  plan(
    target?: string,
    choices?: PlanChoices & {
      readonly direction?: Direction;
      readonly lint?: boolean;
      readonly phase?: Phase | undefined;
    },
  ): Promise<LintedPlan>;
  upgrade(target?: string, choices?: RunChoices): Promise<RunResult>;
  /** Default target `-1`. */
  downgrade(target?: string, choices?: RunChoices): Promise<RunResult>;
  stamp(targets: readonly string[], choices?: StampChoices): Promise<Current>;
  /** The statement that an interrupted run left unclear, and the user's answer to it. Runs nothing. */
  resume(choices?: ResumeChoices): Promise<ResumeResult>;
  /** Frees the lock of a holder that is gone. Rarely needed: it frees itself. */
  unlock(choices?: UnlockChoices): Promise<UnlockResult>;
  /** What was put aside before it was dropped; with `drop` some of it goes for good. */
  kept(choices?: KeptChoices): Promise<KeptResult>;
  /** An SQL script for another client, for a start that is said and not looked up. Asks no database but for its version. */
  script(request: ScriptRequest): Promise<string>;
  /** The live schema as SQL. */
  dump(): Promise<string>;
  /** Saves the database with its makers' programs, or through its library. Changes nothing in it. */
  backup(choices?: BackupChoices): Promise<BackupResult>;
  /** Brings the database back to what a backup holds, and proves it. What was written since must be allowed to be lost. */
  restore(file: string, choices?: RestoreChoices): Promise<RestoreResult>;
  /** Drops every object of the default namespace that history or the server knows, journal and all. */
  dropAll(choices?: RunChoices): Promise<void>;
  /** Waits until the server answers, with retries and growing pauses. */
  wait(options?: WaitOptions): Promise<void>;
  close(): Promise<void>;
}
