import { columnBefore, nameOf } from '../../parts.ts';
import { inSql, nameInSql, tableInSql } from '../../raw-sql.ts';
import type { Rule } from '../../rule.ts';

const pattern = new RegExp(
  `^(?:CREATE (?:UNIQUE )?INDEX (?:IF NOT EXISTS )?${nameInSql} ON (${nameInSql}) \\(([^()]*)\\)|ALTER TABLE (${nameInSql}) ADD (?:UNIQUE )?(?:INDEX|KEY) (?:${nameInSql} )?\\(([^()]*)\\))`,
  'iu',
);

/** An index over TEXT or BLOB without a length. */
export const myAutoPrefixIndex: Rule = {
  id: 'my-auto-prefix-index',
  severity: 'warning',
  flavors: ['mariadb'],
  summary: 'An index over a long text covers its beginning only; MariaDB chooses how much, in silence.',

  check: (subject) => {
    const raw = inSql(subject, pattern);
    const name = raw?.[1] ?? raw?.[3];
    if (name === undefined) return null;
    const table = tableInSql(name, subject);
    const columns = (raw?.[2] ?? raw?.[4] ?? '')
      .split(',')
      .map((one) => tableInSql(one.trim(), subject).name);
    const long = columns.find((column) => columnBefore(subject, table, column)?.type.kind === 'text');
    if (long === undefined) return null;
    return {
      message: `MariaDB indexes the beginning of ${nameOf(table)}.${long} only, as much as fits, and says nothing; a unique index keeps apart more than is meant, or refuses`,
      help: [`Say how much: ${long}(100); as an operation: { column: '${long}', length: 100 }.`],
    };
  },
};
