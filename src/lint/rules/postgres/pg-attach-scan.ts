import type { TableRef } from '../../../schema/schema.ts';
import { displayRef, refKey } from '../../../schema/schema.ts';
import type { LintSubject, Rule } from '../../rule.ts';
import { isNewTable, onOldTable } from './reading/acts-of.ts';

/** A valid check may say the bounds; whether it does, the server decides. */
const isChecked = ({ before }: LintSubject, table: TableRef): boolean =>
  before.tables.get(refKey(table))?.checks.some(({ valid }) => valid) === true;

/**
 * https://www.postgresql.org/docs/current/sql-altertable.html#SQL-ALTERTABLE-ATTACH-PARTITION
 */
export const pgAttachScan: Rule = {
  id: 'pg-attach-scan',
  severity: 'warning',
  flavors: ['postgres'],
  summary:
    'A partition is attached that holds rows; it is read under a lock to see whether they belong there.',
  check: (subject) => {
    const act = onOldTable(subject, 'attach-partition').find(
      (one) => !isNewTable(subject, one.partition) && !isChecked(subject, one.partition),
    );
    if (!act) return null;
    const { partition } = act;
    const name = displayRef(partition);
    return {
      message: `reads and writes of ${name} wait while every row is checked against the bounds, and indexes that it lacks are built`,
      help: [
        `Add a check that says the bounds: op.addCheck('${name}', …, { valid: false }), then op.validateConstraint.`,
        'Build the indexes that the parent has, concurrently.',
        'Attach it, which takes an instant; drop the check.',
      ],
      table: partition,
      cost: 'scan',
    };
  },
};
