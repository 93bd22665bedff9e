// A revision: the node of the graph as its file declares it.
// In: what an author writes. Out: Revision, RevisionHeader. Must not know files, graphs or databases.

import type { DialectName, Flavor } from '../schema/schema.ts';
import type { OperationBuilder } from './operation-builder.ts';

/** What the head of a revision's file says; known without running the file. */
export interface RevisionHeader {
  readonly id: string;
  /** Ids of the parents; empty: a base. */
  readonly revises: readonly string[];
  readonly message: string;
  /** ISO 8601, UTC; `null`: the file does not say. */
  readonly createdAt: string | null;
  readonly branchLabels: readonly string[];
  /** Ids or labels of what must be applied before, without being a parent. */
  readonly dependsOn: readonly string[];
  /** True: it makes sure of what other revisions should have made. */
  readonly safety: boolean;
  /** Ids of the revisions that a squash put together in this one. */
  readonly replaces: readonly string[];
  /** The name of the revision in the tool that it was taken over from. */
  readonly importedAs?: string;
  /** The file, in the folder as it was handed in. */
  readonly file: string;
  readonly kind: 'ts' | 'sql';
  /** `none`: its statements must run outside a transaction. */
  readonly transaction: 'auto' | 'none';
  /** The id of its contracting half; absent: it is not phased. */
  readonly contract?: string;
  /** The id of its expanding half; absent: it contracts nothing. */
  readonly contracts?: string;
  /** Milliseconds that its statements wait for the locks of others; absent: as long as others'. */
  readonly tableLockTimeoutMs?: number;
  /** How often they are tried again. */
  readonly tableLockRetries?: number;
}

/** What a revision's functions are told about the server they are for. */
export interface RevisionContext {
  readonly dialect: DialectName;
  readonly flavor: Flavor;
}

/** A function of a revision: says what is done, and does nothing itself. Never async; data steps go into `op.run`. */
export type RevisionFunction = (op: OperationBuilder, context: RevisionContext) => void;

/** A downgrade that does not exist, with the reason. */
export interface Irreversible {
  readonly irreversible: string;
}

/** The contracting half of a phased revision: what is done once nothing of the release before runs any more. */
export interface RevisionContract {
  readonly upgrade: RevisionFunction;
  readonly downgrade: RevisionFunction | 'auto' | Irreversible;
}

/** What an author writes. The members before `upgrade` are read without running the file, and so must be literals. */
export interface RevisionDefinition {
  readonly id: string;
  readonly revises: string | readonly string[] | null;
  readonly message: string;
  readonly createdAt?: string | null;
  readonly branchLabels?: string | readonly string[];
  readonly dependsOn?: string | readonly string[];
  readonly safety?: boolean;
  readonly replaces?: readonly string[];
  readonly importedAs?: string;
  /** How long its statements wait for the locks of others: `'30s'`, `'500ms'`, `'2m'`. Default: the config's. */
  readonly tableLockTimeout?: string;
  /** How often they are tried again, from 0. Default: the config's. */
  readonly tableLockRetries?: number;
  readonly upgrade: RevisionFunction;
  /** `'auto'`: the upgrade's operations undone, last first. */
  readonly downgrade: RevisionFunction | 'auto' | Irreversible;
  /** Its second half: a revision of its own, whose id is this one's with a `c` behind it. */
  readonly contract?: RevisionContract;
}

// Registered, so that a revision made with another copy of this module is one, too.
const brand = Symbol.for('surefoot.revision');

/** A definition that went through `revision()`. */
export interface Revision extends RevisionDefinition {
  readonly [brand]: 1;
}

/** Makes a revision: the default export of a revision file. */
export function revision(definition: RevisionDefinition): Revision {
  return Object.freeze({ ...definition, [brand]: 1 as const });
}

/** The downgrade of a revision that cannot be undone, with the reason why. */
export function irreversible(reason: string): Irreversible {
  return Object.freeze({ irreversible: reason });
}

/** True for what `revision()` made, in whichever copy of this module. */
export function isRevision(value: unknown): value is Revision {
  return typeof value === 'object' && value !== null && brand in value;
}
