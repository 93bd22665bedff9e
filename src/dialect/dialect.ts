// The contract of a database family, and the facts about a server. Interfaces only.
// In: the model ring. Out: Dialect, Traits. Must not know any implementation, revision or plan.

import type { SqlSyntax } from '../kernel/sql-text.ts';
import type { Operation } from '../operations/operation.ts';
import type { SchemaDraft } from '../schema/draft.ts';
import type { Naming } from '../schema/naming.ts';
import type { Column, DialectName, Schema, Table, TableRef } from '../schema/schema.ts';
import type { Altering } from './alteration.ts';
import type { Bookkeeping } from './bookkeeping.ts';
import type { Connection, Row } from './connection.ts';
import type { Coordination } from './coordination.ts';
import type { MakeDualWrite } from './dual-write.ts';
import type { Keeping } from './keeping.ts';
import type { NativeBackup } from './native-backup.ts';
import type { Retyping } from './retyping.ts';
import type { ScratchSupport } from './scratch.ts';
import type { Segment } from './statement.ts';
import type { Traits } from './traits.ts';
import type { Waiting } from './waiting.ts';
import type { Walking } from './walk.ts';

/** What to read of a server. */
export interface Scope {
  /** Names of Surefoot's own tables, hidden from the result. */
  readonly hidden: readonly string[];
  /** Where they are; `null`, or nothing: in the default namespace. */
  readonly hiddenIn?: string | null;
  /** Further namespaces to read besides the default one; `null`: all that are not the system's. */
  readonly namespaces: readonly string[] | null;
}

/**
 * A question about present rows which an operation would break. It is worded for the moment right before its operation:
 * tables and columns are called what the earlier operations of the same input leave them called. The plan asks it before
 * the first statement only where nothing before it touches the table; otherwise it waits until then.
 */
export interface RowQuestion {
  readonly operation: number;
  /** What it is about: "duplicate values of (email) in user". */
  readonly subject: string;
  /** Gives up to 6 offending rows, one column each: a text that names the row by its key, never by other values. */
  readonly sql: string;
}

/**
 * A count of values that an operation would destroy, worded like a row question. The plan asks before the first statement,
 * about each operation as if it were the first, under the names that its table and column have then.
 */
export interface LossQuestion {
  readonly operation: number;
  readonly subject: string;
  /** Gives one row with one column: the number of non-null values (or rows) lost. */
  readonly sql: string;
}

export type { Naming, NamingKind } from '../schema/naming.ts';
export type { Bookkeeping, BookkeepingNames } from './bookkeeping.ts';
export type { ServerFacts, Traits } from './traits.ts';

/** A schema for compile to read: what is there before the operations, and after each. */
export interface CompileInput {
  /** Completed operations, those to be run. */
  readonly operations: readonly Operation[];
  /** The live schema, normalised, with the operations before these applied. */
  readonly before: Schema;
  readonly naming: Naming;
}

/** How large a table is, as the server estimates it. */
export interface TableSize extends TableRef {
  readonly rows: number;
  /** With its indexes; `null`: not known. */
  readonly bytes: number | null;
}

/** Everything one database family knows that the rest of Surefoot must not. */
export interface Dialect {
  readonly name: DialectName;
  readonly traits: Traits;
  /** How the family's SQL is cut into tokens. */
  readonly syntax: SqlSyntax;

  // Text: pure, without a connection.
  quote(identifier: string): string;
  /** A string literal of the server. */
  literal(value: string): string;
  /** True: the server adds no column with this default to a table, since every row would get another value. */
  addsWithoutDefault(column: Column): boolean;
  /** The n-th placeholder, from 1. */
  placeholder(position: number): string;
  compile(input: CompileInput): readonly Segment[];
  /** The schema as SQL that creates it in an empty database, in order, one statement each. */
  dump(schema: Schema, naming: Naming): readonly string[];

  // Meaning: two spellings of one schema become equal.
  /**
   * A schema as this server would give it back, as far as text alone can tell: types folded, literal defaults parsed,
   * unique constraints that are indexes turned into such, what the family does not have taken away.
   * Idempotent. Expressions are folded conservatively: equal only if surely equal.
   */
  normalize(schema: Schema): Schema;
  normalizeTable(table: Table, schema: Schema): Table;
  /**
   * The table with the names that `compile` gives to what its author left unnamed. What is unnamed in `before`, the table
   * as it was, stays so: it lives without a name.
   */
  nameParts(table: Table, before: Table | null, naming: Naming): Table;

  /**
   * Takes off, before an operation is applied to a living schema, what goes along with it here and stands on its own in the
   * model: a check that keeps an enum's values. Absent: nothing does.
   */
  goAlong?(draft: SchemaDraft, operation: Operation): void;

  // Questions: these read and change nothing.
  introspect(connection: Connection, scope: Scope): Promise<Schema>;
  /** The sizes of the tables of all namespaces that are not the system's, Surefoot's own included. */
  tableSizes(connection: Connection): Promise<readonly TableSize[]>;
  /**
   * The given tables and views as this server spells them, by creating them where nobody sees it (temporary objects,
   * rolled back or dropped) and reading them back. Settles expressions which text cannot. `null`: not allowed here.
   */
  spell(connection: Connection, schema: Schema): Promise<Schema | null>;
  /**
   * True if two texts of a view or trigger say the same, for a server that keeps texts as they were written and changes
   * the names in them in its own way. Absent: `spell` tells.
   */
  sameProgram?(a: string, b: string): boolean;
  /** True where the server shows this account no triggers, be there some or not. Absent: it shows all. */
  hidesTriggers?(connection: Connection): Promise<boolean>;
  /** Row questions for operations against a schema (both as for `compile`). Pure: only the text of the questions. */
  rowQuestions(input: CompileInput): readonly RowQuestion[];
  lossQuestions(input: CompileInput): readonly LossQuestion[];
  /** How what would be lost is put aside, and back. */
  readonly keeping: Keeping;

  // Session.
  /** The statements that pin a session: strict mode, utf8mb4, UTC, search path, foreign keys, time-outs. */
  readonly sessionSetup: readonly string[];
  /** Lines that make the family's own client stop at the first error, for scripts. */
  readonly clientSetup: readonly string[];
  /** BEGIN for a step: SQLite takes the write lock at once. */
  readonly begin: string;
  /**
   * Inside a transaction: its COMMIT need not wait for the disk. A server that dies may then take it back, together with all
   * that came after it, never alone; the next COMMIT that waits has waited for both.
   */
  readonly flushLater: readonly string[];
  readonly bookkeeping: Bookkeeping;
  /** How runners of one database keep out of each other's way. */
  readonly coordination: Coordination;
  /** How its statements wait for others, and how they are watched and stopped. */
  readonly waiting: Waiting;
  /** How the rows of a table are changed batch by batch. */
  readonly walking: Walking;
  /** How tables in use are altered; `null`: there is one way only. */
  readonly altering: Altering | null;
  /** Two columns kept alike by triggers. */
  readonly dualWrite: MakeDualWrite;
  /** Another column in the place of one; `null`: it cannot be done while the table is used. */
  readonly retyping: Retyping | null;
  /** How its databases are saved and brought back. */
  readonly backup: NativeBackup;
  /** What surrounds a `rebuild` segment; `null` where tables are never rebuilt. */
  readonly rebuild: RebuildGuard | null;
  /**
   * Why a statement may not stand in a data step: it would commit the step's transaction, or could not be undone with it.
   * `null`: it may. `schema` is the live schema.
   */
  refuseInData(sql: string, schema: Schema): string | null;
  /** What a throw-away database of the family needs. */
  readonly scratch: ScratchSupport;
}

/** How a session is made ready for a rebuild, and how it is proven that references still hold. */
export interface RebuildGuard {
  /** One row: the settings as they are, for `leave`. */
  readonly state: string;
  /** Outside a transaction, before BEGIN. */
  readonly enter: readonly string[];
  /** Gives no row if `enter` took effect. */
  readonly refusal: string;
  /** Gives a row (column `name`) for each table with references. */
  readonly referrers: string;
  /** Gives a row (column `violation`, a text) for each row of the table that refers to nothing. */
  violations(table: string): string;
  /** True for what the server answers instead where the key that a table refers to is gone. */
  isKeyless(message: string): boolean;
  /** After COMMIT or ROLLBACK: what puts the settings back. */
  leave(state: Row | undefined): readonly string[];
}
