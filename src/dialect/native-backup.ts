import type { BookkeepingNames } from './bookkeeping.ts';
import type { Connection } from './connection.ts';
import type { ServerFacts } from './traits.ts';

/** How the databases of a family are saved and brought back. `copy`: the library does it; `tools`: programs of its makers. */
export type NativeBackup = CopyBackup | ToolBackup;

/** The database is a file, which its library copies page by page while it is used. */
export interface CopyBackup {
  readonly kind: 'copy';
  /** Of the files it makes, without the dot. */
  readonly extension: string;
}

/** Where a server is and who asks, for programs that connect by themselves. */
export interface ServerAddress {
  readonly host: string;
  readonly port: number;
  readonly socket: string | null;
  readonly user: string | null;
  readonly password: string | null;
  readonly tls: ServerTls | null;
  readonly connectTimeoutMs: number;
  readonly options: string | null;
}

/** As the URL asked; the files are absolute paths. */
export interface ServerTls {
  readonly mode: 'prefer' | 'require' | 'verify-ca' | 'verify-full';
  readonly ca: string | null;
  readonly cert: string | null;
  readonly key: string | null;
}

/** What a program needs to connect: never in its arguments, which everybody on the machine can read. */
export interface Login {
  readonly env: Readonly<Record<string, string>>;
  /** The text of an option file for this user's eyes only; `null`: none is needed. */
  readonly optionFile: string | null;
}

/** A program of the family's makers. */
export interface NativeProgram {
  /** By which names it goes; the first that is found and fits is taken. */
  readonly names: readonly string[];
  /** Its version, from what it says to `--version`; `null`: it is another maker's program of that name. */
  readVersion(text: string): readonly number[] | null;
}

/** What programs are told about a backup. */
export interface ToolRequest {
  readonly facts: ServerFacts;
  readonly names: BookkeepingNames;
  /** Where the login's option file was written; `null`: there is none. */
  readonly optionFile: string | null;
}

/** What a script that restores is made for. */
export interface RestoreGround {
  readonly connection: Connection;
  readonly facts: ServerFacts;
  readonly names: BookkeepingNames;
  /** The lock's token: the script does nothing once the lock is lost. */
  readonly token: string;
  /** What the backup knew besides the schema. */
  readonly inventory: Inventory;
  /** SQL that creates the journal and the version table where they are missing. */
  readonly createTables: readonly string[];
}

/** What surrounds the dump's own text when it is loaded, in the same session. */
export interface RestoreScript {
  /** Keeps the journal aside and drops everything that the dump brings back, and all it does not have; not the lock. */
  readonly before: string;
  /** Puts the kept entries behind those of the dump. */
  readonly after: string;
  /** Lines of a dump that is SQL which are written anew; `null`: none. */
  readonly rewrite: LineRewrite | null;
  /** In words, what the database is like after a failure in the middle. */
  readonly onFailure: 'unchanged' | 'half-done';
}

/** Lines of a dump, written anew. */
export interface LineRewrite {
  /** Only lines that begin so are read; all others pass, however long they are. */
  readonly starts: readonly string[];
  rewrite(line: string): string;
  /** The line that begins so is the last that is read. `null`: all are. */
  readonly until: string | null;
}

/** Names by kind, of what the schema model does not hold and a restore must know. */
export type Inventory = Readonly<Record<string, readonly string[]>>;

/** Somebody else who is connected. */
export interface ConnectedSession {
  readonly id: string;
  readonly user: string;
  /** What it does or did last, as far as the server tells. */
  readonly doing: string;
}

/** Who else is connected to the database. */
export interface ConnectedSessions {
  readonly sessions: readonly ConnectedSession[];
  /** False: the server shows only some of them to this user. */
  readonly isComplete: boolean;
}

/** Counts the rows in the text of a dump as it passes by. */
export interface RowCounter {
  read(chunk: Uint8Array): void;
  /** By table. */
  counts(): ReadonlyMap<string, number>;
}

/** Saves and restores with programs. */
export interface ToolBackup {
  readonly kind: 'tools';
  readonly extension: string;
  readonly dumper: NativeProgram;
  /** Reads the dump and gives SQL; `null`: it is SQL. */
  readonly reader: NativeProgram | null;
  readonly client: NativeProgram;
  /** How many numbers of a version count: a program must not be older than the server. */
  readonly versionParts: number;
  login(server: ServerAddress, facts: ServerFacts): Login;
  dumpArguments(request: ToolRequest & { readonly snapshot: string | null }): readonly string[];
  clientArguments(request: ToolRequest): readonly string[];
  readonly reading: ReaderArguments | null;
  /** How the asking session and the dumper see the very same rows; `null`: they cannot. */
  readonly snapshot: SharedSnapshot | null;
  /** Counts rows in the dump, where the asking session cannot see the same ones. */
  readonly counter: (() => RowCounter) | null;
  /** A table in which the journal waits while a dump is loaded; a failure may leave it behind. `null`: there is none. */
  readonly keptJournal: string | null;
  /** What makes a home for Surefoot's tables where even that was dropped. */
  readonly createHome: string | null;
  sessions(connection: Connection): Promise<ConnectedSessions>;
  inventory(connection: Connection): Promise<Inventory>;
  /** A text that changes whenever a row changes. Outside a transaction. `null`: the server does not tell. */
  mark(connection: Connection, names: BookkeepingNames): Promise<string | null>;
  /** True: surely nothing was written between two marks. */
  isUnwritten(before: string | null, after: string | null): boolean;
  script(ground: RestoreGround): Promise<RestoreScript>;
}

/** How the reader is called. */
export interface ReaderArguments {
  list(file: string): readonly string[];
  /** What of the list is to be restored, in one or more readings, in order. */
  choose(list: string, ground: RestoreGround): readonly Reading[];
  read(file: string, listFile: string): readonly string[];
}

/** Entries of a dump to be read. */
export interface Reading {
  readonly list: string;
  readonly rewrite: LineRewrite | null;
}

/** A snapshot that two sessions share. */
export interface SharedSnapshot {
  readonly begin: string;
  /** Gives one row with the column `snapshot`. */
  readonly share: string;
}
