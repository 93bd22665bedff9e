import { clausesOf, plainSql } from '../../raw-sql.ts';
import type { Rule } from '../../rule.ts';

/** A foreign key written at its column. */
export const myInlineReferences: Rule = {
  id: 'my-inline-references',
  severity: 'warning',
  flavors: ['mysql', 'mariadb'],
  summary: 'REFERENCES at a column: some servers make a foreign key of it, others ignore it.',

  check: (subject) => {
    const sql = plainSql(subject);
    if (sql === null || !/^(?:CREATE (?:OR REPLACE )?TABLE|ALTER (?:ONLINE |IGNORE )*TABLE) /i.test(sql))
      return null;
    const inline = clausesOf(sql).some(
      (clause) => / REFERENCES /i.test(clause) && !/\bFOREIGN KEY\b/i.test(clause),
    );
    if (!inline) return null;
    return {
      message: 'MySQL 8 reads it and makes no foreign key; MySQL 9 and MariaDB make one',
      help: ['Write it at the table: CONSTRAINT … FOREIGN KEY (…) REFERENCES …, or op.addForeignKey(…).'],
    };
  },
};
