import type { TableRef } from '../../../schema/schema.ts';
import { columnBefore, nameOf, sqlName, sqlTable } from '../../parts.ts';
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
    const inSql = (column: string | undefined) => sqlName(column ?? '', subject);
    const { columns, table: to } = foreignKey.references;
    const pairs = foreignKey.columns.map((column, i) => `p.${inSql(columns[i])} = c.${inSql(column)}`);
    const given = foreignKey.columns.map((column) => `c.${inSql(column)} IS NOT NULL`);
    const tables = `${sqlTable(table, subject)} c LEFT JOIN ${sqlTable(to, subject)} p`;
    return {
      message: `it fails if a row of ${name} has no parent in ${parent}, and so does every statement that writes such a row from then on`,
      help: [
        `Look for them: SELECT * FROM ${tables} ON ${pairs.join(' AND ')} WHERE p.${inSql(columns[0])} IS NULL AND ${given.join(' AND ')}.`,
        'Deploy code that writes parents first and takes children away first, and settle the orphans.',
        'Add the key in a revision after that.',
      ],
    };
  },
};
