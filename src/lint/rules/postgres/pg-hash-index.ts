import { displayRef } from '../../../schema/schema.ts';
import type { Rule } from '../../rule.ts';
import { actsOfKind } from './reading/acts-of.ts';

/**
 * https://www.postgresql.org/docs/current/hash-index.html
 */
export const pgHashIndex: Rule = {
  id: 'pg-hash-index',
  severity: 'info',
  flavors: ['postgres'],
  summary: 'A hash index is built: it serves equality only, and cannot be unique.',
  check: (subject) => {
    const act = actsOfKind(subject, 'create-index').find(({ method }) => method === 'hash');
    if (!act) return null;
    return {
      message: `the hash index of ${displayRef(act.table)} serves = and nothing else: no order, no range, no second column`,
      help: ['Leave the method out: a btree serves equality as well.'],
    };
  },
};
