import { displayRef } from '../../../schema/schema.ts';
import type { Rule } from '../../rule.ts';
import { ofKind } from '../../rule.ts';

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
    const own = ofKind(subject, 'createIndex');
    if (!own || own.operation.concurrently || own.isNew(own.operation.table)) return null;
    const { table } = own.operation;
    return {
      message: `writes to ${displayRef(table)} wait while the index is built`,
      help: ['Build it with { concurrently: true }: the statement then runs outside a transaction.'],
      table,
      cost: 'index-build',
    };
  },
  fix: (subject) => {
    const own = ofKind(subject, 'createIndex');
    return own && [{ ...own.operation, concurrently: true }];
  },
};
