import type { Table } from '../../../schema/schema.ts';
import { columnsOf, foreignKeysOf, isSameTable, nameOf, tableBefore } from '../../parts.ts';
import type { Rule } from '../../rule.ts';

function isUnique({ primaryKey, uniques, indexes }: Table, columns: readonly string[]): boolean {
  const wanted = columns.toSorted().join('\\0');
  const keys = [
    ...(primaryKey ? [primaryKey.columns] : []),
    ...uniques.map((unique) => unique.columns),
    ...indexes.filter(({ unique }) => unique).map(columnsOf),
  ];
  return keys.some((key) => key.toSorted().join('\\0') === wanted);
}

/** The parent columns of a foreign key are not unique. */
export const myFkNonUniqueParent: Rule = {
  id: 'my-fk-non-unique-parent',
  severity: 'error',
  flavors: ['mysql', 'mariadb'],
  summary: 'A foreign key points at columns that no unique key covers; MySQL 8.4 refuses it.',

  check: (subject) => {
    for (const { table, key } of foreignKeysOf(subject.operation)) {
      const { operation } = subject;
      const isOwn = operation.kind === 'createTable' && isSameTable(table, key.references.table);
      const parent = isOwn ? operation.table : tableBefore(subject, key.references.table);
      if (!parent || isUnique(parent, key.references.columns)) continue;
      const name = `${nameOf(key.references.table)} (${key.references.columns.join(', ')})`;
      return {
        message: `no unique key covers ${name}: MySQL refuses the foreign key from 8.4 on (error 6125), and what ON DELETE means is not defined before`,
        help: [`Make ${name} unique first, or let the key point at the primary key.`],
      };
    }
    return null;
  },
};
