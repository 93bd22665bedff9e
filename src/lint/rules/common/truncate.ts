import { nameOf } from '../../parts.ts';
import { inSql, nameInSql, tableInSql } from '../../raw-sql.ts';
import type { Rule } from '../../rule.ts';

const pattern = new RegExp(`^TRUNCATE (?:TABLE )?(?:ONLY )?(${nameInSql}).*?( CASCADE)?$`, 'iu');

/** Every row of a table goes. */
export const truncate: Rule = {
  id: 'truncate',
  severity: 'error',
  flavors: ['postgres', 'mysql', 'mariadb'],
  summary: 'A table is emptied; there is no way back, and with CASCADE others are emptied with it.',

  check: (subject) => {
    const raw = inSql(subject, pattern);
    if (!raw?.[1]) return null;
    const table = tableInSql(raw[1], subject);
    if (subject.isNew(table)) return null;
    const others = raw[2] ? ', and of every table that references it, and of those that reference them' : '';
    return {
      message: `every row of ${nameOf(table)} goes${others}, and nothing brings it back`,
      help: [
        'Take a backup (`surefoot backup`).',
        'Delete what is to go in batches by the primary key: op.run(…).',
        ...(raw[2] ? ['Leave CASCADE out, and name each table that is meant.'] : []),
      ],
    };
  },
};
