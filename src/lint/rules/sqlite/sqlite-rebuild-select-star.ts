import { inSql, nameInSql } from '../../raw-sql.ts';
import type { Rule } from '../../rule.ts';

const pattern = new RegExp(
  `^(?:INSERT|REPLACE)(?: OR \\w+)? INTO (${nameInSql})(?: \\([^()]*\\))? SELECT \\*`,
  'iu',
);

/** INSERT … SELECT * between tables. */
export const sqliteRebuildSelectStar: Rule = {
  id: 'sqlite-rebuild-select-star',
  severity: 'error',
  flavors: ['sqlite'],
  summary: 'Rows are copied with SELECT *; columns may land in the wrong place.',

  check: (subject) => {
    const raw = inSql(subject, pattern);
    if (!raw?.[1]) return null;
    return {
      message: `columns are matched by place, not by name: another order in ${raw[1]} puts values into the wrong ones, and a generated column stops it`,
      help: ['Name the columns on both sides: INSERT INTO … (a, b) SELECT a, b FROM ….'],
    };
  },
};
