import type { Rule } from '../../rule.ts';
import { actsOfKind } from './reading/acts-of.ts';

/**
 * https://www.postgresql.org/docs/current/sql-alterdomain.html
 */
export const pgDomainConstraint: Rule = {
  id: 'pg-domain-constraint',
  severity: 'warning',
  flavors: ['postgres'],
  summary:
    'A domain gets a check; tables that use it are read under a lock, and columns of it are not added for free.',
  check: (subject) => {
    const act = actsOfKind(subject, 'domain-check').find(({ valid }) => valid);
    if (!act) return null;
    return act.isNew
      ? {
          message: `every column of domain ${act.domain} that is added later writes its table anew`,
          help: [
            'Put the check on the columns: op.addCheck with { valid: false }, then op.validateConstraint.',
          ],
        }
      : {
          message: `writes to every table that uses domain ${act.domain} wait while its rows are checked`,
          help: [
            'Add it NOT VALID.',
            `Then ALTER DOMAIN ${act.domain} VALIDATE CONSTRAINT, in a revision of its own.`,
          ],
        };
  },
};
