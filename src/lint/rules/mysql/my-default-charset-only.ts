import { inSql, nameInSql } from '../../raw-sql.ts';
import type { Rule } from '../../rule.ts';

const pattern = new RegExp(
  `^ALTER (?:ONLINE |IGNORE )*TABLE (?:IF EXISTS )?(${nameInSql}) (?:DEFAULT )?(?:CHARACTER SET|CHARSET|COLLATE)\\b`,
  'iu',
);

/** Only the default of new columns changes. */
export const myDefaultCharsetOnly: Rule = {
  id: 'my-default-charset-only',
  severity: 'info',
  flavors: ['mysql', 'mariadb'],
  summary: 'The default character set of a table changes; its columns keep theirs.',

  check: (subject) => {
    const raw = inSql(subject, pattern)?.[1];
    if (raw === undefined) return null;
    return {
      message: `columns of ${raw} that are there keep their character set; only new ones get the other`,
      help: ['If they are meant, too: ALTER TABLE … CONVERT TO CHARACTER SET …, or column by column.'],
    };
  },
};
