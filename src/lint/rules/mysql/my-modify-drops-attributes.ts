import type { Column } from '../../../schema/schema.ts';
import { columnBefore, nameOf } from '../../parts.ts';
import { clausesOf, inSql, nameInSql, tableInSql } from '../../raw-sql.ts';
import type { Rule } from '../../rule.ts';

const pattern = new RegExp(`^ALTER (?:ONLINE |IGNORE )*TABLE (?:IF EXISTS )?(${nameInSql}) (.*)`, 'iu');
const clausePattern = new RegExp(
  `^(?:MODIFY (?:COLUMN )?(?:IF EXISTS )?|CHANGE (?:COLUMN )?(?:IF EXISTS )?(?=${nameInSql} ${nameInSql}))(${nameInSql}) (.*)`,
  'iu',
);

/** What the column has and the definition does not say. */
function lostOf(column: Column, definition: string): readonly string[] {
  const says = (word: RegExp) => word.test(definition);
  return [
    ...(!column.nullable && !says(/\bNOT NULL\b|\bPRIMARY KEY\b/i) ? ['NOT NULL'] : []),
    ...(column.default && !says(/\bDEFAULT\b/i) ? ['its default'] : []),
    ...(column.identity && !says(/\bAUTO_INCREMENT\b/i) ? ['AUTO_INCREMENT'] : []),
    ...(column.onUpdate && !says(/\bON UPDATE\b/i) ? ['ON UPDATE'] : []),
    ...(column.comment && !says(/\bCOMMENT\b/i) ? ['its comment'] : []),
    ...(column.collation && !says(/\bCOLLATE\b|\bCHARACTER SET\b|\bCHARSET\b/i) ? ['its collation'] : []),
  ];
}

/** MODIFY without all that the column had. */
export const myModifyDropsAttributes: Rule = {
  id: 'my-modify-drops-attributes',
  severity: 'error',
  flavors: ['mysql', 'mariadb'],
  summary: 'A raw MODIFY or CHANGE leaves attributes of the column out, and they are gone.',

  check: (subject) => {
    const raw = inSql(subject, pattern);
    if (!raw?.[1]) return null;
    const table = tableInSql(raw[1], subject);
    for (const clause of clausesOf(raw[2] ?? '')) {
      const [, name, definition = ''] = clausePattern.exec(clause) ?? [];
      const column = name && columnBefore(subject, table, tableInSql(name, subject).name);
      const lost = column ? lostOf(column, definition) : [];
      if (lost.length === 0) continue;
      return {
        message: `${nameOf(table)}.${tableInSql(name ?? '', subject).name} loses ${lost.join(', ')}: what MODIFY does not repeat is gone`,
        help: [
          'Repeat the whole definition of the column.',
          'Or say only what changes: op.alterColumn(…) writes the rest.',
        ],
        table,
      };
    }
    return null;
  },
};
