import { displayRef } from '../../../schema/schema.ts';
import type { Rule } from '../../rule.ts';
import { onOldTable } from './reading/acts-of.ts';

/**
 * https://www.postgresql.org/docs/current/sql-altertable.html#SQL-ALTERTABLE-DETACH-PARTITION
 */
export const pgDetachNotConcurrent: Rule = {
  id: 'pg-detach-not-concurrent',
  severity: 'warning',
  flavors: ['postgres'],
  summary: 'A partition is detached without CONCURRENTLY; reads and writes of the whole table wait.',
  check: (subject) => {
    const act = onOldTable(subject, 'detach-partition').find((one) => !one.concurrently);
    if (!act) return null;
    return {
      message: `reads and writes of ${displayRef(act.table)} with all of its partitions wait until ${displayRef(act.partition)} is detached`,
      help: [
        'Say DETACH PARTITION … CONCURRENTLY: the statement then runs outside a transaction. It is refused while there is a default partition.',
      ],
    };
  },
};
