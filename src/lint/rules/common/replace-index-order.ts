import { columnsOf, isSameTable, laterOf, nameOf } from '../../parts.ts';
import type { Rule } from '../../rule.ts';
import { ofKind } from '../../rule.ts';

/** An index goes, and later in the revision comes another that begins like it. */
export const replaceIndexOrder: Rule = {
  id: 'replace-index-order',
  severity: 'warning',
  flavors: 'all',
  summary: 'An index is dropped before the one that replaces it is there.',

  check: (subject) => {
    const own = ofKind(subject, 'dropIndex');
    if (!own || own.isNew(own.operation.table)) return null;
    const { table, was, target } = own.operation;
    const columns = was ? columnsOf(was) : 'columns' in target ? target.columns : [];
    const [first] = columns;
    const isReplaced = laterOf(subject, 'createIndex').some(
      (one) => isSameTable(one.table, table) && columnsOf(one.index)[0] === first,
    );
    if (first === undefined || !isReplaced) return null;
    return {
      message: `until the new index is built, queries by ${nameOf(table)}.${first} read the whole table`,
      help: ['Create the new index first, under another name.', 'Drop the old one after it.'],
      table,
      cost: 'index-build',
    };
  },
};
