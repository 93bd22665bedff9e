import type { TableRef } from '../../../schema/schema.ts';
import { displayRef, refKey } from '../../../schema/schema.ts';
import type { LintSubject, Rule } from '../../rule.ts';
import { actsIn, actsOf, onOldTable } from './reading/acts-of.ts';

/** True if an earlier statement of the transaction locked the table; what runs outside of it has ended it. */
function isLockedBefore(subject: LintSubject, table: TableRef): boolean {
  const before = subject.siblings.slice(0, subject.index);
  const end = before.findLastIndex(
    (one) => one.kind === 'validateConstraint' || ('concurrently' in one && one.concurrently),
  );
  return before
    .slice(end + 1)
    .flatMap((one) => actsIn(one, subject))
    .some(
      (act) =>
        'table' in act &&
        act.table !== null &&
        act.kind !== 'validate' &&
        refKey(act.table) === refKey(table),
    );
}

/**
 * Locks are held until the transaction ends: https://www.postgresql.org/docs/current/explicit-locking.html
 */
export const pgValidateWhileLocked: Rule = {
  id: 'pg-validate-while-locked',
  severity: 'warning',
  flavors: ['postgres'],
  summary:
    'A constraint is validated in the transaction that locked its table; the lock is held while every row is read.',
  check: (subject) => {
    const [act] = onOldTable(subject, 'validate');
    if (!act || subject.mode !== 'transaction') return null;
    const { table } = act;
    const name = displayRef(table);
    const together = actsOf(subject).some((one) => 'table' in one && one.kind !== 'validate');
    if (!together && !isLockedBefore(subject, table)) return null;
    return {
      message: `the lock that an earlier change of ${name} took is held while every row is read: nobody writes meanwhile`,
      help: [`Write op.validateConstraint('${name}', '${act.name}'): it stands outside of the transaction.`],
      table,
      cost: 'scan',
    };
  },
};
