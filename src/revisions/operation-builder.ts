import type { Connection } from '../dialect/connection.ts';
import type {
  CellValue,
  CheckTarget,
  ColumnChanges,
  ConstraintTarget,
  Operation,
} from '../operations/operation.ts';
import type { ColumnBuilder, DefaultInput, ReferenceOptions, t } from '../schema/column-builder.ts';
import type { DialectName, Flavor, Ref, Sequence } from '../schema/schema.ts';
import type { IndexOptions, IndexPartInput, TableExtras, UniqueOptions } from '../schema/table-builder.ts';

/** A table or another object: `'user'`, `'namespace.user'`, or a Ref where the name holds a dot. */
export type Name = string | Ref;
export type Columns = Readonly<Record<string, ColumnBuilder>>;
type Rows = readonly Readonly<Record<string, CellValue>>[];

/** What a data step is given. The connection is the runner's own: it stands in the step's transaction. */
export interface RunContext {
  readonly connection: Pick<Connection, 'query' | 'native'>;
  readonly dialect: DialectName;
  readonly flavor: Flavor;
  /** A Kysely instance on the connection. Refused with a hint where `kysely` is not installed. */
  kysely<Tables = unknown>(): Promise<import('kysely').Kysely<Tables>>;
}
export type RunFunction = (context: RunContext) => Promise<void> | void;

export interface RunOptions {
  readonly description?: string;
  /** True: running it twice does no harm. */
  readonly repeatable?: boolean;
  /** The step that undoes it; `'nothing'`: there is nothing to undo. Without it the revision cannot say `'auto'`. */
  readonly inverse?: RunFunction | 'nothing';
}

/** What a backfill writes: an expression in the server's SQL for each column. */
export interface BackfillChange {
  readonly set: Readonly<Record<string, string>>;
  /** Which rows; without it, all. */
  readonly where?: string;
}

export interface BackfillOptions extends BackfillChange {
  readonly table: Name;
  /** Rows in a transaction, at most: 1000. */
  readonly batch?: number;
  /** Milliseconds between two transactions: 10. */
  readonly pause?: number;
  /** At most so many rows in a second. */
  readonly rowsPerSecond?: number;
  /** It waits while a replica is further behind than so many milliseconds: 10000; `null`: it never does. */
  readonly maxLag?: number | null;
  /** What undoes it; `'nothing'`: there is nothing to undo. Without it the revision cannot say `'auto'`. */
  readonly inverse?: BackfillChange | 'nothing';
}

/** Two columns that say the same in two ways, for two releases. */
export interface DualWriteOptions {
  readonly table: Name;
  /** The column of the release before. */
  readonly from: string;
  /** The column of the release to come. It has no default yet, and may be NULL. */
  readonly to: string;
  /** What `to` is, in SQL over `NEW.…`. Default: the value of `from`. */
  readonly forward?: string;
  /** What `from` is. Default: the value of `to`. */
  readonly back?: string;
  /** Of the triggers. Default: made of the table and the column. */
  readonly name?: string;
}

export interface ColumnChangesInput {
  /** The new type, as a builder: only its type counts. */
  readonly type?: ColumnBuilder;
  readonly nullable?: boolean;
  /** `null` takes the default away. */
  readonly default?: DefaultInput | null;
  readonly identity?: ColumnChanges['identity'];
  readonly generated?: ColumnChanges['generated'];
  readonly collation?: string | null;
  readonly comment?: string | null;
  readonly onUpdate?: string | null;
}

export interface ExecuteOptions {
  /** What undoes it; without it the revision cannot say `'auto'`. */
  readonly inverse?: string | readonly string[];
  /** What it does to the schema, said with the same builder; `'none'`: nothing. */
  readonly effect?: ((op: OperationBuilder) => void) | readonly Operation[] | 'none';
  /** False: it must run outside a transaction. */
  readonly transaction?: boolean;
}

/** How something is dropped. */
export interface Erasure {
  /** Nothing of it is kept, whatever the config says. */
  readonly erase?: boolean;
}

/** The methods by which a revision says what it does. */
export interface OperationBuilder {
  createTable(name: Name, columns: Columns | ((types: typeof t) => Columns), extras?: TableExtras): void;
  dropTable(name: Name, options?: Erasure): void;
  renameTable(from: Name, to: Name): void;
  setTableComment(table: Name, comment: string | null): void;
  addColumn(table: Name, column: string, type: ColumnBuilder): void;
  dropColumn(table: Name, column: string, options?: Erasure): void;
  renameColumn(table: Name, from: string, to: string): void;
  alterColumn(
    table: Name,
    column: string,
    changes: ColumnChangesInput,
    options?: { readonly using?: string },
  ): void;
  setColumnComment(table: Name, column: string, comment: string | null): void;
  createIndex(
    table: Name,
    columns: readonly IndexPartInput[],
    options?: IndexOptions & { readonly concurrently?: boolean },
  ): void;
  dropIndex(
    table: Name,
    target: string | ConstraintTarget,
    options?: { readonly concurrently?: boolean },
  ): void;
  addPrimaryKey(table: Name, columns: readonly string[], options?: { readonly name?: string }): void;
  dropPrimaryKey(table: Name): void;
  addUnique(table: Name, columns: readonly string[], options?: UniqueOptions): void;
  dropUnique(table: Name, target: string | ConstraintTarget): void;
  addForeignKey(
    table: Name,
    columns: readonly string[],
    references: { readonly table: Name; readonly columns: readonly string[] } & ReferenceOptions & {
        readonly valid?: boolean;
      },
  ): void;
  dropForeignKey(table: Name, target: string | ConstraintTarget): void;
  addCheck(table: Name, sql: string, options?: { readonly name?: string; readonly valid?: boolean }): void;
  dropCheck(table: Name, target: string | CheckTarget): void;
  /** Checks present rows against a foreign key or check that was added with `valid: false`. */
  validateConstraint(table: Name, target: string | ConstraintTarget | CheckTarget): void;
  createEnum(name: Name, values: readonly string[]): void;
  dropEnum(name: Name): void;
  addEnumValue(
    name: Name,
    value: string,
    place?: { readonly before?: string; readonly after?: string },
  ): void;
  createNamespace(name: string): void;
  dropNamespace(name: string): void;
  createView(name: Name, select: string, options?: { readonly materialized?: boolean }): void;
  dropView(name: Name): void;
  /** `sql`: the whole CREATE TRIGGER statement. */
  createTrigger(table: Name, name: string, sql: string): void;
  dropTrigger(table: Name, name: string): void;
  /** `sql`: the whole CREATE FUNCTION statement; `signature`: its argument types, where overloads exist. */
  createFunction(name: Name, sql: string, options?: { readonly signature?: string }): void;
  dropFunction(name: Name, options?: { readonly signature?: string }): void;
  createProcedure(name: Name, sql: string, options?: { readonly signature?: string }): void;
  dropProcedure(name: Name, options?: { readonly signature?: string }): void;
  createSequence(name: Name, options?: Partial<Omit<Sequence, keyof Ref>>): void;
  dropSequence(name: Name): void;
  /** One SQL statement. */
  execute(sql: string, options?: ExecuteOptions): void;
  /** A data step in TypeScript. */
  run(step: RunFunction, options?: RunOptions): void;
  insertRows(table: Name, rows: Rows, options?: { readonly key?: readonly string[] }): void;
  deleteRows(table: Name, rows: Rows, options?: { readonly key?: readonly string[] }): void;
  /** Fills a column batch by batch, each in a short transaction of its own. */
  backfill(options: BackfillOptions): void;
  /** BEFORE triggers that write the one column where the other is written. */
  dualWrite(options: DualWriteOptions): void;
  /** Takes these triggers away: say it with the same options. */
  dropDualWrite(options: DualWriteOptions): void;
  /** A precondition, checked before the first statement of the plan: the query's first value must be true (not 0, not null). */
  assert(sql: string, message: string): void;
  /** An operation as data. */
  add(operation: Operation): void;
}
