import { inSql, nameInSql } from '../../raw-sql.ts';
import type { Rule } from '../../rule.ts';

const pattern = new RegExp(`^ALTER TYPE (${nameInSql}) RENAME VALUE`, 'iu');

/** A value of an enum gets another name while the old one is in use. */
export const renameEnumValue: Rule = {
  id: 'rename-enum-value',
  severity: 'warning',
  flavors: ['postgres'],
  summary: 'A value of an enum is renamed; code that writes or compares the old one fails.',

  check: (subject) => {
    const raw = inSql(subject, pattern);
    if (!raw) return null;
    return {
      message: `a value of ${raw[1]} has another name from then on; the release that is running still says the old one, which is an error in its queries`,
      help: [
        'Add the new value beside the old one: op.addEnumValue(…).',
        'Deploy code that reads both and writes the new one.',
        'Move the rows in batches; the old value may stay.',
      ],
    };
  },
};
