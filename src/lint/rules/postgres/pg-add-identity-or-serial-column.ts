import { displayRef } from '../../../schema/schema.ts';
import type { Rule } from '../../rule.ts';
import { onOldTable } from './reading/acts-of.ts';

/**
 * https://www.postgresql.org/docs/current/sql-altertable.html#SQL-ALTERTABLE-NOTES
 */
export const pgAddIdentityOrSerialColumn: Rule = {
  id: 'pg-add-identity-or-serial-column',
  severity: 'warning',
  flavors: ['postgres'],
  summary: 'A column with automatic numbers is added to a table in use; every row is written anew meanwhile.',
  check: (subject) => {
    const act = onOldTable(subject, 'add-column').find((one) => one.column.identity);
    if (!act) return null;
    const { table, column } = act;
    return {
      message: `reads and writes of ${displayRef(table)} wait while every row is written anew with its number in ${column.name}`,
      help: [
        `Add ${column.name} as a nullable bigint.`,
        'Fill present rows in batches, each in a transaction of its own; let new code write the others.',
        `Make it NOT NULL by the way of pg-set-not-null-scan, then an identity: op.alterColumn('${displayRef(table)}', '${column.name}', { identity: … }).`,
      ],
      table,
      cost: 'rewrite',
    };
  },
};
