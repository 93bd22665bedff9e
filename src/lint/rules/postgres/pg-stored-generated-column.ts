import { displayRef } from '../../../schema/schema.ts';
import type { Rule } from '../../rule.ts';
import { onOldTable } from './reading/acts-of.ts';

/**
 * https://www.postgresql.org/docs/current/ddl-generated-columns.html
 */
export const pgStoredGeneratedColumn: Rule = {
  id: 'pg-stored-generated-column',
  severity: 'warning',
  flavors: ['postgres'],
  summary: 'A stored generated column is added to a table in use; every row is written anew meanwhile.',
  check: (subject) => {
    const act = onOldTable(subject, 'add-column').find((one) => one.column.stored);
    if (!act) return null;
    const { table, column } = act;
    const [major] = subject.traits.version;
    const plain = [
      `Add ${column.name} as an ordinary column, filled by a trigger.`,
      'Fill present rows in batches, each in a transaction of its own.',
    ];
    return {
      message: `reads and writes of ${displayRef(table)} wait while every row is written anew for ${column.name}`,
      help:
        major < 18
          ? plain
          : [
              `Compute it when it is read: t.….generatedAs('…', { stored: false }), which needs PostgreSQL 18.`,
              `Or: ${plain.join(' ')}`,
            ],
      table,
      cost: 'rewrite',
    };
  },
};
