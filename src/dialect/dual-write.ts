import type { Operation } from '../operations/operation.ts';
import type { TableRef } from '../schema/schema.ts';

/**
 * Two columns that say the same in two ways, for as long as one release writes the one and another release the other.
 * BEFORE triggers keep them so: they set values of the row that is written, and write no row themselves.
 */
export interface DualWrite {
  readonly table: TableRef;
  readonly from: string;
  readonly to: string;
  /** What `to` is, as an expression over `NEW.…`; `null`: the value of `from`. */
  readonly forward: string | null;
  /** What `from` is; `null`: the value of `to`. */
  readonly back: string | null;
  /** Of the triggers, and of the function that they call; what tells them apart is put behind it. */
  readonly name: string;
}

/** The triggers of a family, and what they need, in order; `null`: its triggers cannot change the row that is written. */
export type MakeDualWrite = ((request: DualWrite) => readonly Operation[]) | null;
