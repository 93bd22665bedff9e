import { nameOf, sqlTable } from '../../parts.ts';
import type { Rule } from '../../rule.ts';
import { ofKind } from '../../rule.ts';
import { impactOf } from './impact.ts';

/** A check comes onto an old table. */
export const myAddCheck: Rule = {
  id: 'my-add-check',
  severity: 'warning',
  flavors: ['mysql', 'mariadb'],
  summary: 'A check is added to a table in use; the table is copied to look at every row.',

  check: (subject) => {
    const own = ofKind(subject, 'addCheck');
    if (!own || own.isNew(own.operation.table) || !own.operation.check.valid) return null;
    const { table, check } = own.operation;
    return {
      message: `${nameOf(table)} is copied to look at every row${impactOf(subject)?.blocks ? ', writes wait until that is done' : ''}, and the first one that breaks the check stops it`,
      help: [
        `Look for such rows first: SELECT * FROM ${sqlTable(table, subject)} WHERE NOT (${check.sql}).`,
        'Do it in a window without writers, or let the application check.',
      ],
      table,
      cost: 'rewrite',
    };
  },
};
