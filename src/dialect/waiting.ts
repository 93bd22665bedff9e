import type { Connection } from './connection.ts';

/** What a family knows about statements that wait for others, and how they are watched and stopped from a second session. */
export interface Waiting {
  /**
   * The statements that limit how long a statement waits for locks; `null`: without limit.
   * `before`: sent before BEGIN. `inside`: right after BEGIN, and over with the transaction. `alone`: before a statement
   * outside of a transaction.
   */
  limit(ms: number | null, moment: 'before' | 'inside' | 'alone'): readonly string[];
  /** True if the error says that others were in the way (a lock not granted in time, a deadlock): try again. */
  isBusy(error: unknown): boolean;
  /** True if the error says that the statement was cancelled from elsewhere. */
  isCancelled(error: unknown): boolean;
  /** True for a statement that waits without being in anybody's way: a limit for locks would only make it fail. */
  isPatient(sql: string): boolean;
  /** How the server tells about a session from another one; `null`: the family's databases have none. */
  readonly watch: Watch | null;
  /** Poolers that lend a session for a transaction only; `null`: the family has none. */
  readonly pooler: Pooler | null;
}

/** What a second session can tell about the working one, and do to it. */
export interface Watch {
  /** Asked through the working session: its number, in the column `session`. */
  readonly session: string;
  /** True: the session waits for a lock, whoever holds it. */
  isWaiting(connection: Connection, session: number): Promise<boolean>;
  /** Who holds what the session waits for; empty: nobody that can be seen. */
  blockers(connection: Connection, session: number): Promise<readonly Blocker[]>;
  /** How far the session's statement has come; `null`: the server does not tell. */
  progress(connection: Connection, session: number): Promise<WorkProgress | null>;
  /** Cancels the session's statement, if it carries the comment. */
  cancel(connection: Connection, session: number, comment: string): Promise<void>;
  /** Half-built objects that are there now: what is new after a statement that failed is its leftover. */
  leftovers(connection: Connection): Promise<readonly Leftover[]>;
  /** Those that the statement would stumble over, since it makes what they are a half of. */
  inTheWay(connection: Connection, sql: string): Promise<readonly Leftover[]>;
}

/** Somebody whose lock a statement waits for. */
export interface Blocker {
  readonly session: number;
  /** `user@host`, as the server knows it. */
  readonly user: string;
  /** For how long its transaction has been open; `null`: the server does not tell. */
  readonly ageMs: number | null;
  /** What it runs, or ran last where the server tells. */
  readonly statement: string | null;
  /** False: the server does not say who it is; this one may be it. */
  readonly isCertain: boolean;
}

/** How far a statement has come. */
export interface WorkProgress {
  /** In the server's words: "building index: scanning table". */
  readonly phase: string;
  /** From 0 to 1; `null`: not known. */
  readonly share: number | null;
}

/** A half-built object. */
export interface Leftover {
  /** As a statement about it would call it, or its own name: to tell whether a statement made it. */
  readonly name: string;
  /** What removes it. */
  readonly sql: string;
}

/** A pooler in transaction mode: settings of a session are lost, or somebody else's, after each transaction. */
export interface Pooler {
  /** True: a pooler that lends sessions by transaction stands between. `second` gives another session; `null`: there is none. */
  isBetween(connection: Connection, second: (() => Promise<Connection>) | null): Promise<boolean>;
  /** True for a statement that cannot stand in a transaction, and so needs a session of its own. */
  needsSession(sql: string): boolean;
  /** The session behind such a pooler: each transaction sets what it needs, and a statement alone gets a transaction. */
  pooled(connection: Connection): Connection;
}
