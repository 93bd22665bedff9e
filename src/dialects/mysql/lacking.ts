// What this server does not have, and would not have meant the same without: refused rather than left out.
// In: parts of tables as their author wrote them. Out: nothing, or a refusal. Must not know compile.

import type { Column, ForeignKey, Table, Unique } from '../../schema/schema.ts';
import { unsupported } from './pieces.ts';
import type { MysqlTraits } from './traits.ts';

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

/** Functions that MySQL calls unsafe: every call gives something else, and a replica something else again. */
const unsafe =
  /\b(?:uuid|uuid_short|rand|random_bytes|sysdate|connection_id|version|(?:current_|session_|system_)?user)\s*\(|\bcurrent_user\b/i;

/**
 * True: MySQL refuses ADD COLUMN with this default (ER_BINLOG_UNSAFE_SYSTEM_FUNCTION, 1674), with a binary log or without,
 * whether or not the table has rows. CREATE TABLE and ALTER COLUMN take it.
 */
export function variesByRow({ default: value }: Column, { flavor }: MysqlTraits): boolean {
  return flavor === 'mysql' && value?.kind === 'expression' && unsafe.test(value.sql);
}

/** Such a column comes in three steps, and each is the author's to see. */
export function refuseVarying(column: Column, traits: MysqlTraits): void {
  if (!variesByRow(column, traits)) return;
  throw unsupported(
    'addColumn',
    `MySQL adds no column with a default that differs from row to row: ${column.name}`,
    'Add it nullable and without the default, fill it with op.backfill or op.execute, then give it the default with op.alterColumn.',
  );
}
