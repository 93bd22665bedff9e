import type { Check, Column, ForeignKey, PrimaryKey, Unique } from '../../schema/schema.ts';
import { clauseKey } from './clauses.ts';

/** A table while it is read. */
export interface TableParts {
  readonly columns: Column[];
  primaryKey: PrimaryKey | null;
  readonly uniques: Unique[];
  readonly foreignKeys: ForeignKey[];
  readonly checks: Check[];
  readonly options: Record<string, string | boolean>;
}

/** A table of which nothing is read yet. */
export const emptyParts = (): TableParts => ({
  columns: [],
  primaryKey: null,
  uniques: [],
  foreignKeys: [],
  checks: [],
  options: {},
});

/** Keeps a conflict clause with the table's options; ABORT is the default. */
export function keepConflict(
  parts: TableParts,
  clause: 'primaryKey' | 'unique' | 'notNull',
  found: { readonly columns: readonly string[]; readonly conflict: string | null },
): void {
  if (found.conflict === null || found.conflict === 'ABORT') return;
  parts.options[clauseKey(`${clause}.conflict`, found.columns)] = found.conflict;
}
