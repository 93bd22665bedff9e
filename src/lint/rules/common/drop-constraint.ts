import type { OperationOf } from '../../../operations/operation.ts';
import { isSameTable, nameOf } from '../../parts.ts';
import type { LintSubject, Rule } from '../../rule.ts';
import { ofKind } from '../../rule.ts';

type Drop = OperationOf<'dropCheck' | 'dropUnique' | 'dropPrimaryKey'>;

const losses: Readonly<Record<Drop['kind'], string>> = {
  dropCheck: 'nothing looks at what is written',
  dropUnique: 'nothing keeps rows apart',
  dropPrimaryKey: 'nothing identifies rows',
};

const successors = {
  dropCheck: ['addCheck'],
  dropUnique: ['addUnique', 'addPrimaryKey', 'createIndex'],
  dropPrimaryKey: ['addPrimaryKey'],
} as const;

function isReplaced(subject: LintSubject, { kind, table }: Drop): boolean {
  const wanted: readonly string[] = successors[kind];
  return subject.siblings
    .slice(subject.index + 1)
    .some((one) => wanted.includes(one.kind) && 'table' in one && isSameTable(one.table, table));
}

/** True for a check that the same revision has added: it proved something on the way (see pg-set-not-null-scan). */
function isPassing({ siblings, index }: LintSubject, operation: Drop): boolean {
  if (operation.kind !== 'dropCheck') return false;
  const { table, target } = operation;
  return siblings
    .slice(0, index)
    .some(
      (one) =>
        one.kind === 'addCheck' &&
        isSameTable(one.table, table) &&
        ('name' in target ? one.check.name === target.name : one.check.sql === target.sql),
    );
}

/** A constraint goes and no other takes its place. */
export const dropConstraint: Rule = {
  id: 'drop-constraint',
  severity: 'warning',
  flavors: 'all',
  summary: 'A check, a unique key or a primary key is dropped; nothing keeps wrong rows out from then on.',

  check: (subject) => {
    const own = ofKind(subject, 'dropCheck', 'dropUnique', 'dropPrimaryKey');
    if (!own || own.isNew(own.operation.table)) return null;
    const { kind, table } = own.operation;
    if (isReplaced(subject, own.operation) || isPassing(subject, own.operation)) return null;
    return {
      message: `${losses[kind]} in ${nameOf(table)} from then on`,
      help: [
        'Make sure that nothing relies on it: code that writes blindly, ON CONFLICT, foreign keys, replication.',
        'If it is to come back: it will look at every row, and those that came meanwhile stop it.',
      ],
    };
  },
};
