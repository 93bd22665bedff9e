import type { Operation } from '../../../operations/operation.ts';
import { nameOf } from '../../parts.ts';
import type { Rule } from '../../rule.ts';

function uniqueColumns(operation: Operation): readonly string[] | null {
  if (operation.kind === 'addUnique') return operation.unique.columns;
  if (operation.kind !== 'createIndex' || !operation.index.unique) return null;
  return operation.index.parts.map(({ column, sql }) => column ?? sql ?? '');
}

/** A unique key comes over rows that are there. */
export const addUniqueExisting: Rule = {
  id: 'add-unique-existing',
  severity: 'warning',
  flavors: 'all',
  summary:
    'Rows that are there must differ from then on; equal ones stop it, and code that writes equal ones fails.',

  check: (subject) => {
    const { operation } = subject;
    const columns = uniqueColumns(operation);
    if (!columns || !('table' in operation) || subject.isNew(operation.table)) return null;
    const name = nameOf(operation.table);
    const list = columns.join(', ');
    return {
      message: `it fails if rows of ${name} are equal in (${list}), and so does every statement that writes such a row from then on`,
      help: [
        `Look for them: SELECT ${list}, count(*) FROM ${name} GROUP BY ${list} HAVING count(*) > 1.`,
        'Deploy code that writes no more of them, and settle those that are there.',
        'Add the key in a revision after that; op.assert(…) with the same question stops it before anything is done.',
      ],
    };
  },
};
