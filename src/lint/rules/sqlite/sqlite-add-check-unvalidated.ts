import { inSql } from '../../raw-sql.ts';
import type { Rule } from '../../rule.ts';

/** ADD COLUMN … CHECK on an old SQLite. */
export const sqliteAddCheckUnvalidated: Rule = {
  id: 'sqlite-add-check-unvalidated',
  severity: 'info',
  flavors: ['sqlite'],
  summary: 'A raw ADD COLUMN with a CHECK; SQLite before 3.37 looks at no row.',

  check: (subject) => {
    const [major, minor] = subject.traits.version;
    if (!inSql(subject, /^ALTER TABLE .* ADD .*\bCHECK \(/i)) return null;
    const isOld = major === 3 && minor < 37;
    return {
      message: isOld
        ? 'this SQLite looks at no row that is there: one that breaks the check stays, and is refused at its next update'
        : 'a row that breaks the check stops it; SQLite before 3.37 lets it pass',
      help: ['Look for such rows first: SELECT … WHERE NOT (…).'],
    };
  },
};
