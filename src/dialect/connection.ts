/** A value bound to a placeholder. */
export type SqlValue = string | number | bigint | boolean | null | Uint8Array;

/** A row by column name. What a driver gives for a type differs; ask the server for text where it matters. */
export type Row = Readonly<Record<string, unknown>>;

export interface QueryResult {
  readonly rows: readonly Row[];
  /** Rows inserted, updated or deleted; `null` where the server does not say. */
  readonly affected: number | null;
}

/** A statement with its values. */
export interface Query {
  readonly sql: string;
  readonly parameters?: readonly SqlValue[];
}

/** How the server answered when a session was opened. */
export interface Login {
  /** The number that the server called the session by; `null`: it is not known. */
  readonly session: number | null;
  /** The URL says that a pooler stands between. */
  readonly saysPooler: boolean;
}

/**
 * One session of a server, never a pool: what is SET stays SET, BEGIN lasts until COMMIT.
 * Placeholders are the server's own (`$1`, `?`): `dialect.placeholder` writes them.
 * A failed query throws `SurefootError` 'database/query-failed' (or another `database/…` code), with the driver's error as cause.
 */
export interface Connection {
  /** Runs exactly one statement. */
  query(sql: string, parameters?: readonly SqlValue[]): Promise<QueryResult>;
  /**
   * Runs several statements in one round trip where the driver can, in order, stopping at the first failure,
   * without results. None has parameters.
   */
  script(statements: readonly string[]): Promise<void>;
  /**
   * Sends statements in one round trip. The server carries them out in order, and passes over those behind one that fails;
   * `onDone` is told of each that succeeded, as its answer arrives. Absent: the driver sends one at a time.
   */
  batch?(queries: readonly Query[], onDone: (result: QueryResult) => void): Promise<void>;
  /** Ends the session if Surefoot opened it; gives it back if the user did. */
  close(): Promise<void>;
  /** The driver's own object, for a `run` that wants it. */
  readonly native: unknown;
  /** What was learned when the session was opened: signs of a pooler. Absent: there can be none. */
  readonly login?: Login;
  /** True: a pooler gives each transaction another session of the server. */
  readonly isPooled?: boolean;
  /** Stops what runs now, with what it did in its transaction. Absent: the driver cannot. */
  interrupt?(): void;
}

/** A server's database, before a session is opened. */
export interface Database {
  /** For messages: the URL without user secrets, or what the user handed in. */
  readonly description: string;
  /** `one`: every `connect` gives the same session (SQLite in memory, PGlite, a handle of the user's). */
  readonly sessions: 'many' | 'one';
  connect(): Promise<Connection>;
  /**
   * A session whose statements can be interrupted, for a driver that blocks; when it was, `otherwise` takes its place.
   * `null`: there can be none. Absent: sessions are stopped from others.
   */
  connectApart?(otherwise: Connection): Promise<Connection | null>;
  /** Closes what Surefoot opened. */
  close(): Promise<void>;
}
