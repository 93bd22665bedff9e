import { displayRef } from '../../../schema/schema.ts';
import { inText, sqlTable } from '../../parts.ts';
import type { Rule } from '../../rule.ts';
import { onOldTable } from './reading/acts-of.ts';

/**
 * ADD PRIMARY KEY builds its index under an ACCESS EXCLUSIVE lock, and reads the table for nulls.
 * https://www.postgresql.org/docs/current/sql-altertable.html
 */
export const pgAddPrimaryKey: Rule = {
  id: 'pg-add-primary-key',
  severity: 'warning',
  flavors: ['postgres'],
  summary: 'A primary key is added to a table in use; reads and writes wait while its index is built.',
  check: (subject) => {
    const act = onOldTable(subject, 'add-primary-key', 'add-column').find((one) =>
      one.kind === 'add-column' ? one.column.primaryKey : !one.usesIndex,
    );
    if (!act) return null;
    const { table } = act;
    const name = displayRef(table);
    return {
      message: `reads and writes of ${name} wait while the table is read for nulls and the index of the key is built`,
      help: [
        'Make its columns NOT NULL by the way of pg-set-not-null-scan.',
        `Build the index: op.createIndex(${inText(name)}, …, { name: 'pk_…', unique: true, concurrently: true }).`,
        `Make it the key, which takes an instant: op.execute('ALTER TABLE ${sqlTable(table, subject)} ADD CONSTRAINT pk_… PRIMARY KEY USING INDEX pk_…', …).`,
      ],
      table,
      cost: 'index-build',
    };
  },
};
