import type { Column, Table, Trigger } from '../schema/schema.ts';

/** The table that knows what is kept; the tables that keep it are called like it, with a number. No introspection shows them. */
export const keptPrefix = 'surefoot_kept';

/** True for the names of all of them, and of what a restore puts aside. Whatever else begins like that is the user's. */
export const isKeptName = (name: string): boolean => /^surefoot_kept(?:_[0-9]+|_journal)?$/.test(name);

/** A table of the user's and the one beside it that keeps its values, both quoted. */
export interface KeptPair {
  readonly table: string;
  readonly side: string;
  /** Only values that are NULL are replaced: the column was in use meanwhile. */
  readonly onlyEmpty?: boolean;
  /** Columns that had another type when their values were put aside. */
  readonly retyped: readonly string[];
  /** Columns that the server would change by itself where a row changes: they stay. */
  readonly still: readonly string[];
}

/** How a whole table is put aside by another name, with nothing of it left under the old ones. */
export interface Renaming {
  /** False: it needs something of the schema that may go after it, or is more than one table. */
  readonly can: (table: Table) => boolean;
  /** What goes first, where it cannot go with it. */
  readonly before: (triggers: readonly Trigger[]) => readonly string[];
  /** Each must give a true first value: what DROP TABLE would refuse is refused. */
  readonly guards: (table: Table) => readonly string[];
  /** In place of DROP TABLE, one statement; `side` is a name in the namespace of the table. */
  readonly statement: (table: Table, side: string) => string;
}

/** How a session keeps others from writing to tables. */
export interface Hold {
  readonly lock: (tables: readonly string[]) => string;
  readonly free: string;
  /** Holds a table against nobody who reads it: it shows whether the account may. */
  readonly probe: (table: string) => string;
}

/** How values are put aside before a step destroys them, and back afterwards. */
export interface Keeping {
  /** Asks for the tables of a namespace that are called like tables beside, in a column `name`. */
  readonly names: (namespace: string | null) => string;
  /** The type of a text of any length. */
  readonly text: string;
  /** Keeps others from writing to a table until the transaction ends. */
  readonly lock: (table: string) => readonly string[];
  /** Where DDL takes part in no transaction: keeps others from writing to tables until they are freed. `null`: it does. */
  readonly hold: Hold | null;
  /** `null`: tables are copied. */
  readonly rename: Renaming | null;
  /** The column as the side table has it, under that name, so that it needs nothing but the server. */
  readonly store: (column: Pick<Column, 'name' | 'type'>, as: string) => string;
  /** Puts the values of a column back, by key. */
  readonly update: (pair: KeptPair, column: Column, key: readonly string[]) => string;
  /** Puts rows back into an empty table. */
  readonly insert: (pair: KeptPair, columns: readonly Column[]) => string;
  /** Puts rows back into a table that data steps filled: what was kept is what was there last. `key` empty: it has none. */
  readonly merge: (pair: KeptPair, columns: readonly Column[], key: readonly string[]) => readonly string[];
  /** True: references within one table are checked row by row, and not at the end of a statement. */
  readonly checksEachRow: boolean;
  /** What counts goes on behind the rows that came back. */
  readonly resume: (table: Table, quoted: string) => readonly string[];
}
