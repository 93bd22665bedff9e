import { nameOf } from '../../parts.ts';
import type { Rule } from '../../rule.ts';
import { ofKind } from '../../rule.ts';
import { impactOf } from './impact.ts';

/** A foreign key comes onto an old table. */
export const myAddFk: Rule = {
  id: 'my-add-fk',
  severity: 'warning',
  flavors: ['mysql', 'mariadb'],
  summary: 'A foreign key is added to a table in use; the table is copied to look at every row.',

  check: (subject) => {
    const own = ofKind(subject, 'addForeignKey');
    if (!own || own.isNew(own.operation.table)) return null;
    const { table, foreignKey } = own.operation;
    const [name, parent] = [nameOf(table), nameOf(foreignKey.references.table)];
    return {
      message: `${name} is copied to compare every row with ${parent}${impactOf(subject)?.blocks ? '; writes wait until that is done' : ''}`,
      help: [
        'Look for orphans first; the server stops at one only in the end.',
        'Do it in a window without writers.',
        'Or, where no orphan can come: SET SESSION foreign_key_checks = 0 and ALGORITHM=INPLACE add the key without looking at a row; look for orphans before and after.',
      ],
      table,
      cost: 'rewrite',
    };
  },
};
