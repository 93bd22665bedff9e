// What the runner wrote down, entry by entry.
// In: nothing. Out: JournalEntry and its data. Must not know how it is stored.

import type { DifferenceDetails } from '../kernel/errors.ts';
import type { Operation } from '../operations/operation.ts';
import type { Checksums, Cursor, Direction } from '../plan/plan.ts';

export type JournalEvent =
  | 'started'
  | 'advanced'
  | 'finished'
  | 'satisfied'
  | 'failed'
  | 'moved'
  | 'stamped'
  | 'adopted'
  | 'restored'
  | 'verified';

/** Who ran it. What is not known is `null`. */
export interface Who {
  readonly databaseUser: string | null;
  readonly osUser: string | null;
  readonly host: string | null;
  readonly pid: number | null;
  readonly gitAuthor: string | null;
  readonly gitCommit: string | null;
  readonly ciRun: string | null;
}

/** One entry. `statement` is the position of the operation in its revision. */
export interface JournalEntry {
  readonly event: JournalEvent;
  readonly revision: string | null;
  readonly direction: Direction | null;
  readonly statement: number | null;
  readonly data: EntryData;
}

/** What an entry says besides; each event has its own members, all optional so that older entries can be read. */
export interface EntryData {
  /** Events that set the version rows: the rows afterwards. */
  readonly heads?: readonly string[];
  /** `stamped`, `adopted`: every revision taken as applied. */
  readonly applied?: readonly string[];
  readonly checksums?: Checksums;
  /** `moved`: the revision's operations, both ways, with the SQL that ran. */
  readonly operations?: {
    readonly upgrade: readonly Operation[];
    readonly downgrade: readonly Operation[] | null;
  };
  /** `started`, `finished`: what was done, where the catalogue does not show it. */
  readonly identity?: string;
  /** `advanced`: how far a backfill has come. The one entry that is kept up to date, in the transaction of each batch. */
  readonly cursor?: Cursor;
  /** `started`: the positions of the operations that the statement carries out, where there are several. */
  readonly carries?: readonly number[];
  /** `finished`, `failed`: the word of a person on what a run left unclear. */
  readonly answer?: 'done' | 'retry';
  readonly sql?: readonly string[];
  /** `moved`: the file of the revision, by text and name. */
  readonly text?: string;
  readonly file?: string;
  readonly message?: string;
  readonly description?: string;
  readonly reason?: string;
  /** `finished`: the way in which a table in use was altered, or the program that did it. */
  readonly way?: string;
  readonly ms?: number;
  readonly rows?: number;
  readonly who?: Who;
  readonly tool?: string;
  /** Hash of the schema that history describes afterwards. */
  readonly expected?: string;
  /** `verified`: the server's fingerprint of the live schema, and what differed. */
  readonly fingerprint?: string;
  /** `verified`: hash of the ids that counted as applied. */
  readonly appliedHash?: string;
  readonly differences?: readonly DifferenceDetails[];
  readonly error?: { readonly code: string; readonly message: string };
}

/** An entry as it was stored. */
export interface StoredEntry extends JournalEntry {
  readonly id: number;
  /** The run that wrote it. */
  readonly run: string;
  /** Milliseconds since 1970, by the server's clock. */
  readonly at: number;
}
