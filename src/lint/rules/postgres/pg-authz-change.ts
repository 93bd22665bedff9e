import type { Rule } from '../../rule.ts';
import { actsOfKind } from './reading/acts-of.ts';

/**
 * https://www.postgresql.org/docs/current/ddl-priv.html
 */
export const pgAuthzChange: Rule = {
  id: 'pg-authz-change',
  severity: 'info',
  flavors: ['postgres'],
  summary: 'Rights, owners or row security change; the application may be shut out.',
  check: (subject) => {
    const act = actsOfKind(subject, 'authorize')[0];
    if (!act) return null;
    return {
      message: `${act.what}: who may read or write changes at once, for the running application, too`,
      help: ['Try it with the role that the application uses.'],
    };
  },
};
