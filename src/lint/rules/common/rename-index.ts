import { inSql, nameInSql } from '../../raw-sql.ts';
import type { Rule } from '../../rule.ts';

const pattern = new RegExp(
  `^(?:ALTER INDEX (?:IF EXISTS )?(${nameInSql}) RENAME TO|ALTER TABLE (?:${nameInSql}) RENAME (?:INDEX|KEY) (${nameInSql}))`,
  'iu',
);

/** An index gets another name. */
export const renameIndex: Rule = {
  id: 'rename-index',
  severity: 'info',
  flavors: ['postgres', 'mysql', 'mariadb'],
  summary: 'An index is renamed; hints and errors that name it change.',

  check: (subject) => {
    const raw = inSql(subject, pattern);
    if (!raw) return null;
    return {
      message: `index ${raw[1] ?? raw[2]} has another name from then on; hints that say the old one fail, and errors of a unique index say the new one`,
      help: [
        'Look for the old name in index hints and where errors of the database are told apart.',
        'Deploy code that knows both names, then rename.',
      ],
    };
  },
};
