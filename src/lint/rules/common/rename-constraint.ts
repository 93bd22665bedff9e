import { inSql, nameInSql } from '../../raw-sql.ts';
import type { Rule } from '../../rule.ts';

const pattern = new RegExp(
  `^ALTER TABLE (?:IF EXISTS )?(?:ONLY )?(${nameInSql}) RENAME CONSTRAINT (${nameInSql})`,
  'iu',
);

/** A constraint gets another name. */
export const renameConstraint: Rule = {
  id: 'rename-constraint',
  severity: 'info',
  flavors: ['postgres'],
  summary: 'A constraint is renamed; code that names it no longer finds it.',

  check: (subject) => {
    const raw = inSql(subject, pattern);
    if (!raw) return null;
    return {
      message: `constraint ${raw[2]} of ${raw[1]} has another name from then on; ON CONFLICT ON CONSTRAINT and code that tells errors by it no longer know it`,
      help: [
        'Look for the old name in ON CONFLICT clauses and where errors of the database are told apart.',
        'Deploy code that knows both names, then rename.',
      ],
    };
  },
};
