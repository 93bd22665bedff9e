import type { Rule } from '../../rule.ts';
import { actsOfKind } from './reading/acts-of.ts';

/**
 * https://www.postgresql.org/docs/current/plpgsql-implementation.html
 */
export const pgTriggerFunctionDeps: Rule = {
  id: 'pg-trigger-function-deps',
  severity: 'info',
  flavors: ['postgres'],
  summary: 'A function is made; what its body names is looked up when it runs, not now.',
  check: (subject) => {
    const act = actsOfKind(subject, 'create-routine')[0];
    if (!act) return null;
    return {
      message: `the body of ${act.name} is text to the server: a table or column that it names may go later without a word`,
      help: ['Call it once in a test, and look for it when you rename or drop what it names.'],
    };
  },
};
