import { nameOf } from '../../parts.ts';
import { inSql, nameInSql, tableInSql } from '../../raw-sql.ts';
import type { Rule } from '../../rule.ts';
import { ofKind } from '../../rule.ts';

const pattern = new RegExp(
  `^ALTER (?:ONLINE |IGNORE )*TABLE (?:IF EXISTS )?(${nameInSql}).* (?:CONVERT TO (?:CHARACTER SET|CHARSET)|(?:MODIFY|CHANGE) .*(?:CHARACTER SET|CHARSET|COLLATE))`,
  'iu',
);

/** Texts get another character set or collation. */
export const myCharsetConvert: Rule = {
  id: 'my-charset-convert',
  severity: 'warning',
  flavors: ['mysql', 'mariadb'],
  summary: 'A character set or a collation changes; rows are written anew, and unique values may collide.',

  check: (subject) => {
    const own = ofKind(subject, 'alterColumn');
    const raw = inSql(subject, pattern)?.[1];
    const isOwn = own && own.operation.changes.collation !== undefined && !own.operation.changes.type;
    const table = isOwn ? own.operation.table : raw === undefined ? null : tableInSql(raw, subject);
    if (!table || subject.isNew(table)) return null;
    return {
      message: `texts of ${nameOf(table)} compare and sort otherwise from then on: unique values may collide, and rows or indexes are written anew`,
      help: [
        'Look for values that would be equal: GROUP BY the column COLLATE the new one, HAVING count(*) > 1.',
        'Change one column in each revision, and both sides of a foreign key together.',
      ],
      table,
      cost: 'rewrite',
    };
  },
};
