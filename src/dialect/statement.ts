import type { Alteration } from './alteration.ts';
import type { SqlValue } from './connection.ts';
import type { Walk } from './walk.ts';

/** What a statement risks, named in plan and lint. Part of the vocabulary: kebab-case, what goes wrong. */
export interface Hazard {
  readonly code:
    | 'data-loss'
    | 'blocks-writes'
    | 'blocks-reads'
    | 'table-rewrite'
    | 'not-transactional'
    | 'fails-on-rows'
    | 'unverified';
  /** In plain words, what happens. */
  readonly message: string;
}

/** What is sent before a statement and after it, whether it succeeds or not, with nothing written down in between. */
export interface Around {
  /** Each must give a true first value, or nothing is sent. */
  readonly guards: readonly string[];
  readonly before: readonly string[];
  /** Each must give a true first value, or the statement is not sent. */
  readonly checks: readonly string[];
  readonly after: readonly string[];
}

/**
 * Text for a server, with its origin and its hazards. `operation` is the position in the operations handed to
 * `compile` of the (last) operation that it carries out.
 */
export interface Statement {
  readonly sql: string;
  readonly parameters: readonly SqlValue[];
  readonly operation: number;
  /** `code`: a `run` of the revision; `sql` then describes it and is never sent. `assert`: must give no row or a true first value. */
  readonly kind: 'ddl' | 'data' | 'code' | 'assert';
  readonly hazards: readonly Hazard[];
  /**
   * It works for long before it needs a lock again to end: so many milliseconds it may wait for that one. Absent: as long
   * as any other.
   */
  readonly endWaitMs?: number;
  /** It alters a table in use, and asks how that is done. */
  readonly alteration?: Alteration;
  /** What is sent around it while its table is held, where DDL takes part in no transaction. */
  readonly around?: Around;
  /** It is carried out batch by batch; its text says what all of them do together. */
  readonly walk?: Walk;
}

/**
 * Statements that stand or fall together.
 * `transaction`: between BEGIN and COMMIT, with their journal entries.
 * `autocommit`: each alone, journalled before and after.
 * `batches`: one statement, whose rows are changed in transactions of their own, one batch after the other.
 * `rebuild`: as `transaction`, with the connection's foreign keys switched off around it and checked before COMMIT (SQLite).
 */
export interface Segment {
  readonly mode: 'transaction' | 'autocommit' | 'batches' | 'rebuild';
  readonly statements: readonly Statement[];
}
