import type { Difference } from '../diff/compare.ts';
import type { StoredEntry } from '../journal/entry.ts';
import type { Past } from '../journal/recover.ts';
import type { LockHolder } from '../lock/lock.ts';
import type { Checksums } from '../plan/plan.ts';
import type { RevisionGraph } from '../revisions/graph.ts';
import type { LoadedRevision } from '../revisions/load.ts';
import type { Schema, UnsupportedObject } from '../schema/schema.ts';
import type { Finding, Identified } from './finding.ts';

/** A query of the application that dies, with the server's own words. */
export interface DeadQuery {
  readonly sql: string;
  readonly error: string;
}

/** A difference that two sides of a comparison show, and who named its object. */
export interface Compared {
  readonly differences: readonly Difference[];
  /** The revision that made an object what it should be, or took it away, by the part's key. */
  readonly named: ReadonlyMap<string, string>;
}

/** Two revisions that make the same thing. */
export interface DuplicateChange {
  readonly revision: string;
  readonly earlier: string;
  readonly object: string;
}

/** A throw-away database that nobody threw away. */
export interface ScratchLeftover {
  readonly name: string;
  /** In milliseconds. */
  readonly madeAt: number;
  /** The SQL that drops it. */
  readonly drop: string;
}

/** All that the checks look at, read before: they ask nothing themselves. */
export interface CheckInput {
  readonly graph: RevisionGraph;
  /** The version rows as they are; unknown ones included. */
  readonly heads: readonly string[];
  readonly unknown: readonly string[];
  readonly past: Past;
  readonly pending: readonly string[];
  readonly entries: readonly StoredEntry[];
  /** Every revision of the graph, loaded, by id. */
  readonly revisions: ReadonlyMap<string, LoadedRevision>;
  /** The checksums of applied revisions as their files are now, by id. */
  readonly checksums: ReadonlyMap<string, Checksums>;
  readonly duplicates: readonly DuplicateChange[];
  /** Server against the history at the recorded revisions. */
  readonly drift: Compared;
  /** What the pending revisions name, by the part's key. */
  readonly namedPending: ReadonlyMap<string, string>;
  /** Models against the history at its heads; `null`: there are no models. */
  readonly model: (Compared & { readonly unsupported: readonly UnsupportedObject[] }) | null;
  readonly live: Schema;
  readonly lock: LockHolder | null;
  /** By table key. */
  readonly deadQueries: ReadonlyMap<string, DeadQuery>;
  readonly identified: Identified | null;
  readonly scratchDatabases: readonly ScratchLeftover[];
}

/** One check: looks at the input, returns what it finds. */
export type Check = (input: CheckInput) => readonly Finding[];
