import { displayRef } from '../../../schema/schema.ts';
import type { Rule } from '../../rule.ts';
import { ofKind } from '../../rule.ts';
import { actsOfKind, isNewTable } from './reading/acts-of.ts';

/**
 * DROP INDEX takes an ACCESS EXCLUSIVE lock on the table; what waits for it makes everybody else wait.
 * https://www.postgresql.org/docs/current/sql-dropindex.html
 */
export const pgDropIndexNotConcurrent: Rule = {
  id: 'pg-drop-index-not-concurrent',
  severity: 'warning',
  flavors: ['postgres'],
  summary: 'An index is dropped without CONCURRENTLY; reads and writes queue behind it.',
  check: (subject) => {
    const act = actsOfKind(subject, 'drop-index').find(
      (one) => one.table === null || !isNewTable(subject, one.table),
    );
    if (!act || act.concurrently) return null;
    const table = act.table === null ? 'its table' : displayRef(act.table);
    return {
      message: `reads and writes of ${table} wait until index ${act.name} is gone, and the drop waits for every transaction that uses the table`,
      help:
        subject.sql === null
          ? ['Drop it with { concurrently: true }: the statement then runs outside a transaction.']
          : ['Say DROP INDEX CONCURRENTLY, one index per statement.'],
    };
  },
  fix: (subject) => {
    const own = ofKind(subject, 'dropIndex');
    return own && [{ ...own.operation, concurrently: true }];
  },
};
