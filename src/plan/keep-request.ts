import type { Dialect } from '../dialect/dialect.ts';
import { applyTo } from '../operations/apply.ts';
import type { Operation } from '../operations/operation.ts';
import type { SchemaDraft } from '../schema/draft.ts';
import { openDraft } from '../schema/draft.ts';
import type { Column, ColumnType, Schema, TableRef } from '../schema/schema.ts';
import type { Step } from './plan.ts';
import type { Whereabouts } from './whereabouts.ts';
import { openWhereabouts } from './whereabouts.ts';

/**
 * What was put aside: as the table of kept things has it, but for the moment and the number of rows. Everything is called
 * what it was called before the plan: that is what it is called again when the plan is undone.
 */
export interface KeptObject {
  /** The table beside. */
  readonly side: string;
  readonly table: TableRef;
  /** `null`: the whole table. */
  readonly column: Column | null;
  /** By which rows are found again; empty: the table has no key. */
  readonly key: readonly string[];
  /** The columns of the table, where it was kept whole. */
  readonly columns: readonly Column[];
  /** The types that columns had got by then, where the plan gave them another. */
  readonly types?: Readonly<Record<string, ColumnType>>;
  /** True: the table itself, by another name, with all that it had. */
  readonly renamed?: boolean;
  /** True: it came back without this, or with something newer; nothing puts it back by itself any more. */
  readonly stale?: boolean;
}

/** What is asked of it. */
export interface KeepRequest {
  readonly live: Schema;
  readonly dialect: Dialect;
  /** The number of the next thing to be kept. */
  readonly next: number;
  /** So many rows are kept of a table, and no more. */
  readonly maxRows: number;
  /** Where Surefoot's own tables are. */
  readonly namespace: string | null;
  /** A table of Surefoot's own, quoted. */
  readonly own: (name: string) => string;
  /** Adds to the table of kept things: what is about to be kept, or, counted, what is. A number: as counted before. */
  readonly note: (kept: KeptObject, step: Step, rows: 'unknown' | 'counted' | number) => string;
  /** Takes back a note of this history on a table beside that is not there. Another history's stops the step. */
  readonly forget: (kept: KeptObject) => string;
  /** Counts what was noted before. */
  readonly count: (kept: KeptObject) => string;
}

/** How far a plan has come: where everything is, and the schema as it stands there. */
export interface Course {
  readonly whereabouts: Whereabouts;
  readonly schema: SchemaDraft;
  advance(operation: Operation): void;
}

/** At the beginning of a plan. */
export function openCourse(live: Schema): Course {
  const whereabouts = openWhereabouts(live.tables);
  const schema = openDraft(live);
  return {
    whereabouts,
    schema,
    advance: (operation) => {
      whereabouts.advance(operation);
      applyTo(schema, operation);
    },
  };
}
