import type { SchemaDraft } from '../schema/draft.ts';
import { triggerKey } from '../schema/draft.ts';
import { mentions, renameIn } from '../schema/identifiers-in-sql.ts';
import type { Table, TableRef } from '../schema/schema.ts';
import { displayRef, refKey, sameRef } from '../schema/schema.ts';
import type { OperationHandler } from './handler.ts';
import { tableObject } from './handler.ts';

function retarget(table: Table, from: TableRef, to: TableRef): Table {
  if (!table.foreignKeys.some((key) => sameRef(key.references.table, from))) return table;
  return {
    ...table,
    foreignKeys: table.foreignKeys.map((key) =>
      sameRef(key.references.table, from) ? { ...key, references: { ...key.references, table: to } } : key,
    ),
  };
}

/** Triggers move along; the text of triggers and views says the new name. */
function movePrograms(draft: SchemaDraft, from: TableRef, to: TableRef): void {
  for (const trigger of [...draft.triggers.values()]) {
    if (!sameRef(trigger.table, from)) continue;
    draft.triggers.delete(triggerKey(trigger));
    const sql = renameIn(trigger.sql, from.name, to.name);
    draft.triggers.set(triggerKey({ ...trigger, table: to }), { ...trigger, table: to, sql });
  }
  for (const [key, view] of draft.views) {
    if (mentions(view.sql, from.name))
      draft.views.set(key, { ...view, sql: renameIn(view.sql, from.name, to.name) });
  }
}

export const renameTable: OperationHandler<'renameTable'> = {
  role: 'alter',
  apply: (draft, { from, to }) => {
    const table = draft.tables.get(refKey(from));
    if (!table) return;
    draft.tables.delete(refKey(from));
    draft.tables.set(refKey(to), { ...table, namespace: to.namespace, name: to.name });
    for (const [key, other] of draft.tables) {
      const moved = retarget(other, from, to);
      if (moved !== other) draft.tables.set(key, moved);
    }
    movePrograms(draft, from, to);
  },
  invert: ({ from, to }) => [{ kind: 'renameTable', from: to, to: from }],
  describe: ({ from, to }) => `rename table ${displayRef(from)} to ${displayRef(to)}`,
  touches: ({ from, to }) => [tableObject(from), tableObject(to)],
};
