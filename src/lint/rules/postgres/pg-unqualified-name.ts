import { displayRef } from '../../../schema/schema.ts';
import type { Rule } from '../../rule.ts';
import { actsOf } from './reading/acts-of.ts';

/**
 * https://www.postgresql.org/docs/current/ddl-schemas.html#DDL-SCHEMAS-PATH
 */
export const pgUnqualifiedName: Rule = {
  id: 'pg-unqualified-name',
  severity: 'info',
  flavors: ['postgres'],
  summary: 'A table is named without its schema: which one is meant depends on search_path.',
  isOptIn: true,
  check: (subject) => {
    const act = actsOf(subject).find((one) => 'table' in one && one.table?.namespace === null);
    if (!act || !('table' in act) || act.table === null) return null;
    return {
      message: `${displayRef(act.table)} is looked up in search_path, which is a setting of the role, the database and the session`,
      help: [`Name its schema: 'public.${displayRef(act.table)}'.`],
    };
  },
};
