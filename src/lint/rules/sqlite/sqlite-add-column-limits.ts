import { inSql, nameInSql } from '../../raw-sql.ts';
import type { Rule } from '../../rule.ts';

const pattern = new RegExp(`^ALTER TABLE (${nameInSql}) ADD (?:COLUMN )?${nameInSql} ?(.*)`, 'iu');

const says = (word: RegExp) => (definition: string) => word.test(definition);
const hasValue = says(/\bDEFAULT (?!NULL\b)/i);
const isGenerated = says(/\bAS \(/i);

/** What is refused, in words, and whether only rows make it so. */
const limits: readonly (readonly [(definition: string) => boolean, string, boolean])[] = [
  [says(/\bPRIMARY KEY\b/i), 'that is the primary key', false],
  [says(/\bUNIQUE\b/i), 'that is unique', false],
  [says(/\bSTORED\b/i), 'that is generated and stored', false],
  [says(/\bDEFAULT (?:\(|CURRENT_(?:TIME|DATE|TIMESTAMP))/i), 'with a default that has to be computed', true],
  [
    (text) => says(/\bNOT NULL\b/i)(text) && !hasValue(text) && !isGenerated(text),
    'that must have a value and has no default',
    true,
  ],
  [
    (text) => says(/\bREFERENCES\b/i)(text) && hasValue(text),
    'that refers to another table and has a default',
    true,
  ],
];

/** What ADD COLUMN refuses. */
export const sqliteAddColumnLimits: Rule = {
  id: 'sqlite-add-column-limits',
  severity: 'error',
  flavors: ['sqlite'],
  summary: 'A raw ADD COLUMN says what SQLite cannot add.',

  check: (subject) => {
    const raw = inSql(subject, pattern);
    const definition = raw?.[2];
    if (definition === undefined) return null;
    const limit = limits.find(([test]) => test(definition));
    if (!limit) return null;
    return {
      message: `SQLite adds no column ${limit[1]}${limit[2] ? ', if the table has rows' : ''}`,
      help: ['Say it as an operation: op.addColumn(…) rebuilds the table where it has to.'],
    };
  },
};
