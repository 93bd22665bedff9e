import { foreignKeysOf, isSameTable, nameOf } from '../../parts.ts';
import type { LintSubject, Rule } from '../../rule.ts';

/** MariaDB creates a child without asking for the parent's lock. */
const waitsForNobody = ({ traits }: LintSubject): boolean => traits.flavor === 'mariadb';

/** A foreign key to an old parent. */
export const myFkParentMdl: Rule = {
  id: 'my-fk-parent-mdl',
  severity: 'info',
  flavors: ['mysql', 'mariadb'],
  summary:
    'A foreign key takes its parent for itself for a moment; an open transaction on the parent holds it up.',

  check: (subject) => {
    const isWaiting = subject.operation.kind !== 'createTable' || !waitsForNobody(subject);
    const parent = foreignKeysOf(subject.operation)
      .filter(({ table, key }) => !isSameTable(table, key.references.table))
      .find(({ key }) => !subject.isNew(key.references.table))?.key.references.table;
    if (!parent || !isWaiting) return null;
    return {
      message: `it waits for every open transaction that has used ${nameOf(parent)}, and new queries of ${nameOf(parent)} wait behind it`,
      help: [
        'Do it at a quiet time, and end long transactions first. Surefoot gives up after `lockTimeout`, and tries again.',
      ],
    };
  },
};
