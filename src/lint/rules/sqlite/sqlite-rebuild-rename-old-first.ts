import { isSameTable, nameOf } from '../../parts.ts';
import { inSql, nameInSql, plainText, tableInSql } from '../../raw-sql.ts';
import type { Rule } from '../../rule.ts';
import { ofKind } from '../../rule.ts';

const renamePattern = new RegExp(`^ALTER TABLE (${nameInSql}) RENAME TO `, 'iu');
const createPattern = new RegExp(`^CREATE TABLE (?:IF NOT EXISTS )?(${nameInSql})`, 'iu');

/** ALTER TABLE t RENAME TO old, then CREATE TABLE t. */
export const sqliteRebuildRenameOldFirst: Rule = {
  id: 'sqlite-rebuild-rename-old-first',
  severity: 'error',
  flavors: ['sqlite'],
  summary:
    'A table is renamed away before the new one is made; foreign keys, views and triggers follow the old one.',

  check: (subject) => {
    const own = ofKind(subject, 'renameTable');
    const raw = inSql(subject, renamePattern)?.[1];
    const from = raw === undefined ? own?.operation.from : tableInSql(raw, subject);
    if (!from || subject.isNew(from)) return null;
    const isMadeAgain = subject.siblings.slice(subject.index + 1).some((one) => {
      if (one.kind === 'createTable') return isSameTable(one.table, from);
      const made = one.kind === 'execute' ? createPattern.exec(plainText(one.sql, subject))?.[1] : undefined;
      return made !== undefined && isSameTable(tableInSql(made, subject), from);
    });
    if (!isMadeAgain) return null;
    return {
      message: `foreign keys, views and triggers of other tables follow the table to its new name: none of them means the new ${nameOf(from)}`,
      help: [
        'Create the new table under another name, copy the rows, drop the old one, and rename the new one.',
        'Or say what changes: op.alterColumn(…) does all of that.',
      ],
    };
  },
};
