import { refOf } from '../../../schema/schema.ts';
import { earlierOf, isSameTable, nameOf } from '../../parts.ts';
import { inSql, nameInSql, tableInSql } from '../../raw-sql.ts';
import type { Rule } from '../../rule.ts';
import { ofKind } from '../../rule.ts';

const pattern = new RegExp(`^CREATE OR REPLACE (?:TEMPORARY )?TABLE (${nameInSql})`, 'iu');

/** A table goes and comes back empty. */
export const createTableForce: Rule = {
  id: 'create-table-force',
  severity: 'error',
  flavors: 'all',
  summary: 'A table is dropped to be created again; its rows are gone.',

  check: (subject) => {
    const own = ofKind(subject, 'createTable');
    const again =
      own && earlierOf(subject, 'dropTable').some(({ table }) => isSameTable(table, own.operation.table));
    const raw = inSql(subject, pattern);
    if (!again && !raw) return null;
    const table = own ? refOf(own.operation.table) : tableInSql(raw?.[1] ?? '', subject);
    if (raw && subject.isNew(table)) return null;
    return {
      message: `${nameOf(table)} is dropped and created again: every row that it had is gone`,
      help: [
        'Change the table that is there: op.addColumn, op.alterColumn, op.dropColumn.',
        'Where it really is to begin anew: create it under another name, copy what is to stay, and rename both.',
      ],
    };
  },
};
