import { displayRef } from '../../../schema/schema.ts';
import type { Rule } from '../../rule.ts';
import { actsOfKind, isNewTable } from './reading/acts-of.ts';

/**
 * CREATE TABLE … PARTITION OF takes ACCESS EXCLUSIVE on the parent; ATTACH PARTITION does not.
 * https://www.postgresql.org/docs/current/ddl-partitioning.html
 */
export const pgPartitionOfLock: Rule = {
  id: 'pg-partition-of-lock',
  severity: 'warning',
  flavors: ['postgres'],
  summary: 'A partition is made in place; reads and writes of the whole table wait for it.',
  check: (subject) => {
    const act = actsOfKind(subject, 'create-partition').find(({ parent }) => !isNewTable(subject, parent));
    if (!act) return null;
    const parent = displayRef(act.parent);
    return {
      message: `reads and writes of ${parent} with all of its partitions wait for the new one, and a default partition is read from end to end`,
      help: [
        `Make the table by itself: CREATE TABLE ${displayRef(act.table)} (LIKE ${parent} INCLUDING ALL).`,
        `Then ALTER TABLE ${parent} ATTACH PARTITION ${displayRef(act.table)} FOR VALUES …: it lets others read and write.`,
      ],
    };
  },
};
