import { nameOf } from '../../parts.ts';
import { inSql, nameInSql, tableInSql } from '../../raw-sql.ts';
import type { Rule } from '../../rule.ts';
import { impactOf } from './impact.ts';

const pattern = new RegExp(
  `^ALTER (?:ONLINE |IGNORE )*TABLE (?:IF EXISTS )?(${nameInSql}).* LOCK (?:= )?(?:SHARED|EXCLUSIVE)\\b`,
  'iu',
);

/** LOCK=SHARED or EXCLUSIVE, forced or asked for. */
export const myLockShared: Rule = {
  id: 'my-lock-shared',
  severity: 'warning',
  flavors: ['mysql', 'mariadb'],
  summary:
    'Writes to the table wait while an index of a special kind is built, or because the statement asks for it.',

  check: (subject) => {
    const impact = impactOf(subject);
    const raw = inSql(subject, pattern)?.[1];
    const table = raw === undefined ? null : tableInSql(raw, subject);
    const isForced = impact?.blocks === true && !impact.rewrites;
    const locked = table ?? impact?.table;
    if (!locked || (!isForced && (table === null || subject.isNew(table)))) return null;
    return {
      message: `writes to ${nameOf(locked)} wait until it is done`,
      help: [
        table === null
          ? 'Do it in a window without writers, or with an online tool.'
          : 'Leave LOCK out, or ask for LOCK=NONE: the server then refuses what it cannot do beside writers.',
      ],
      table: locked,
      cost: 'index-build',
    };
  },
};
