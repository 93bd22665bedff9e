import type { Alteration } from '../dialect/alteration.ts';
import type { WorkProgress } from '../dialect/waiting.ts';

/** What a program is asked to do. */
export interface ToolTask {
  readonly alteration: Alteration;
  readonly lockMs: number;
  readonly signal: AbortSignal | null;
  readonly onProgress: (progress: WorkProgress) => void;
}

/** A program that copies a table while it is used. `run` throws what it said where it failed. */
export interface OnlineTool {
  readonly name: string;
  run(task: ToolTask): Promise<void>;
}

/** What may be done where a server can only copy a table. */
export interface AlterMeans {
  /** Bytes up to which a table is copied without more ado. */
  readonly copyLimit: number;
  /** True: the user agreed to a copy, however large. */
  readonly mayCopy: boolean;
  readonly tool: OnlineTool | null;
}
