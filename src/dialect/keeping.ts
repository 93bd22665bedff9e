import type { Column, Table } from '../schema/schema.ts';

/** Begins the names of the tables that keep values, and of the table that knows of them. No introspection shows them. */
export const keptPrefix = 'surefoot_kept';

/** A table of the user's and the one beside it that keeps its values, both quoted. */
export interface KeptPair {
  readonly table: string;
  readonly side: string;
  /** Only values that are NULL are replaced: the column was in use meanwhile. */
  readonly onlyEmpty?: boolean;
}

/** How values are put aside before a step destroys them, and back afterwards. */
export interface Keeping {
  /** Keeps others from writing to a table until the transaction ends. */
  readonly lock: (table: string) => readonly string[];
  /** Where DDL takes part in no transaction: keeps others from writing to tables until they are freed. `null`: it does. */
  readonly hold: { readonly lock: (tables: readonly string[]) => string; readonly free: string } | null;
  /** The column as the side table has it, so that it needs nothing but the server. */
  readonly store: (column: Column) => string;
  /** The value of the side table as the column takes it. */
  readonly recall: (column: Column, value: string) => string;
  /** Puts the values of a column back, by key. */
  readonly update: (pair: KeptPair, column: Column, key: readonly string[]) => string;
  /** Puts rows back that are not there; `key` empty: all of them. */
  readonly insert: (pair: KeptPair, columns: readonly Column[], key: readonly string[]) => string;
  /** What counts goes on behind the rows that came back. */
  readonly resume: (table: Table, quoted: string) => readonly string[];
}
