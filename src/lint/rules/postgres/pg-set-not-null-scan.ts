import { quoteIdentifier } from '../../../dialects/postgres/quote.ts';
import { isPlainName } from '../../../schema/identifiers-in-sql.ts';
import type { Table } from '../../../schema/schema.ts';
import { displayRef, refKey } from '../../../schema/schema.ts';
import type { Rule } from '../../rule.ts';
import { ofKind } from '../../rule.ts';
import { onOldTable } from './reading/acts-of.ts';
import { validation } from './validation.ts';

const conditionOf = (column: string): string =>
  `${isPlainName(column) ? column : quoteIdentifier(column)} IS NOT NULL`;

const bare = (sql: string): string =>
  sql
    .replaceAll(/[()"\s]+/g, ' ')
    .trim()
    .toLowerCase();

/** A valid check of just that, or a column that is NOT NULL already. */
function isProven(table: Table | undefined, column: string): boolean {
  const known = table?.columns.find(({ name }) => name === column);
  const condition = bare(conditionOf(column));
  return (
    known?.nullable === false ||
    (table?.checks.some(({ valid, sql }) => valid && bare(sql) === condition) ?? false)
  );
}

/**
 * SET NOT NULL reads the table under ACCESS EXCLUSIVE, unless a valid check proves that there is no null.
 * https://www.postgresql.org/docs/current/sql-altertable.html
 */
export const pgSetNotNullScan: Rule = {
  id: 'pg-set-not-null-scan',
  severity: 'warning',
  flavors: ['postgres'],
  summary: 'A column of a table in use becomes NOT NULL; reads and writes wait while every row is looked at.',
  check: (subject) => {
    const act = onOldTable(subject, 'set-not-null').find(
      (one) => !isProven(subject.before.tables.get(refKey(one.table)), one.column),
    );
    if (!act) return null;
    const { table, column } = act;
    return {
      message: `reads and writes of ${displayRef(table)} wait while every row is looked at for a null in ${column}`,
      help: [
        `Add a check that looks at no row: op.addCheck('${displayRef(table)}', '${conditionOf(column)}', { valid: false }).`,
        'Then op.validateConstraint: reads and writes go on meanwhile.',
        'Now SET NOT NULL takes an instant; drop the check after it.',
      ],
      table,
      cost: 'scan',
    };
  },
  fix: (subject) => {
    const own = ofKind(subject, 'alterColumn');
    if (own?.operation.changes.nullable !== false) return null;
    const { table, column } = own.operation;
    const check = { name: null, sql: conditionOf(column), valid: false };
    return [
      { kind: 'addCheck', table, check },
      validation(table, check),
      own.operation,
      { kind: 'dropCheck', table, target: { sql: check.sql }, was: null },
    ];
  },
};
