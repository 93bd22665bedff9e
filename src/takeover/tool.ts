// What the import of any other tool fulfils.
// In: nothing. Out: ForeignTool and what it reads. Must not know a tool, the terminal, or where revisions are written to.

import type { Connection } from '../dialect/connection.ts';
import type { Dialect } from '../dialect/dialect.ts';
import type { ModuleBody, SqlBody } from '../revisions/render.ts';
import type { DialectName } from '../schema/schema.ts';
import type { Scratch } from '../scratch/scratch.ts';

/** What is left to a human: where, and why. */
export interface ForeignRemainder {
  /** Line of the migration's file, from 1. */
  readonly line: number;
  readonly reason: string;
}

/** The statements of a migration, as the revision that takes its place holds them. */
export type ForeignBody =
  | { readonly format: 'sql'; readonly body: SqlBody; readonly transaction: 'auto' | 'none' }
  | { readonly format: 'ts'; readonly body: ModuleBody };

/** One migration of another tool. */
export interface ForeignMigration {
  /** What the tool's own table calls it. */
  readonly name: string;
  /** The id that its revision has; left out: its name. Made plain where an id cannot be so. */
  readonly id?: string;
  /** What the revision's file is to be called, without an ending; left out: its name. */
  readonly fileName?: string;
  /** The names of its parents; left out: the migration before it in the list. */
  readonly revises?: readonly string[];
  readonly message: string;
  /** ISO 8601 in UTC; `null`: nothing says it. */
  readonly createdAt: string | null;
  /** Its file, with its whole path. */
  readonly file: string;
  /** `schema`: all that changes the schema; `none`: not even that. */
  readonly status: 'full' | 'schema' | 'none';
  readonly remainders: readonly ForeignRemainder[];
  readonly body: ForeignBody;
  /** Checksums that the tool's table may hold for this file, if it keeps any: line ends of either kind. */
  readonly checksums?: readonly string[];
}

/** All that a tool's files say. */
export interface ForeignHistory {
  /** In the order in which the tool runs them. */
  readonly migrations: readonly ForeignMigration[];
  /** The folder that they live in: nothing is written there. */
  readonly folder: string;
  /** Files that are no migration that could be read, with the reason. */
  readonly unread: readonly { readonly file: string; readonly reason: string }[];
  /** Said to the user: what is not taken over, and why. */
  readonly notes: readonly string[];
  /** The family that the files are for; `null`: they do not say. */
  readonly dialect: DialectName | null;
  /** The tool's own tables: names for the config's `ignore`. */
  readonly tables: readonly string[];
  /** Where the database is, as the tool's own files say. The config that is written names it only if it is a file. */
  readonly url?: string;
  /** The variable of the environment that holds it, if that is not DATABASE_URL. */
  readonly urlVariable?: string;
}

/** Where to look, and with what. */
export interface ReadMeans {
  /** The folder of the project: paths of the tool's config are relative to where that stands. */
  readonly projectFolder: string;
  /** The family, where the user or the database says it. */
  readonly dialect: DialectName | null;
  readonly env: Readonly<Record<string, string | undefined>>;
  /**
   * An empty throw-away database of a family, for migrations that are code. Refuses where none is to be had. `near`: a
   * database of the family on whose server it may be made, where the user named none.
   */
  openScratch(dialect: DialectName, near?: string): Promise<Scratch>;
}

/** `applied`: whole; `half-applied`: begun, and no word of its end; `failed`: the tool wrote down that it failed. */
export type ForeignState = 'applied' | 'half-applied' | 'failed';

/** What a tool's table says of one migration. */
export interface ForeignEntry {
  /** As in `ForeignMigration.name`. */
  readonly name: string;
  readonly state: ForeignState;
  /** When, as the table tells it: ISO 8601; `null`: it does not. */
  readonly at: string | null;
  /** The tool's own words: of its failure, or of who applied it; `null`: none. */
  readonly detail: string | null;
  /** What the table holds as checksum of the file; `null`: nothing. */
  readonly checksum: string | null;
}

/** What a tool's table says. */
export interface ForeignLedger {
  /** The table, as people call it. */
  readonly table: string;
  /** Oldest first; one for each migration: the last word on it. */
  readonly entries: readonly ForeignEntry[];
  /** What is odd about the table itself. */
  readonly notes: readonly string[];
}

/** The database whose table is read. */
export interface LedgerMeans {
  readonly connection: Connection;
  readonly dialect: Dialect;
  readonly history: ForeignHistory;
  /** The folder of the project: a config there may call the table otherwise. */
  readonly projectFolder: string;
  readonly env: Readonly<Record<string, string | undefined>>;
}

/** Another tool for migrations. */
export interface ForeignTool {
  /** As on the command line. */
  readonly name: string;
  /** As its makers write it. */
  readonly title: string;
  /**
   * Its files, in a folder of the project, of the migrations, or one file; `null`: none are there. What a file holds is
   * hostile: nothing of it is run but on a throw-away database.
   */
  read(path: string, means: ReadMeans): Promise<ForeignHistory | null>;
  /** Its table; `null`: it has none there. Only reads. */
  ledger(means: LedgerMeans): Promise<ForeignLedger | null>;
}
