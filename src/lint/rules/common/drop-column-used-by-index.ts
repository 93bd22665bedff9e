import type { Index, Table } from '../../../schema/schema.ts';
import { nameOf, tableBefore } from '../../parts.ts';
import type { Rule } from '../../rule.ts';
import { ofKind } from '../../rule.ts';

function coveringParts({ uniques, indexes, foreignKeys }: Table, column: string): readonly string[] {
  const list = (columns: readonly string[]) => `(${columns.join(', ')})`;
  const covers = (columns: readonly string[]) => columns.includes(column);
  const keys = foreignKeys.filter(({ columns }) => covers(columns));
  const kept = uniques.filter(({ columns }) => covers(columns));
  const built = indexes.filter(({ parts }) => parts.some((part) => part.column === column));
  const partsOf = ({ parts }: Index) => parts.map((part) => part.column ?? part.sql ?? '');
  return [
    ...kept.map(({ columns }) => `the unique key over ${list(columns)}`),
    ...built.map((index) => `the ${index.unique ? 'unique ' : ''}index over ${list(partsOf(index))}`),
    ...keys.map(
      ({ columns, references }) => `the foreign key ${list(columns)} to ${nameOf(references.table)}`,
    ),
  ];
}

/** A column goes, and with it what covered it. */
export const dropColumnUsedByIndex: Rule = {
  id: 'drop-column-used-by-index',
  severity: 'warning',
  flavors: 'all',
  summary:
    'A column is dropped that an index, a key or a foreign key covers; queries get slow, or rows are no longer kept apart.',

  check: (subject) => {
    const own = ofKind(subject, 'dropColumn');
    if (!own || own.isNew(own.operation.table)) return null;
    const { table, column } = own.operation;
    const whole = tableBefore(subject, table);
    if (!whole || own.isNewColumn(table, column)) return null;
    const covering = coveringParts(whole, column);
    if (covering.length === 0) return null;
    return {
      message: `with ${nameOf(table)}.${column} goes ${covering.join(', ')}`,
      help: [
        'Create the index or key that is to take its place, without the column.',
        'Drop the old one in an operation of its own, so that the revision says it.',
        'Drop the column.',
      ],
    };
  },
};
