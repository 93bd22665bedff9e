import { locksOldTable, nameOf } from '../../parts.ts';
import { inSql, nameInSql, tableInSql } from '../../raw-sql.ts';
import type { Rule } from '../../rule.ts';

const pattern = new RegExp(
  `^(?:UPDATE (?:ONLY )?(${nameInSql})|DELETE FROM (?:ONLY )?(${nameInSql})|(?:INSERT|REPLACE) INTO (${nameInSql}).* SELECT )(?!.* LIMIT )`,
  'iu',
);

/** A statement over many rows shares a revision with DDL. */
export const dataUpdateWithDdl: Rule = {
  id: 'data-update-with-ddl',
  severity: 'warning',
  flavors: 'all',
  summary:
    'Rows of a table in use are written in the same revision as its schema; locks are held for as long.',

  check: (subject) => {
    const raw = inSql(subject, pattern);
    const name = raw?.[1] ?? raw?.[2] ?? raw?.[3];
    if (name === undefined) return null;
    const table = tableInSql(name, subject);
    if (subject.isNew(table) || !subject.siblings.some((one) => locksOldTable(one, subject))) return null;
    return {
      message: subject.traits.transactionalDdl
        ? `the locks of the schema changes beside it are held until every row of ${nameOf(table)} is written`
        : `the schema changes beside it commit by themselves: if it fails, half of the revision has happened`,
      help: [
        'Change the schema in one revision.',
        'Write the rows in another, in batches of short transactions: op.backfill(…).',
        'Rely on the new values in a third.',
      ],
      table,
      cost: 'rewrite',
    };
  },
};
