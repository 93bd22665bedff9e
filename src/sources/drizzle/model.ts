// The parts of Drizzle's tables as all three cores have them, and what a core adds.
// In: nothing. Out: types. Must not know a database.

import type { AnyColumn, SQL } from 'drizzle-orm';
import type {
  Column,
  ColumnType,
  Enum,
  Index,
  PrimaryKey,
  Sequence,
  Table,
  TableOptions,
  Unique,
  UnsupportedObject,
} from '../../schema/schema.ts';
import type { Entity } from './entities.ts';
import type { Pen } from './pen.ts';

/** A column of a table. */
export interface ModelColumn extends AnyColumn {
  readonly autoIncrement?: boolean;
  readonly hasOnUpdateNow?: boolean;
}

export interface ModelForeignKey {
  readonly reference: () => {
    readonly name?: string | undefined;
    readonly columns: readonly AnyColumn[];
    readonly foreignColumns: readonly AnyColumn[];
    readonly foreignTable: object;
  };
  readonly onDelete: string | undefined;
  readonly onUpdate: string | undefined;
  getName(): string;
}

export interface ModelPrimaryKey {
  readonly columns: readonly AnyColumn[];
  getName(): string;
}

export interface ModelUnique {
  readonly columns: readonly AnyColumn[];
  readonly name?: string | undefined;
  readonly nullsNotDistinct?: boolean;
}

/** What `getTableConfig` of each core gives. */
export interface ModelTable<ModelIndex = unknown> {
  readonly name: string;
  readonly schema?: string | undefined;
  readonly columns: readonly ModelColumn[];
  readonly primaryKeys: readonly ModelPrimaryKey[];
  readonly uniqueConstraints: readonly ModelUnique[];
  readonly foreignKeys: readonly ModelForeignKey[];
  readonly checks: readonly { readonly name: string; readonly value: SQL }[];
  readonly indexes: readonly ModelIndex[];
}

/** An index of MySQL's and SQLite's cores. */
export interface ModelIndexConfig {
  readonly config: {
    readonly name: string;
    readonly columns: readonly (ModelColumn | SQL)[];
    readonly unique?: boolean;
    readonly where?: SQL | undefined;
  };
}

/** What `getViewConfig` gives; what a core has besides is an option. */
export interface ModelView {
  readonly name: string;
  readonly schema?: string | undefined;
  readonly query: SQL | undefined;
  readonly isExisting?: boolean;
}

/** What models hold besides tables and views. */
export interface Rest {
  readonly namespaces: readonly string[];
  readonly enums: readonly Enum[];
  readonly sequences: readonly Sequence[];
  readonly unsupported: readonly UnsupportedObject[];
}

/** The part of a core's exports that is asked. */
export interface Library {
  getTableConfig(table: object): ModelTable;
  getViewConfig(view: object): ModelView;
  /** PostgreSQL's core alone has it. */
  getMaterializedViewConfig?(view: object): ModelView;
}

/** A table, and what it was read from. */
export interface ReadTable {
  readonly table: Table;
  readonly model: ModelTable;
}

/** One core of the library: what it does in its own way. */
export interface Core {
  readonly name: string;
  readonly pen: Pen;
  /** False: what is said to be in a namespace is in another database. */
  readonly hasNamespaces: boolean;
  tableConfig(table: object): ModelTable;
  viewConfig(view: object, isMaterialized: boolean): ModelView;
  typeOf(column: ModelColumn): ColumnType;
  /** What a column has that only this core knows. */
  refine(column: ModelColumn, plain: Column): Column;
  /** The key's name, given the one that Drizzle makes. */
  primaryKey(columns: readonly string[], name: string | null): PrimaryKey;
  indexOf(index: unknown, table: ModelTable): Index;
  /** Where unique constraints and foreign keys are given the names that Drizzle makes. */
  readonly namesForeignKeys: boolean;
  readonly uniquesAreIndexes: boolean;
  uniquesOf(column: ModelColumn): readonly Unique[];
  optionsOf(table: ModelTable): TableOptions;
  /** The options of a view that the schema has no word for. */
  viewOptions(view: ModelView): readonly string[];
  /** Enums, sequences and what is not understood: of the exports and of tables. */
  restOf(entities: readonly Entity[], tables: readonly ReadTable[]): Rest;
}
