import { nameOf, sqlName, sqlTable } from '../../parts.ts';
import type { Rule } from '../../rule.ts';
import { ofKind } from '../../rule.ts';

/** An old column becomes required. */
export const setNotNull: Rule = {
  id: 'set-not-null',
  severity: 'warning',
  flavors: 'all',
  summary:
    'A column must have a value from then on; it fails on rows without one, and so does code that writes none.',

  check: (subject) => {
    const own = ofKind(subject, 'alterColumn');
    if (!own || own.isNew(own.operation.table)) return null;
    const { table, column, changes, was } = own.operation;
    if (changes.nullable !== false || was?.nullable === false) return null;
    const name = sqlName(column, subject);
    return {
      message: `it fails if a row holds null in ${nameOf(table)}.${column}, and so does every statement that writes null from then on`,
      help: [
        `Deploy code that writes ${column} always, or give it a default.`,
        `Fill what is null, in batches: UPDATE ${sqlTable(table, subject)} SET ${name} = … WHERE ${name} IS NULL.`,
        'Make it required in a revision after that.',
      ],
    };
  },
};
