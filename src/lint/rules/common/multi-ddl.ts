import { roleOf } from '../../../operations/apply.ts';
import type { Rule } from '../../rule.ts';

/** A revision of more than one step. */
export const multiDdl: Rule = {
  id: 'multi-ddl',
  severity: 'info',
  flavors: 'all',
  summary:
    'Several statements that commit by themselves: between two of them the schema is half of what the revision says.',
  isOptIn: true,
  check: (subject) => {
    const commits = subject.statements.some(({ hazards }) =>
      hazards.some(({ code }) => code === 'not-transactional'),
    );
    const isLast = !subject.siblings.slice(subject.index + 1).some((one) => roleOf(one) !== 'data');
    const isFirst = !subject.siblings.slice(0, subject.index).some((one) => roleOf(one) !== 'data');
    if (!commits || !isLast || isFirst) return null;
    return {
      message:
        'the statements of the revision commit one by one: running code sees every state in between, and so does a revision that is interrupted',
      help: [
        'Put one change into each revision.',
        'Or changes of one table next to each other: they become one ALTER TABLE.',
      ],
    };
  },
};
