import type { Operation } from '../operations/operation.ts';
import type { Column, Table, TableRef } from '../schema/schema.ts';

/** How the values of a column become those of another, while both are written. */
export interface Conversion {
  /** The new value, from an expression for the old one: NULL where it does not fit, and never an error. */
  forward(value: string): string;
  /** The old value, from an expression for the new one: an error where it does not fit; `null`: by assignment. */
  readonly back: ((value: string) => string) | null;
  /** True: every value of the old type is one of the new. */
  readonly fitsAlways: boolean;
  /** True: different values stay different, so that a unique index refuses nobody whom the old one would not. */
  readonly staysUnique: boolean;
  /** True: what computes with the one can compute with the other (both are numbers, say). */
  readonly isAlike: boolean;
}

/** A column and the one that is to take its place and name; the table as it is with both. */
export interface Exchange {
  readonly table: Table;
  readonly twin: string;
  /** The column as it is to be. */
  readonly wanted: Column;
  /** Indexes of the column, each with that of the twin. */
  readonly indexes: readonly { readonly name: string; readonly twin: string }[];
}

/** What a family knows of putting a column into the place of another while the table is used. */
export interface Retyping {
  /** True: the server changes the type at once, without a copy, and whoever knows the old type may go on. */
  isInPlace(from: Column, to: Column): boolean;
  /** `null`: nobody knows how. */
  conversion(from: Column, to: Column): Conversion | null;
  /** What can be built beside, while the table is used. */
  readonly builds: {
    readonly foreignKeys: boolean;
    readonly checks: boolean;
    /** Indexes over expressions, and those with a condition. */
    readonly expressions: boolean;
  };
  /** True: a check can be added first and proven later, and spares a later NOT NULL the look at every row. */
  readonly proves: boolean;
  /** True: an index has to be built `concurrently`. */
  readonly concurrently: boolean;
  /** True: no index can be built over a column like that, with as many characters of it. */
  unindexable(to: Column, prefix: number | null): boolean;
  renameIndex(table: TableRef, from: string, to: string): string;
  /** A unique constraint over an index that is there; `null`: they are one thing. */
  readonly adoptIndex: ((table: TableRef, index: string, constraint: AdoptedUnique) => string) | null;
  renameConstraint(table: TableRef, from: string, to: string): string;
  /**
   * One statement by which column and twin change places, while their triggers go on; `null`: a transaction does it, in
   * which the column goes and the twin gets its name.
   */
  readonly exchange: ((request: Exchange) => readonly Operation[]) | null;
  /** A condition in SQL: both have changed places already. Absent: nobody sees a moment between. */
  isExchanged?(table: TableRef, column: string, twin: string): string;
  /** A statement that fails if the query gives a row. */
  failIf(query: string): string;
}

/** A unique constraint that takes an index over. */
export interface AdoptedUnique {
  readonly name: string;
  readonly deferrable: 'no' | 'initially-immediate' | 'initially-deferred';
}
