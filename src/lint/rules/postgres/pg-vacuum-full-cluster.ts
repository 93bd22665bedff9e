import { displayRef } from '../../../schema/schema.ts';
import type { Rule } from '../../rule.ts';
import { actsOfKind, isNewTable } from './reading/acts-of.ts';

/**
 * https://www.postgresql.org/docs/current/sql-vacuum.html
 */
export const pgVacuumFullCluster: Rule = {
  id: 'pg-vacuum-full-cluster',
  severity: 'warning',
  flavors: ['postgres'],
  summary:
    'A table is written anew by VACUUM FULL, CLUSTER or a change of how it is stored; reads and writes wait.',
  check: (subject) => {
    const act = actsOfKind(subject, 'rewrite')[0];
    if (!act || (act.table !== null && isNewTable(subject, act.table))) return null;
    const { table } = act;
    return {
      message: `${act.what}: reads and writes of ${table === null ? 'every table' : displayRef(table)} wait while every row is written anew`,
      help: [
        'Do it when nobody works, or with a tool that copies beside the running application (pg_repack).',
      ],
      ...(table === null ? {} : { table, cost: 'rewrite' }),
    };
  },
};
