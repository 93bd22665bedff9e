import { inSql, nameInSql } from '../../raw-sql.ts';
import type { Rule } from '../../rule.ts';

const pattern = new RegExp(`^ALTER SCHEMA (${nameInSql}) RENAME TO (${nameInSql})`, 'iu');

/** A namespace gets another name while the old one is in use. */
export const renameSchema: Rule = {
  id: 'rename-schema',
  severity: 'warning',
  flavors: ['postgres'],
  summary: 'A schema is renamed; whatever names it fails at once.',

  check: (subject) => {
    const raw = inSql(subject, pattern);
    if (!raw) return null;
    return {
      message: `schema ${raw[1]} is called ${raw[2]} from then on; queries and a search_path that say ${raw[1]} find nothing`,
      help: [
        'Let code find its tables by search_path, and put both names on it.',
        'Rename the schema.',
        'Take the old name off the search_path.',
      ],
    };
  },
};
