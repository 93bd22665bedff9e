import { displayRef } from '../../../schema/schema.ts';
import { inText, sqlTable } from '../../parts.ts';
import type { Rule } from '../../rule.ts';
import { onOldTable } from './reading/acts-of.ts';

/**
 * ADD UNIQUE builds its index under an ACCESS EXCLUSIVE lock.
 * https://www.postgresql.org/docs/current/sql-altertable.html
 */
export const pgAddUniqueConstraint: Rule = {
  id: 'pg-add-unique-constraint',
  severity: 'warning',
  flavors: ['postgres'],
  summary: 'A unique constraint is added to a table in use; reads and writes wait while its index is built.',
  check: (subject) => {
    const act = onOldTable(subject, 'add-unique', 'add-column').find((one) =>
      one.kind === 'add-column' ? one.column.unique : !one.usesIndex,
    );
    if (!act) return null;
    const { table } = act;
    const name = displayRef(table);
    return {
      message: `reads and writes of ${name} wait while the index of the constraint is built`,
      help: [
        `Build the index first: op.createIndex(${inText(name)}, …, { name: 'uq_…', unique: true, concurrently: true }).`,
        `Then make it a constraint, which takes an instant: op.execute('ALTER TABLE ${sqlTable(table, subject)} ADD CONSTRAINT uq_… UNIQUE USING INDEX uq_…', …).`,
      ],
      table,
      cost: 'index-build',
    };
  },
};
