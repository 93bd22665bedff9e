import { displayRef } from '../../../schema/schema.ts';
import type { Rule } from '../../rule.ts';
import { ofKind } from '../../rule.ts';
import { onOldTable } from './reading/acts-of.ts';
import { validation } from './validation.ts';

/**
 * ADD FOREIGN KEY holds SHARE ROW EXCLUSIVE on both tables while it reads them; with NOT VALID it reads nothing.
 * https://www.postgresql.org/docs/current/sql-altertable.html#SQL-ALTERTABLE-NOTES
 */
export const pgFkValidating: Rule = {
  id: 'pg-fk-validating',
  severity: 'warning',
  flavors: ['postgres'],
  summary:
    'A foreign key is added to a table in use and checked at once; writes to both tables wait meanwhile.',
  check: (subject) => {
    const act = onOldTable(subject, 'add-foreign-key').find(({ valid }) => valid);
    if (!act) return null;
    const { table, parent } = act;
    const both = parent === null ? displayRef(table) : `${displayRef(table)} and ${displayRef(parent)}`;
    return {
      message: `writes to ${both} wait while every row of ${displayRef(table)} is looked up`,
      help:
        subject.sql === null
          ? ['Add it with { valid: false }.', 'Then op.validateConstraint: reads and writes go on meanwhile.']
          : [
              'Add it NOT VALID.',
              'Then VALIDATE CONSTRAINT in a transaction of its own: op.validateConstraint.',
            ],
      table,
      cost: 'scan',
    };
  },
  fix: (subject) => {
    const own = ofKind(subject, 'addForeignKey');
    if (!own) return null;
    const { table, foreignKey } = own.operation;
    const unchecked = { ...foreignKey, valid: false };
    return [{ kind: 'addForeignKey', table, foreignKey: unchecked }, validation(table, unchecked)];
  },
};
