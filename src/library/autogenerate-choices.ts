import type { OperationInWords } from '../autogenerate/draft-revision.ts';
import type { LeftOut } from '../autogenerate/propose.ts';
import type { RenameCandidate } from '../autogenerate/renames/candidates.ts';
import type { Finding } from '../check/finding.ts';
import type { Loss } from '../plan/plan.ts';

export type { OperationInWords } from '../autogenerate/draft-revision.ts';
export type { LeftOut } from '../autogenerate/propose.ts';
export type { RenameCandidate } from '../autogenerate/renames/candidates.ts';

/** What is said about names. */
export interface NameChoices {
  /** `old_table:new_table`, `table.old:new`. */
  readonly rename?: readonly string[] | undefined;
  /** True: nothing else got another name. */
  readonly noRenames?: boolean | undefined;
  /** Asked about each table or column that may have got another name. Without it, one that nobody spoke of refuses. */
  readonly askRename?: ((candidate: RenameCandidate) => boolean | Promise<boolean>) | undefined;
}

/** Where a new revision is put, and what it is called. */
export interface PlaceChoices {
  /** Default: the only head. */
  readonly head?: readonly string[] | undefined;
  /** The chain may fork at a revision that is no head. */
  readonly splice?: boolean | undefined;
  readonly branchLabels?: readonly string[] | undefined;
  readonly dependsOn?: readonly string[] | undefined;
  readonly id?: string | undefined;
  /** One of the config's folders. */
  readonly folder?: string | undefined;
}

export interface AutogenerateChoices extends NameChoices, PlaceChoices {
  readonly message: string;
  /** What the models are compared with. Default: the schema that the revisions make. */
  readonly against?: 'history' | 'database' | undefined;
  /** True: a file of SQL for this server, instead of TypeScript. */
  readonly sql?: boolean | undefined;
  /** True: what the release before does not survive is written in two halves, one before a deployment and one after it. */
  readonly online?: boolean | undefined;
}

/** A revision that was written. */
export interface NewRevision {
  readonly id: string;
  readonly revises: readonly string[];
  readonly message: string;
  readonly createdAt: string;
  readonly branchLabels: readonly string[];
  readonly dependsOn: readonly string[];
  readonly file: string;
}

export interface AutogenerateResult {
  /** `null`: models and history agree, and no file was written. */
  readonly revision: NewRevision | null;
  readonly operations: readonly OperationInWords[];
  /** Renames among them: `column user.fullname → name`. */
  readonly renamed: readonly string[];
  /** What differs and no operation changes. */
  readonly leftOut: readonly LeftOut[];
  /** Why another server stood in for the project's own; `null`: none did. */
  readonly standIn: string | null;
}

export interface PushChoices extends NameChoices {
  /** Asked before the first statement; false stops. */
  readonly confirm?: ((push: PushPlan) => boolean | Promise<boolean>) | undefined;
}

/** What a push is about to do. */
export interface PushPlan {
  readonly operations: readonly OperationInWords[];
  /** In order. */
  readonly statements: readonly string[];
  /** `revision` is ''. */
  readonly losses: readonly Loss[];
}

export interface PushResult extends PushPlan {
  readonly renamed: readonly string[];
  readonly leftOut: readonly LeftOut[];
  readonly confirmed: boolean;
}

export interface FromDatabaseChoices {
  /** The form of the model. */
  readonly model: 'typescript' | 'sql';
  /** The file of the model: an absolute path. */
  readonly file: string;
  /** Namespaces to read besides the default one. */
  readonly namespaces?: readonly string[] | undefined;
  readonly message?: string | undefined;
}

export interface FromDatabaseResult {
  /** The first revision, stamped; `null`: the database is empty. */
  readonly revision: NewRevision | null;
  /** The file of the model. */
  readonly model: string;
  /** What is there and was not understood. */
  readonly leftOut: readonly LeftOut[];
  /** What a check finds afterwards: server, revision and model compared. */
  readonly findings: readonly Finding[];
}
