import { nameOf } from '../../parts.ts';
import type { Rule } from '../../rule.ts';
import { ofKind } from '../../rule.ts';

/** An old column becomes optional. */
export const dropNotNull: Rule = {
  id: 'drop-not-null',
  severity: 'warning',
  flavors: 'all',
  summary: 'A column may be null from then on; code that relies on a value meets none.',

  check: (subject) => {
    const own = ofKind(subject, 'alterColumn');
    if (!own || own.isNew(own.operation.table)) return null;
    const { table, column, changes, was } = own.operation;
    if (changes.nullable !== true || was?.nullable !== false || own.isNewColumn(table, column)) return null;
    return {
      message: `code that reads ${nameOf(table)}.${column} has relied on a value, and may meet null from then on`,
      help: ['Deploy code that can read null.', 'Make the column optional.', 'Deploy code that writes null.'],
    };
  },
};
