import { displayRef } from '../../../schema/schema.ts';
import type { Rule } from '../../rule.ts';
import { onOldTable } from './reading/acts-of.ts';

/**
 * ADD EXCLUDE builds its index under an ACCESS EXCLUSIVE lock; it has no NOT VALID, and takes no index that is there.
 * https://www.postgresql.org/docs/current/sql-altertable.html
 */
export const pgAddExclusion: Rule = {
  id: 'pg-add-exclusion',
  severity: 'warning',
  flavors: ['postgres'],
  summary:
    'An exclusion constraint is added to a table in use; reads and writes wait while its index is built.',
  check: (subject) => {
    const [act] = onOldTable(subject, 'add-exclusion');
    if (!act) return null;
    const { table } = act;
    return {
      message: `reads and writes of ${displayRef(table)} wait while the index of the constraint is built, and there is no other way to add it`,
      help: ['Add it when few people work, or make a new table with it and move the rows.'],
      table,
      cost: 'index-build',
    };
  },
};
