import type { Connection } from './connection.ts';

/** What a family knows about runners that must not act at once. `file`: a file's lock; `lease`: a row with a heartbeat. */
export type Coordination = FileCoordination | LeaseCoordination;

/** The database is a file: a file beside it is locked, and the system frees it when the process ends. */
export interface FileCoordination {
  readonly kind: 'file';
  /** The database's file; `null`: it is in memory, and nobody else can reach it. */
  file(connection: Connection): Promise<string | null>;
  /** True if the error says that somebody else holds a file's lock. */
  isContention(error: unknown): boolean;
}

/** What `session` gives where the server can have no other session than the asking one. */
export const onlySession = 'only';

/** The database is a server's: a row says who acts, and sessions are looked at before somebody else does. */
export interface LeaseCoordination {
  readonly kind: 'lease';
  /** This session as a text of at most 60 characters that no later session of the server will have, or `onlySession`. */
  session(connection: Connection): Promise<string>;
  /** The sessions of a holder, other than the asking one: by what `session` gave, and by a comment in their statement. */
  sessionsOf(connection: Connection, trace: SessionTrace): Promise<readonly SessionState[]>;
  /** Ends a session if it is idle; one that is gone already counts as ended. */
  terminate(connection: Connection, session: SessionState): Promise<void>;
  /** Cancels the statement that a session runs. */
  cancel(connection: Connection, session: SessionState): Promise<void>;
  /** Follows a SELECT of the lease row that opens a transaction: heartbeats pass it, a takeover does not. */
  readonly shareRow: string;
  /** Follows a SELECT of the lease row: takes it for a takeover, failing at once where somebody holds it. */
  readonly takeRow: string;
  /** An expression over the lease row: the transaction that keeps it (`shareRow`), or kept it last; `null`: none does. */
  readonly locker: string | null;
  /** True if the error says that somebody else was faster, or is about to be: try again. */
  isContention(error: unknown): boolean;
  /** True if the error says that the user may not do that to sessions. */
  isForbidden(error: unknown): boolean;
  /** Locks by name that a session holds until it ends; `null`: the family has none that are safe behind a pooler. */
  readonly namedLock: NamedLock | null;
}

/** What a holder left to be found by. */
export interface SessionTrace {
  readonly session: string | null;
  /** The comment in front of its statements. */
  readonly comment: string | null;
  /**
   * Milliseconds since 1970 by the server's clock: a session known only by its id, whose transaction began later, is not
   * the holder's. `null`: whenever it began.
   */
  readonly lastSignAt: number | null;
  /** What `locker` gave for the lease row: the transaction of that name is the holder's, whenever it began. */
  readonly locker: string | null;
}

/** A session of the server, as the server sees it now. */
export interface SessionState {
  readonly id: number;
  readonly running: boolean;
  /** What it runs, or ran last where the server tells. */
  readonly statement: string | null;
  /** For how long it has been running or idle; `null`: the server does not tell. */
  readonly forMs: number | null;
  /** `user@host`, as the server knows it. */
  readonly user: string;
}

/** Locks by name, held by a session. */
export interface NamedLock {
  /** The longest name. */
  readonly maxLength: number;
  /** Takes it without waiting; `unavailable`: this server has no such locks. */
  tryTake(connection: Connection, name: string): Promise<'taken' | 'held' | 'unavailable'>;
  /** A condition with one placeholder for the name: true if this session holds it. */
  readonly isMine: string;
  /** The session that holds it; `null`: nobody, or not to be seen. */
  holder(connection: Connection, name: string): Promise<SessionState | null>;
  release(connection: Connection, name: string): Promise<void>;
}
