import { earlierOf, nameOf } from '../../parts.ts';
import type { Rule } from '../../rule.ts';
import { ofKind } from '../../rule.ts';

/** Several foreign keys share a transaction. */
export const multipleForeignKeys: Rule = {
  id: 'multiple-foreign-keys',
  severity: 'warning',
  flavors: ['postgres'],
  summary:
    'One transaction adds foreign keys to several tables that are in use; it holds the locks of all of them.',

  check: (subject) => {
    const own = ofKind(subject, 'addForeignKey');
    if (own?.mode !== 'transaction') return null;
    const parents = [...earlierOf(subject, 'addForeignKey'), own.operation]
      .map(({ foreignKey }) => foreignKey.references.table)
      .filter((table) => !own.isNew(table));
    const names = [...new Set(parents.map(nameOf))];
    if (names.length < 2 || own.isNew(own.operation.foreignKey.references.table)) return null;
    return {
      message: `${names.join(' and ')} are locked together until the revision commits: writes to all of them wait, and a transaction that takes them in another order ends in a deadlock`,
      help: ['Add one foreign key in each revision.'],
    };
  },
};
