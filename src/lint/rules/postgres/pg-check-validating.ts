import { displayRef } from '../../../schema/schema.ts';
import type { Rule } from '../../rule.ts';
import { ofKind } from '../../rule.ts';
import { onOldTable } from './reading/acts-of.ts';
import { validation } from './validation.ts';

/**
 * ADD CHECK holds ACCESS EXCLUSIVE while it reads the table; with NOT VALID it reads nothing.
 * https://www.postgresql.org/docs/current/sql-altertable.html#SQL-ALTERTABLE-NOTES
 */
export const pgCheckValidating: Rule = {
  id: 'pg-check-validating',
  severity: 'warning',
  flavors: ['postgres'],
  summary: 'A check is added to a table in use and applied at once; reads and writes wait meanwhile.',
  check: (subject) => {
    const act = onOldTable(subject, 'add-check', 'add-column').find((one) =>
      one.kind === 'add-column' ? one.column.check : one.valid,
    );
    if (!act) return null;
    const { table } = act;
    return {
      message: `reads and writes of ${displayRef(table)} wait while every row is checked`,
      help:
        subject.sql === null
          ? ['Add it with { valid: false }.', 'Then op.validateConstraint: reads and writes go on meanwhile.']
          : [
              'Add it by itself, NOT VALID.',
              'Then VALIDATE CONSTRAINT in a transaction of its own: op.validateConstraint.',
            ],
      table,
      cost: 'scan',
    };
  },
  fix: (subject) => {
    const own = ofKind(subject, 'addCheck');
    if (!own) return null;
    const { table, check } = own.operation;
    const unchecked = { ...check, valid: false };
    return [{ kind: 'addCheck', table, check: unchecked }, validation(table, unchecked)];
  },
};
