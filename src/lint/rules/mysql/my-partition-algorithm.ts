import { nameOf } from '../../parts.ts';
import { inSql, nameInSql, tableInSql } from '../../raw-sql.ts';
import type { Rule } from '../../rule.ts';

const pattern = new RegExp(
  `^ALTER (?:ONLINE |IGNORE )*TABLE (?:IF EXISTS )?(${nameInSql}).*? (PARTITION BY|REMOVE PARTITIONING|(?:REORGANIZE|COALESCE|DROP|TRUNCATE|REBUILD) PARTITION)\\b`,
  'iu',
);

/** PARTITION BY, REMOVE PARTITIONING, REORGANIZE. */
export const myPartitionAlgorithm: Rule = {
  id: 'my-partition-algorithm',
  severity: 'warning',
  flavors: ['mysql', 'mariadb'],
  summary: 'Partitioning changes; the table is written anew, whatever ALGORITHM says.',

  check: (subject) => {
    const raw = inSql(subject, pattern);
    if (!raw?.[1]) return null;
    const table = tableInSql(raw[1], subject);
    if (subject.isNew(table)) return null;
    const isDropped = /DROP|TRUNCATE/i.test(raw[2] ?? '');
    return {
      message: isDropped
        ? `every row of the partition goes, and nothing brings it back`
        : `rows of ${nameOf(table)} are written anew and writes wait; MariaDB before 11.8 takes ALGORITHM=INSTANT and rewrites all the same`,
      help: isDropped
        ? ['Take a backup (`surefoot backup`), or exchange the partition with a table first.']
        : [
            'Do it in a window without writers, or with an online tool.',
            'Partition a table when it is made.',
          ],
      table,
      cost: 'rewrite',
    };
  },
};
