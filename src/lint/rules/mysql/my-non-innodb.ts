import { plainSql } from '../../raw-sql.ts';
import type { Rule } from '../../rule.ts';
import { ofKind } from '../../rule.ts';

const pattern = /\bENGINE (?:= )?(?!InnoDB\b)\w+/i;

/** An engine without transactions. */
export const myNonInnodb: Rule = {
  id: 'my-non-innodb',
  severity: 'info',
  flavors: ['mysql', 'mariadb'],
  summary: 'A table of another engine than InnoDB: no transactions, no foreign keys, no recovery.',

  check: (subject) => {
    const own = ofKind(subject, 'createTable');
    const text = own
      ? `ENGINE = ${String(own.operation.table.options['engine'] ?? 'InnoDB')}`
      : plainSql(subject);
    if (text === null || !pattern.test(text)) return null;
    return {
      message:
        'its rows take part in no transaction, its foreign keys are ignored, and a crash may damage it',
      help: ['Leave ENGINE out.'],
    };
  },
};
