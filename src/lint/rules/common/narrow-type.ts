import { columnBefore, nameOf } from '../../parts.ts';
import type { Rule } from '../../rule.ts';
import { ofKind } from '../../rule.ts';
import { typeChange } from '../../type-change.ts';

/** A type gets shorter, less precise, or of another family. */
export const narrowType: Rule = {
  id: 'narrow-type',
  severity: 'error',
  flavors: ['postgres', 'mysql', 'mariadb'],
  summary: 'A column gets a type that may not hold its values.',

  check: (subject) => {
    const own = ofKind(subject, 'alterColumn');
    if (!own || own.isNew(own.operation.table)) return null;
    const { table, column, changes, was } = own.operation;
    if (!changes.type || own.isNewColumn(table, column)) return null;
    const from = was?.type ?? columnBefore(subject, table, column)?.type;
    if (!from || typeChange(from, changes.type) !== 'narrower') return null;
    return {
      message: `values of ${nameOf(table)}.${column} that do not fit the new type stop it, or are cut short; so are those that running code still writes`,
      help: [
        'Add a column of the new type beside it.',
        'Deploy code that writes both, and fill the new one in batches, looking at what does not fit.',
        'Let code read the new one, and drop the old one in a later revision.',
      ],
      table,
    };
  },
};
