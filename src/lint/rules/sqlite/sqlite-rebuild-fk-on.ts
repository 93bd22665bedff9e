import type { TableRef } from '../../../schema/schema.ts';
import { isSameTable, nameOf } from '../../parts.ts';
import { inSql } from '../../raw-sql.ts';
import type { LintSubject, Rule } from '../../rule.ts';
import { rawRebuild } from './raw-rebuild.ts';

const isParent = (table: TableRef, { before }: LintSubject): boolean =>
  [...before.tables.values()].some(({ foreignKeys }) =>
    foreignKeys.some(({ references }) => isSameTable(references.table, table)),
  );

/** DROP TABLE of a parent with foreign keys on. */
export const sqliteRebuildFkOn: Rule = {
  id: 'sqlite-rebuild-fk-on',
  severity: 'error',
  flavors: ['sqlite'],
  summary:
    'A table is rebuilt by hand inside a transaction, where foreign keys cannot be switched off; children are deleted.',

  check: (subject) => {
    if (inSql(subject, /^PRAGMA (?:"?main"? ?\. ?)?"?foreign_keys"?\b/i)) {
      return {
        message:
          'inside a transaction the pragma does nothing, and says nothing: foreign keys stay as they are',
        help: [
          'Leave it out: Surefoot switches them off around a rebuild of its own, and checks them before it commits.',
        ],
      };
    }
    const rebuild = rawRebuild(subject);
    if (!rebuild || !isParent(rebuild.table, subject)) return null;
    return {
      message: `DROP TABLE deletes the rows of ${nameOf(rebuild.table)} first: with foreign keys on, ON DELETE CASCADE deletes their children, or a key stops it`,
      help: [
        `Say what changes: op.alterColumn('${nameOf(rebuild.table)}', …) rebuilds the table with foreign keys switched off.`,
      ],
    };
  },
};
