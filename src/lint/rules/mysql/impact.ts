import type { TableRef } from '../../../schema/schema.ts';
import { displayRef, refOf } from '../../../schema/schema.ts';
import type { LintSubject } from '../../rule.ts';

/** How the server carries a change of an old table out, as the compiler foretells it. */
export interface Impact {
  readonly table: TableRef;
  readonly name: string;
  /** Every row is written again. */
  readonly rewrites: boolean;
  /** Writers wait meanwhile. */
  readonly blocks: boolean;
}

/** Operations that rules of their own say more about. */
export const toldElsewhere: readonly string[] = ['addForeignKey', 'addCheck'];

/** The statement stands at the last of the operations that it carries out; `null`: it touches no old table. */
export function impactOf(subject: LintSubject): Impact | null {
  const { operation, statements } = subject;
  if (!('table' in operation) || operation.kind === 'createTable' || subject.isNew(operation.table))
    return null;
  const table = refOf(operation.table);
  const codes = statements.flatMap(({ hazards }) => hazards.map(({ code }) => code));
  return {
    table,
    name: displayRef(table),
    rewrites: codes.includes('table-rewrite'),
    blocks: codes.includes('blocks-writes'),
  };
}
