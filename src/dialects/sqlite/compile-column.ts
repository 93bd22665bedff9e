// Operations on columns: what ALTER TABLE does by itself without losing anything.

import type { Operation, OperationHandlers } from '../../operations/operation.ts';
import type { SchemaDraft } from '../../schema/draft.ts';
import type { Column, Table } from '../../schema/schema.ts';
import { sameRef } from '../../schema/schema.ts';
import { isConstantDefault } from './defaults.ts';
import { mentions, mentionsColumn, readsColumn } from './expressions.ts';
import { foldTable } from './normalize.ts';
import { nameTable } from './part-names.ts';
import { type Context, ddl, hazard, lookupOf, ordinary, type Piece, tableOf, unsupported } from './pieces.ts';
import { quote, quoteRef, sameName } from './quote.ts';
import { spellCheck, spellColumn } from './spelling.ts';
import { viewsApart } from './views-apart.ts';

type Handlers = OperationHandlers<Context, readonly Piece[] | 'rebuild'>;

/** True if ADD COLUMN takes the column, whatever rows there are. */
function canBeAdded(column: Column): boolean {
  if (column.generated !== null) return !column.generated.stored;
  return column.default === null || isConstantDefault(column.default);
}

function withColumn(table: Table, column: Column): Table {
  return { ...table, columns: [...table.columns, column] };
}

export const addColumn: Handlers['addColumn'] = ({ table: ref, column }, context) => {
  const before = tableOf('addColumn', ref, context);
  const table = nameTable(
    foldTable(withColumn(before, column), lookupOf(context.draft)),
    before,
    context.naming,
  );
  const added = table.columns.at(-1);
  if (added === undefined || !canBeAdded(added)) return 'rebuild';
  const known = new Set(before.checks.map((check) => check.sql));
  const checks = table.checks.filter((check) => !known.has(check.sql)).map(spellCheck);
  const text = [spellColumn(added, table), ...checks].join(' ');
  const needsRow = !added.nullable && added.default === null && added.generated === null;
  const hazards = needsRow ? [hazard('fails-on-rows', 'a table with rows needs a default for it')] : [];
  return [ddl(`ALTER TABLE ${quoteRef(before)} ADD COLUMN ${text}`, ...hazards)];
};

/** True if anything in the table itself needs the column. */
function isUsed(table: Table, name: string): boolean {
  const holds = (columns: readonly string[]) => columns.includes(name);
  return (
    holds(table.primaryKey?.columns ?? []) ||
    table.uniques.some(({ columns }) => holds(columns)) ||
    table.foreignKeys.some(({ columns }) => holds(columns)) ||
    table.checks.some(({ sql }) => mentionsColumn(sql, name)) ||
    table.indexes.some(
      ({ parts, where }) =>
        mentionsColumn(where ?? '', name) ||
        parts.some(({ column, sql }) => column === name || mentionsColumn(sql ?? '', name)),
    )
  );
}

/** The trigger, view or generated column that would be left with a column that is gone. */
function dependant(table: Table, name: string, draft: SchemaDraft): string | null {
  for (const trigger of draft.triggers.values()) {
    const near = sameRef(trigger.table, table) || mentions(trigger.sql, table.name);
    if (near && readsColumn(trigger.sql, name)) return `trigger ${trigger.name}`;
  }
  for (const view of draft.views.values()) {
    if (mentions(view.sql, table.name) && readsColumn(view.sql, name)) return `view ${view.name}`;
  }
  const generated = table.columns.find(
    (column) => !sameName(column.name, name) && mentionsColumn(column.generated?.sql ?? '', name),
  );
  return generated ? `generated column ${generated.name}` : null;
}

export const dropColumn: Handlers['dropColumn'] = ({ table: ref, column: name }, context) => {
  const table = tableOf('dropColumn', ref, context);
  const user = dependant(table, name, context.draft);
  if (user !== null) {
    const message = `dropColumn: ${user} uses ${table.name}.${name}.`;
    throw unsupported('dropColumn', message, `Drop ${user} first, and create it again without the column.`);
  }
  if (isUsed(table, name) || table.columns.length === 1) return 'rebuild';
  const loss = hazard('data-loss', `destroys every value of ${table.name}.${name}`);
  const rewrite = hazard('table-rewrite', `writes every row of ${table.name}`);
  return [ordinary(`ALTER TABLE ${quoteRef(table)} DROP COLUMN ${quote(name)}`, loss, rewrite)];
};

export const renameColumn: Handlers['renameColumn'] = ({ table: ref, from, to }, context) => {
  const table = tableOf('renameColumn', ref, context);
  // The new name stays in quotes, also where SQLite writes it into triggers and views.
  const renaming = ordinary(`ALTER TABLE ${quoteRef(table)} RENAME COLUMN ${quote(from)} TO ${quote(to)}`);
  const { drops, creations } = viewsApart({ kind: 'renameColumn', table: ref, from, to }, context);
  return [...drops, renaming, ...creations];
};

/** An operation that only a rebuild carries out. */
export const rebuild = (_: Operation): 'rebuild' => 'rebuild';
