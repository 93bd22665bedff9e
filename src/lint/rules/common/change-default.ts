import { canonicalJson } from '../../../kernel/hash.ts';
import { nameOf } from '../../parts.ts';
import type { Rule } from '../../rule.ts';
import { ofKind } from '../../rule.ts';

/** An old column gets another default. */
export const changeDefault: Rule = {
  id: 'change-default',
  severity: 'info',
  flavors: 'all',
  summary: 'The default of a column changes; code that leaves the column out gets another value.',

  check: (subject) => {
    const own = ofKind(subject, 'alterColumn');
    if (!own || own.isNew(own.operation.table)) return null;
    const { table, column, changes, was } = own.operation;
    if (changes.default === undefined || own.isNewColumn(table, column)) return null;
    if (was && canonicalJson(was.default ?? null) === canonicalJson(changes.default)) return null;
    return {
      message: `statements that leave ${nameOf(table)}.${column} out write another value from then on; rows that are there keep theirs`,
      help: ['Deploy code that says the value, then change the default.'],
    };
  },
};
