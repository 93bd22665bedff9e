import type { Operation, OperationOf } from '../../../operations/operation.ts';
import type { Check, ForeignKey, TableRef } from '../../../schema/schema.ts';

function targetOf(part: ForeignKey | Check): OperationOf<'validateConstraint'>['target'] {
  if (part.name !== null) return { name: part.name };
  return 'sql' in part ? { sql: part.sql } : { columns: part.columns };
}

/** The operation that checks present rows against a constraint that was added without. */
export function validation(table: TableRef, part: ForeignKey | Check): Operation {
  return { kind: 'validateConstraint', table, target: targetOf(part), was: null };
}
