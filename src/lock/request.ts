// What a runner asks for and what it gets: the nouns of the lock.

import type { Connection, Database, SqlValue } from '../dialect/connection.ts';
import type { BookkeepingNames, Dialect, ServerFacts } from '../dialect/dialect.ts';

/** Which lock is meant, and a session to ask through. */
export interface LockQuestion {
  /** Of `acquireLock`: the very session that runs the DDL. */
  readonly connection: Connection;
  readonly dialect: Dialect;
  readonly facts: ServerFacts;
  readonly names: BookkeepingNames;
  readonly timing?: LockTiming;
}

/** A runner's wish for the lock. */
export interface LockRequest extends LockQuestion {
  /** A second session of it sends the heartbeats. */
  readonly database: Database;
  /** Who asks, for others to read: `user@host pid 123`. */
  readonly owner: string;
  /** How long to wait for another holder; `Infinity`: until it is done. */
  readonly waitMs: number;
  /** Called now and then while waiting, and whenever the holder or its state changes. */
  readonly onWait: (holder: LockHolder) => void;
  /** True: a statement that a dead runner left running is cancelled instead of waited for. */
  readonly cancelOrphan: boolean;
  readonly signal?: AbortSignal;
  /** Asked before it is taken, and now and then while waiting. True: it is not needed any more, and `Needless` is thrown. */
  readonly isNeedless?: () => Promise<boolean>;
}

/** Ends the waiting for a lock that is not needed any more: what was to be done, somebody else did. */
export class Needless extends Error {
  override readonly name = 'Needless';
}

/** For how long a lease is good, and how often it is renewed. All runners of a database have the same. */
export interface LockTiming {
  readonly leaseMs: number;
  readonly beatMs: number;
}

/** A dead runner's lock is free within 15 seconds; four heartbeats may get lost. */
export const usualTiming: LockTiming = { leaseMs: 15_000, beatMs: 3_000 };

/** Who holds a lock. */
export interface LockHolder {
  readonly owner: string;
  /** ISO, by the server's clock (of a file: this machine's). */
  readonly since: string;
  readonly heartbeatAgeMs: number;
  /** The server's own name for the session that works, where it is known. */
  readonly session: string | null;
  /** What that session runs at this moment. */
  readonly statement: string | null;
  /** `orphan-running`: no heartbeat any more, but the server still works on what the runner sent. */
  readonly state: 'alive' | 'orphan-running' | 'dead';
}

/** The lock, held. */
export interface Lock {
  readonly token: string;
  /** Goes in front of every statement sent while the lock is held. */
  readonly comment: string;
  /**
   * To be run first inside each transaction: gives no row if the lock was lost, and otherwise keeps it until COMMIT.
   * `null`: not needed.
   */
  readonly fence: { readonly sql: string; readonly parameters: readonly SqlValue[] } | null;
  /** Throws 'lock/lost' if somebody else took over. One round trip; called before each statement outside a transaction. */
  verify(): Promise<void>;
  /** Outside a transaction. A second call does nothing. */
  release(): Promise<void>;
}

/** The comment that marks a holder's statements. */
export function commentOf(token: string): string {
  return `/* surefoot ${token} */`;
}
