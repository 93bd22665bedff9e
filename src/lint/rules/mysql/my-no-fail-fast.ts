import { inSql, nameInSql, tableInSql } from '../../raw-sql.ts';
import type { Rule } from '../../rule.ts';

const pattern = new RegExp(`^ALTER (?:ONLINE |IGNORE )*TABLE (?:IF EXISTS )?(${nameInSql}).*`, 'iu');

/** ALTER TABLE without ALGORITHM or LOCK. */
export const myNoFailFast: Rule = {
  id: 'my-no-fail-fast',
  severity: 'info',
  flavors: ['mysql', 'mariadb'],
  summary: 'A raw ALTER TABLE asks for no algorithm; the server copies the table in silence where it has to.',

  check: (subject) => {
    const raw = inSql(subject, pattern);
    if (!raw?.[1] || /\b(?:ALGORITHM|LOCK)\b/i.test(raw[0])) return null;
    const table = tableInSql(raw[1], subject);
    if (subject.isNew(table)) return null;
    return {
      message:
        'where it can be done neither instantly nor in place, the server copies the table without a word',
      help: [
        'Append ALGORITHM=INSTANT. Where that is refused (error 1845, 1846 or 4092): ALGORITHM=INPLACE, LOCK=NONE. It is refused before anything is done.',
      ],
    };
  },
};
