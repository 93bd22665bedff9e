// What this server does not have, and would not have meant the same without: refused rather than left out.
// In: parts of tables as their author wrote them. Out: nothing, or a refusal. Must not know compile.

import type { ForeignKey, Table, Unique } from '../../schema/schema.ts';
import { unsupported } from './pieces.ts';

const hint = 'Leave `deferrable` out for this server.';

/** A unique key that is to be checked later. */
export function refuseUnique(kind: string, { columns, deferrable }: Unique): void {
  if (deferrable === 'no') return;
  const what = `unique keys are checked at once: the one over (${columns.join(', ')}) cannot be deferred`;
  throw unsupported(kind, what, hint);
}

/** A foreign key that is to be checked later, or with an action that InnoDB does not have. */
export function refuseForeignKey(kind: string, key: ForeignKey): void {
  const columns = key.columns.join(', ');
  if (key.deferrable !== 'no') {
    const what = `foreign keys are checked at once: the one over (${columns}) cannot be deferred`;
    throw unsupported(kind, what, hint);
  }
  if (key.onDelete !== 'set-default' && key.onUpdate !== 'set-default') return;
  throw unsupported(kind, 'InnoDB has no SET DEFAULT for foreign keys', 'choose another action');
}

/** The same for all parts of a new table. */
export function refuseTable(kind: string, table: Table): void {
  for (const unique of table.uniques) refuseUnique(kind, unique);
  for (const key of table.foreignKeys) refuseForeignKey(kind, key);
}
