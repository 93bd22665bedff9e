// What a rule of lint is, and what it is shown.
// In: nothing. Out: Rule, LintSubject. Must not know where revisions come from, nor any particular rule.

import type { Segment, Statement } from '../dialect/statement.ts';
import type { Traits } from '../dialect/traits.ts';
import type { SqlSyntax } from '../kernel/sql-text.ts';
import type { Operation, OperationKind, OperationOf } from '../operations/operation.ts';
import type { SchemaDraft } from '../schema/draft.ts';
import type { Flavor, TableRef } from '../schema/schema.ts';

/** How much a finding weighs: an `error` makes the exit code 1. */
export type Severity = 'error' | 'warning' | 'info';

/** What a statement does to a table for as long as it takes: decides how much its size matters. */
export type Cost = 'scan' | 'index-build' | 'rewrite';

/** One operation of one revision, in its place. What raw SQL did to the schema comes as operations, too. */
export interface LintSubject<O extends Operation = Operation> {
  readonly revision: string;
  /** Completed: both sides are filled as far as history knows them. */
  readonly operation: O;
  /** The operations of the revision, in order; raw SQL stands before what it did. */
  readonly siblings: readonly Operation[];
  /** The place of `operation` in `siblings`. */
  readonly index: number;
  /** The raw statement that did it; `null`: the author wrote an operation. */
  readonly sql: string | null;
  /** The schema before the operation, as history describes it. Not to be changed. */
  readonly before: SchemaDraft;
  /** The statements that carry it out; none where another operation's statement does. */
  readonly statements: readonly Statement[];
  /** How they are committed; `null`: there are none. */
  readonly mode: Segment['mode'] | null;
  readonly traits: Traits;
  /** How raw SQL is cut into tokens. */
  readonly syntax: SqlSyntax;
  /** True: the same plan has created the table before, so that nobody uses it yet. */
  isNew(table: TableRef): boolean;
  /** True: the same plan has added the column before. */
  isNewColumn(table: TableRef, column: string): boolean;
}

/** What a rule has to say of a subject. */
export interface Remark {
  /** The consequence, in one sentence. */
  readonly message: string;
  /** The cure, step by step. */
  readonly help: readonly string[];
  /** The table whose size decides how bad it is. */
  readonly table?: TableRef;
  readonly cost?: Cost;
  /** A name that code may still use: the sources are searched for it. */
  readonly codeName?: string;
}

/** One thing that may go wrong. */
export interface Rule {
  /** Stable, in kebab case; its page is `docs/rules/<id>.md`. */
  readonly id: string;
  readonly severity: Severity;
  readonly flavors: readonly Flavor[] | 'all';
  /** What it finds, in one line. */
  readonly summary: string;
  /** True: off unless the config turns it on. */
  readonly isOptIn?: boolean;
  check(subject: LintSubject): Remark | null;
  /** Operations that do the same without the hazard, instead of the subject's; `null`: there is no safe form. */
  fix?(subject: LintSubject): readonly Operation[] | null;
}

/** The subject, if its operation is of one of these kinds. */
export function ofKind<K extends OperationKind>(
  subject: LintSubject,
  ...kinds: readonly K[]
): LintSubject<OperationOf<K>> | null {
  return (kinds as readonly OperationKind[]).includes(subject.operation.kind)
    ? (subject as LintSubject<OperationOf<K>>)
    : null;
}
