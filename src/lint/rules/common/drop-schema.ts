import { inSql, nameInSql } from '../../raw-sql.ts';
import type { Rule } from '../../rule.ts';
import { ofKind } from '../../rule.ts';

const pattern = new RegExp(`^DROP (SCHEMA|DATABASE) (?:IF EXISTS )?(${nameInSql})`, 'iu');

/** A namespace or a database goes. */
export const dropSchema: Rule = {
  id: 'drop-schema',
  severity: 'error',
  flavors: ['postgres', 'mysql', 'mariadb'],
  summary: 'A schema or a database is dropped, with everything in it.',

  check: (subject) => {
    const own = ofKind(subject, 'dropNamespace');
    const raw = inSql(subject, pattern);
    const name = own?.operation.namespace ?? raw?.[2];
    if (name === undefined) return null;
    return {
      message: `${name} goes with every table in it`,
      help: [
        'Drop its tables one by one, in revisions of their own, once nothing uses them.',
        'Take a backup (`surefoot backup`).',
        'Drop what is empty then, without CASCADE.',
      ],
    };
  },
};
