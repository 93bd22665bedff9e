import { isPrefix, keysOf, tableBefore } from '../../parts.ts';
import { inSql, nameInSql, tableInSql } from '../../raw-sql.ts';
import type { Rule } from '../../rule.ts';

const pattern = new RegExp(
  `^(?:DROP INDEX (?:IF EXISTS )?(${nameInSql}) ON (${nameInSql})|ALTER TABLE (${nameInSql}) DROP (?:INDEX|KEY) (${nameInSql}))`,
  'iu',
);

/** The only index of a foreign key is dropped. */
export const myDropFkIndex: Rule = {
  id: 'my-drop-fk-index',
  severity: 'error',
  flavors: ['mysql', 'mariadb'],
  summary: 'A raw statement drops the index that a foreign key needs; the server refuses.',

  check: (subject) => {
    const raw = inSql(subject, pattern);
    const place = raw?.[2] ?? raw?.[3];
    const index = raw?.[1] ?? raw?.[4];
    if (place === undefined || index === undefined) return null;
    const whole = tableBefore(subject, tableInSql(place, subject));
    const name = tableInSql(index, subject).name;
    if (!whole) return null;
    const rest = { ...whole, indexes: whole.indexes.filter((one) => one.name !== name) };
    const isDropped = rest.indexes.length < whole.indexes.length;
    const key = whole.foreignKeys.find(
      ({ columns }) => isDropped && !keysOf(rest).some((one) => isPrefix(columns, one)),
    );
    if (!key) return null;
    return {
      message: `the foreign key over (${key.columns.join(', ')}) needs ${name}: the server refuses to drop it (error 1553)`,
      help: [
        'Create the index that is to take its place first.',
        'Or drop the foreign key first. As an operation, op.dropIndex(…), Surefoot makes the index that the key needs.',
      ],
    };
  },
};
