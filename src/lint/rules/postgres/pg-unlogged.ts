import { displayRef } from '../../../schema/schema.ts';
import type { Rule } from '../../rule.ts';
import { actsOfKind } from './reading/acts-of.ts';

/**
 * https://www.postgresql.org/docs/current/sql-createtable.html#SQL-CREATETABLE-UNLOGGED
 */
export const pgUnlogged: Rule = {
  id: 'pg-unlogged',
  severity: 'info',
  flavors: ['postgres'],
  summary: 'A table is unlogged: it is empty after a crash, and standbys do not have it.',
  check: (subject) => {
    const act = actsOfKind(subject, 'unlogged')[0];
    if (!act) return null;
    return {
      message: `the rows of ${displayRef(act.table)} are gone after a crash of the server, and standbys never have them`,
      help: ['Keep it for what can be computed again.'],
    };
  },
};
