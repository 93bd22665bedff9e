import type { SchemaDraft } from '../schema/draft.ts';
import { renameIn } from '../schema/identifiers-in-sql.ts';
import { columnsIn, renameColumnInProgram, usesOfColumn } from '../schema/rename-in-programs.ts';
import type { Index, Ref, Table, TableRef } from '../schema/schema.ts';
import { displayRef, refOf, sameRef } from '../schema/schema.ts';
import type { OperationHandler } from './handler.ts';
import { changeTable, tableObject } from './handler.ts';
import { renameInOptions } from './options.ts';

interface Renaming {
  readonly from: string;
  readonly to: string;
}

const renamed = (name: string, { from, to }: Renaming): string => (name === from ? to : name);
const inText = (sql: string, { from, to }: Renaming): string => renameIn(sql, from, to);

function inIndex(index: Index, renaming: Renaming): Index {
  return {
    ...index,
    parts: index.parts.map((part) => ({
      ...part,
      column: part.column === null ? null : renamed(part.column, renaming),
      sql: part.sql === null ? null : inText(part.sql, renaming),
    })),
    include: index.include.map((name) => renamed(name, renaming)),
    where: index.where === null ? null : inText(index.where, renaming),
  };
}

function inTable(table: Table, renaming: Renaming): Table {
  const names = (list: readonly string[]) => list.map((name) => renamed(name, renaming));
  return {
    ...table,
    columns: table.columns.map((column) => ({
      ...column,
      name: renamed(column.name, renaming),
      generated: column.generated && { ...column.generated, sql: inText(column.generated.sql, renaming) },
    })),
    primaryKey: table.primaryKey && { ...table.primaryKey, columns: names(table.primaryKey.columns) },
    uniques: table.uniques.map((unique) => ({ ...unique, columns: names(unique.columns) })),
    foreignKeys: table.foreignKeys.map((key) => ({ ...key, columns: names(key.columns) })),
    checks: table.checks.map((check) => ({ ...check, sql: inText(check.sql, renaming) })),
    indexes: table.indexes.map((index) => inIndex(index, renaming)),
    options: renameInOptions(table.options, renaming.from, renaming.to),
  };
}

function inReferences(draft: SchemaDraft, ref: TableRef, renaming: Renaming): void {
  for (const [key, table] of draft.tables) {
    if (!table.foreignKeys.some((one) => sameRef(one.references.table, ref))) continue;
    const foreignKeys = table.foreignKeys.map((one) =>
      sameRef(one.references.table, ref)
        ? {
            ...one,
            references: {
              ...one.references,
              columns: one.references.columns.map((name) => renamed(name, renaming)),
            },
          }
        : one,
    );
    draft.tables.set(key, { ...table, foreignKeys });
  }
}

/**
 * Triggers and views that say the column: servers that keep their text in step write the new name. A view that gives it on
 * under its name is followed by those that read it there.
 */
function renameInPrograms(
  draft: SchemaDraft,
  ref: Ref,
  { from, to }: Renaming,
  seen: ReadonlySet<string> = new Set(),
): void {
  const columnsOf = columnsIn(draft, ref);
  const meant = { table: ref.name, column: from };
  const inNewWords = (sql: string) =>
    renameColumnInProgram(sql, { ...meant, to, quote: draft.quote }, columnsOf);
  for (const [key, trigger] of draft.triggers) {
    const sql = inNewWords(trigger.sql);
    if (sql !== trigger.sql) draft.triggers.set(key, { ...trigger, sql });
  }
  for (const [key, view] of draft.views) {
    const sql = inNewWords(view.sql);
    if (sql === view.sql || seen.has(key)) continue;
    draft.views.set(key, { ...view, sql });
    const isGivenOn = usesOfColumn(view.sql, meant, columnsOf).some(({ givenTo }) => givenTo === 'reader');
    if (isGivenOn) renameInPrograms(draft, refOf(view), { from, to }, new Set([...seen, key]));
  }
}

export const renameColumn: OperationHandler<'renameColumn'> = {
  role: 'alter',
  apply: (draft, { table, from, to }) => {
    changeTable(draft, table, (one) => inTable(one, { from, to }));
    inReferences(draft, table, { from, to });
    renameInPrograms(draft, table, { from, to });
  },
  invert: ({ table, from, to }) => [{ kind: 'renameColumn', table, from: to, to: from }],
  describe: ({ table, from, to }) => `rename column ${displayRef(table)}.${from} to ${to}`,
  touches: ({ table }) => [tableObject(table)],
};
