import type { TableRef } from '../../../schema/schema.ts';
import { columnBefore, nameOf } from '../../parts.ts';
import type { LintSubject, Rule } from '../../rule.ts';
import { ofKind } from '../../rule.ts';

/** A column that the plan has added, with nothing in it. */
function isEmptyColumn(subject: LintSubject, table: TableRef, name: string): boolean {
  const column = columnBefore(subject, table, name);
  return subject.isNewColumn(table, name) && column?.nullable === true && column.default === null;
}

/** A foreign key comes over rows that are there. */
export const addForeignKeyExisting: Rule = {
  id: 'add-foreign-key-existing',
  severity: 'warning',
  flavors: 'all',
  summary:
    'Rows that are there must have a parent from then on; orphans stop it, and code that writes them fails.',

  check: (subject) => {
    const own = ofKind(subject, 'addForeignKey');
    if (!own || own.isNew(own.operation.table)) return null;
    const { table, foreignKey } = own.operation;
    if (foreignKey.columns.every((column) => isEmptyColumn(subject, table, column))) return null;
    const [name, parent] = [nameOf(table), nameOf(foreignKey.references.table)];
    const pairs = foreignKey.columns.map(
      (column, i) => `p.${foreignKey.references.columns[i] ?? ''} = c.${column}`,
    );
    const given = foreignKey.columns.map((column) => `c.${column} IS NOT NULL`);
    return {
      message: `it fails if a row of ${name} has no parent in ${parent}, and so does every statement that writes such a row from then on`,
      help: [
        `Look for them: SELECT * FROM ${name} c LEFT JOIN ${parent} p ON ${pairs.join(' AND ')} WHERE p.${foreignKey.references.columns[0] ?? ''} IS NULL AND ${given.join(' AND ')}.`,
        'Deploy code that writes parents first and takes children away first, and settle the orphans.',
        'Add the key in a revision after that.',
      ],
    };
  },
};
