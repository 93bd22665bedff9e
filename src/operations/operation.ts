// The union of operations: dialect-neutral changes to a schema, as data.
// In: the schema model. Out: Operation. Must not know a dialect, a revision or a database.

import type {
  Check,
  Column,
  Enum,
  ForeignKey,
  Index,
  PrimaryKey,
  Ref,
  Routine,
  Sequence,
  Table,
  TableRef,
  Trigger,
  Unique,
  View,
} from '../schema/schema.ts';

/**
 * What an alteration changes of a column; what is absent stays as it is. The name changes by `renameColumn` only,
 * the comment by `setColumnComment` too.
 */
export type ColumnChanges = Partial<Omit<Column, 'name'>>;

/** A value that can be written into a row by `insertRows`. Dates are ISO text, bytes are `{ hex }`. */
export type CellValue =
  | string
  | number
  | boolean
  | null
  | { readonly hex: string }
  | { readonly json: JsonValue };
export type JsonValue =
  | string
  | number
  | boolean
  | null
  | readonly JsonValue[]
  | { readonly [key: string]: JsonValue };

/** What goes when a column goes: the parts of its table that mention it. */
export type ColumnDependants = Pick<Table, 'uniques' | 'foreignKeys' | 'checks' | 'indexes'> & {
  /** The primary key, if the column is part of it; absent: it is not. */
  readonly primaryKey?: PrimaryKey;
  /** Columns of that key that may be null all the same, as of `dropPrimaryKey`; absent: none. */
  readonly nullable?: readonly string[];
};

/** A data step in TypeScript: its function stays in the revision's file, here only its place is kept. */
export interface RunReference {
  /** The revision's function whose list of steps holds it. */
  readonly list: 'upgrade' | 'downgrade';
  /** Position in that list, from 0. */
  readonly index: number;
  readonly description: string;
  /** True: running it twice does no harm, so that it may touch tables without transactions. */
  readonly repeatable: boolean;
  /** Position in the same list of the step that undoes it; `nothing`: there is nothing to undo; `null`: it cannot be undone. */
  readonly inverse: number | 'nothing' | null;
}

/** What rows become: an expression of the server for each column, and which rows are meant; `null`: all. */
export interface RowChange {
  readonly set: readonly { readonly column: string; readonly sql: string }[];
  readonly where: string | null;
}

/** How fast rows are gone through. */
export interface WalkPace {
  /** Rows in a transaction, at most. */
  readonly batch: number;
  /** Milliseconds between two of them. */
  readonly pauseMs: number;
  /** At most so many rows in a second; `null`: as many as will. */
  readonly rowsPerSecond: number | null;
  /** It waits while a replica is further behind than so many milliseconds; `null`: it never does. */
  readonly maxLagMs: number | null;
}

/**
 * One change, carrying both sides. A side that its author did not write (`dropColumn('user', 'phone')`) is `null` until
 * `complete(operation, schema)` takes it from the schema before; it stays `null` only where nobody knows it.
 */
export type Operation =
  | { readonly kind: 'createTable'; readonly table: Table }
  | {
      readonly kind: 'dropTable';
      readonly table: TableRef;
      readonly was: Table | null;
      /** Triggers that go with it. */
      readonly triggers: readonly Trigger[];
      /** True: nothing of it is kept, whatever the config says. */
      readonly erase?: boolean;
    }
  | { readonly kind: 'renameTable'; readonly from: TableRef; readonly to: TableRef }
  | {
      readonly kind: 'setTableComment';
      readonly table: TableRef;
      readonly from: string | null;
      readonly to: string | null;
    }
  | { readonly kind: 'addColumn'; readonly table: TableRef; readonly column: Column }
  | {
      readonly kind: 'dropColumn';
      readonly table: TableRef;
      readonly column: string;
      readonly was: Column | null;
      /** Indexes and constraints that go with it. */
      readonly lost: ColumnDependants;
      /** True: nothing of it is kept, whatever the config says. */
      readonly erase?: boolean;
    }
  | { readonly kind: 'renameColumn'; readonly table: TableRef; readonly from: string; readonly to: string }
  | {
      readonly kind: 'alterColumn';
      readonly table: TableRef;
      readonly column: string;
      readonly changes: ColumnChanges;
      /** The members of `changes` as they were before; `null` until completed. */
      readonly was: ColumnChanges | null;
      /** PostgreSQL's USING, for a conversion that the server does not know. */
      readonly using: string | null;
    }
  | {
      readonly kind: 'setColumnComment';
      readonly table: TableRef;
      readonly column: string;
      readonly from: string | null;
      readonly to: string | null;
    }
  | {
      readonly kind: 'createIndex';
      readonly table: TableRef;
      readonly index: Index;
      readonly concurrently: boolean;
    }
  | {
      readonly kind: 'dropIndex';
      readonly table: TableRef;
      readonly target: ConstraintTarget;
      readonly was: Index | null;
      readonly concurrently: boolean;
    }
  | {
      readonly kind: 'addPrimaryKey';
      readonly table: TableRef;
      readonly primaryKey: PrimaryKey;
      /** Those of its columns that were nullable before. */
      readonly nullable: readonly string[];
    }
  | {
      readonly kind: 'dropPrimaryKey';
      readonly table: TableRef;
      readonly was: PrimaryKey | null;
      /** Those of its columns that may be null all the same, where a server lets them (SQLite); absent: none. */
      readonly nullable?: readonly string[];
    }
  | { readonly kind: 'addUnique'; readonly table: TableRef; readonly unique: Unique }
  | {
      readonly kind: 'dropUnique';
      readonly table: TableRef;
      readonly target: ConstraintTarget;
      readonly was: Unique | null;
    }
  | { readonly kind: 'addForeignKey'; readonly table: TableRef; readonly foreignKey: ForeignKey }
  | {
      readonly kind: 'dropForeignKey';
      readonly table: TableRef;
      readonly target: ConstraintTarget;
      readonly was: ForeignKey | null;
    }
  | { readonly kind: 'addCheck'; readonly table: TableRef; readonly check: Check }
  | {
      readonly kind: 'dropCheck';
      readonly table: TableRef;
      readonly target: CheckTarget;
      readonly was: Check | null;
    }
  | {
      readonly kind: 'validateConstraint';
      readonly table: TableRef;
      readonly target: ConstraintTarget | CheckTarget;
      /** The foreign key or check as it was before. */
      readonly was: ForeignKey | Check | null;
    }
  | { readonly kind: 'createEnum'; readonly enum: Enum }
  | { readonly kind: 'dropEnum'; readonly enum: Ref; readonly was: Enum | null }
  | {
      readonly kind: 'addEnumValue';
      readonly enum: Ref;
      readonly value: string;
      /** The neighbour; both `null` appends. */
      readonly before: string | null;
      readonly after: string | null;
    }
  | { readonly kind: 'createNamespace'; readonly namespace: string }
  | { readonly kind: 'dropNamespace'; readonly namespace: string }
  | { readonly kind: 'createView'; readonly view: View }
  | { readonly kind: 'dropView'; readonly view: Ref; readonly was: View | null }
  | { readonly kind: 'createTrigger'; readonly trigger: Trigger }
  | {
      readonly kind: 'dropTrigger';
      readonly table: TableRef;
      readonly trigger: string;
      readonly was: Trigger | null;
    }
  | { readonly kind: 'createRoutine'; readonly routine: Routine }
  | {
      readonly kind: 'dropRoutine';
      readonly routine: Ref & { readonly kind: Routine['kind']; readonly signature: string };
      readonly was: Routine | null;
    }
  | { readonly kind: 'createSequence'; readonly sequence: Sequence }
  | { readonly kind: 'dropSequence'; readonly sequence: Ref; readonly was: Sequence | null }
  | {
      readonly kind: 'execute';
      /** One SQL statement. */
      readonly sql: string;
      /** The statements that undo it, in order; `null`: nothing does. */
      readonly inverse: readonly string[] | null;
      /** What it does to the schema; `[]`: nothing (data only); `null`: not declared. */
      readonly effect: readonly Operation[] | null;
      /** False: it must run outside a transaction. */
      readonly transaction: boolean;
    }
  | { readonly kind: 'run'; readonly run: RunReference; readonly effect: readonly Operation[] }
  | {
      readonly kind: 'insertRows';
      readonly table: TableRef;
      readonly rows: readonly Readonly<Record<string, CellValue>>[];
      /** Columns by which the inverse finds the rows; `null`: the primary key. */
      readonly key: readonly string[] | null;
    }
  | {
      readonly kind: 'deleteRows';
      readonly table: TableRef;
      readonly rows: readonly Readonly<Record<string, CellValue>>[];
      readonly key: readonly string[] | null;
    }
  | {
      readonly kind: 'backfill';
      readonly table: TableRef;
      readonly change: RowChange;
      readonly pace: WalkPace;
      /** What undoes it; `nothing`: there is nothing to undo; `null`: it cannot be undone. */
      readonly inverse: RowChange | 'nothing' | null;
    }
  | { readonly kind: 'assert'; readonly sql: string; readonly message: string };

export type OperationKind = Operation['kind'];
export type OperationOf<K extends OperationKind> = Extract<Operation, { readonly kind: K }>;

/** A constraint or index by name, or by the columns that it covers. */
export type ConstraintTarget = { readonly name: string } | { readonly columns: readonly string[] };
/** A check by name, or by its expression. */
export type CheckTarget = { readonly name: string } | { readonly sql: string };

/** A function for each kind. Leave one out and the compiler names it. */
export type OperationHandlers<Context, Result> = {
  readonly [K in OperationKind]: (operation: OperationOf<K>, context: Context) => Result;
};

/** Calls the handler of the operation's kind. */
export function dispatch<Context, Result>(
  handlers: OperationHandlers<Context, Result>,
  operation: Operation,
  context: Context,
): Result {
  const handler = handlers[operation.kind] as (operation: Operation, context: Context) => Result;
  return handler(operation, context);
}
