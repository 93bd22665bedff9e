import { inSql, nameInSql, tableInSql } from '../../raw-sql.ts';
import type { Rule } from '../../rule.ts';

const pattern = new RegExp(
  `^ALTER (?:ONLINE |IGNORE )*TABLE (?:IF EXISTS )?(${nameInSql}) AUTO_INCREMENT\\b`,
  'iu',
);

/** AUTO_INCREMENT = n. */
export const myAutoIncrementValue: Rule = {
  id: 'my-auto-increment-value',
  severity: 'info',
  flavors: ['mysql', 'mariadb'],
  summary: 'A revision sets the next automatic number; databases differ in theirs.',

  check: (subject) => {
    const raw = inSql(subject, pattern)?.[1];
    if (raw === undefined || subject.isNew(tableInSql(raw, subject))) return null;
    return {
      message: `the next number of ${raw} is a matter of each database: one that is ahead keeps its own, and Surefoot does not compare it`,
      help: ['Set it where the rows are: in op.run(…), from the largest number that is there.'],
    };
  },
};
