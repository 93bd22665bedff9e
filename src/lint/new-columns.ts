// Columns as an operation makes them. In: an operation. Out: columns. Must not know any rule.

import type { Operation } from '../operations/operation.ts';
import type { Column } from '../schema/schema.ts';

/** The columns that an operation makes. */
export function newColumns(operation: Operation): readonly Column[] {
  if (operation.kind === 'createTable') return operation.table.columns;
  return operation.kind === 'addColumn' ? [operation.column] : [];
}
