import { displayRef } from '../../../schema/schema.ts';
import type { Rule } from '../../rule.ts';
import { ofKind } from '../../rule.ts';
import { onOldTable } from './reading/acts-of.ts';

/**
 * CREATE INDEX takes a SHARE lock for as long as it builds: writes wait.
 * https://www.postgresql.org/docs/current/sql-createindex.html#SQL-CREATEINDEX-CONCURRENTLY
 */
export const pgIndexNotConcurrent: Rule = {
  id: 'pg-index-not-concurrent',
  severity: 'warning',
  flavors: ['postgres'],
  summary: 'An index is built without CONCURRENTLY; writes to its table wait until it is done.',
  check: (subject) => {
    const act = onOldTable(subject, 'create-index').find((one) => !one.concurrently && !one.only);
    if (!act) return null;
    const { table } = act;
    return {
      message: `writes to ${displayRef(table)} wait while the index is built`,
      help:
        subject.sql === null
          ? ['Build it with { concurrently: true }: the statement then runs outside a transaction.']
          : ['Say CREATE INDEX CONCURRENTLY: the statement then runs outside a transaction.'],
      table,
      cost: 'index-build',
    };
  },
  fix: (subject) => {
    const own = ofKind(subject, 'createIndex');
    return own && [{ ...own.operation, concurrently: true }];
  },
};
