import type { Rule } from '../../rule.ts';
import { actsOfKind } from './reading/acts-of.ts';

/**
 * REINDEX takes a SHARE lock on the table and an ACCESS EXCLUSIVE lock on the index.
 * https://www.postgresql.org/docs/current/sql-reindex.html
 */
export const pgReindexNotConcurrent: Rule = {
  id: 'pg-reindex-not-concurrent',
  severity: 'warning',
  flavors: ['postgres'],
  summary: 'REINDEX without CONCURRENTLY; writes wait until the indexes are built again.',
  check: (subject) => {
    const act = actsOfKind(subject, 'reindex').find(({ concurrently }) => !concurrently);
    if (!act) return null;
    return {
      message: `writes wait while ${act.what} is built again, and so do reads that would use an index of it`,
      help: ['Say REINDEX … CONCURRENTLY.'],
    };
  },
};
