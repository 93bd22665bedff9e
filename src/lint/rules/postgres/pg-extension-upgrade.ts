import type { Rule } from '../../rule.ts';
import { actsOfKind } from './reading/acts-of.ts';

/**
 * https://www.postgresql.org/docs/current/sql-alterextension.html
 */
export const pgExtensionUpgrade: Rule = {
  id: 'pg-extension-upgrade',
  severity: 'info',
  flavors: ['postgres'],
  summary: 'An extension is upgraded; what it changes in the schema is its own affair.',
  check: (subject) => {
    const act = actsOfKind(subject, 'upgrade-extension')[0];
    if (!act) return null;
    return {
      message: `extension ${act.extension} may change its functions and types, and nothing undoes it`,
      help: ['Read its notes on the upgrade, and try it on a copy of the database.'],
    };
  },
};
