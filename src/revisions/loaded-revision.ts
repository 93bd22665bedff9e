import type { MakeDualWrite } from '../dialect/dual-write.ts';
import type { Place } from '../kernel/load-module.ts';
import type { SqlSyntax } from '../kernel/sql-text.ts';
import type { Operation } from '../operations/operation.ts';
import type { RunFunction } from './operation-builder.ts';
import type { RevisionContext, RevisionHeader } from './revision.ts';

/** What undoes a revision. `auto`: the inverse of its upgrade, which the plan makes with the schema at hand. */
export type Downgrade =
  | { readonly kind: 'operations'; readonly operations: readonly Operation[] }
  | { readonly kind: 'auto' }
  | { readonly kind: 'irreversible'; readonly reason: string };

export interface LoadedRevision {
  readonly header: RevisionHeader;
  readonly upgrade: readonly Operation[];
  readonly downgrade: Downgrade;
  /** The functions of `op.run`, by list and index. */
  readonly runs: { readonly upgrade: readonly RunFunction[]; readonly downgrade: readonly RunFunction[] };
  /** The line of the file, from 1, that says each operation of the upgrade; absent: it was not asked for. */
  readonly lines?: readonly (number | null)[];
  /** The same with the column of the method's name; what one call made shares one object. Absent: SQL, or not asked for. */
  readonly places?: readonly (Place | null)[];
  /** The file's text, with LF and without byte order mark. */
  readonly text: string;
}

/** The server that a revision is loaded for. */
export interface LoadTarget extends RevisionContext {
  readonly syntax: SqlSyntax;
  /** Its triggers that keep two columns alike; absent: not known here. */
  readonly dualWrite?: MakeDualWrite;
  /** True: the lines of operations are wanted, which costs a stack trace each. */
  readonly wantsLines?: boolean;
}
