import type { ColumnType } from '../../../schema/schema.ts';
import { columnBefore, nameOf } from '../../parts.ts';
import type { LintSubject, Rule } from '../../rule.ts';
import { ofKind } from '../../rule.ts';
import { typeChange } from '../../type-change.ts';

function isOther(from: ColumnType, to: ColumnType, { traits }: LintSubject): boolean {
  const change = typeChange(from, to);
  // SQLite keeps every value: nothing is narrower there.
  if (traits.rebuildsTables && change === 'narrower') return from.kind !== to.kind;
  return change === 'other';
}

/** A type becomes another that holds every value. */
export const changeType: Rule = {
  id: 'change-type',
  severity: 'warning',
  flavors: 'all',
  summary: 'A column gets a type of another kind; code that was loaded before expects the old one.',

  check: (subject) => {
    const own = ofKind(subject, 'alterColumn');
    if (!own || own.isNew(own.operation.table)) return null;
    const { table, column, changes, was } = own.operation;
    if (!changes.type || own.isNewColumn(table, column)) return null;
    const from = was?.type ?? columnBefore(subject, table, column)?.type;
    if (!from || !isOther(from, changes.type, subject)) return null;
    return {
      message: `${nameOf(table)}.${column} comes as another type from then on: prepared statements, casts and drivers of running code expect the old one`,
      help: [
        'Add a column of the new type beside it, and let code write both.',
        'Fill it in batches, let code read it, and drop the old one in a later revision.',
      ],
      table,
      cost: 'rewrite',
    };
  },
};
