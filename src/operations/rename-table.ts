import type { SchemaDraft } from '../schema/draft.ts';
import { triggerKey } from '../schema/draft.ts';
import { renameTableInProgram } from '../schema/rename-in-programs.ts';
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
  const inNewWords = (sql: string) =>
    renameTableInProgram(sql, from.name, { to: to.name, quote: draft.quote });
  for (const trigger of [...draft.triggers.values()]) {
    const table = sameRef(trigger.table, from) ? to : trigger.table;
    const sql = inNewWords(trigger.sql);
    if (table === trigger.table && sql === trigger.sql) continue;
    if (table === to) draft.triggers.delete(triggerKey(trigger));
    draft.triggers.set(triggerKey({ ...trigger, table }), { ...trigger, table, sql });
  }
  for (const [key, view] of draft.views) {
    const sql = inNewWords(view.sql);
    if (sql !== view.sql) draft.views.set(key, { ...view, sql });
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
