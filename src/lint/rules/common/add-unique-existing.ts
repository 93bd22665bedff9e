import { nameOf, sqlName, sqlTable } from '../../parts.ts';
import type { LintSubject, Rule } from '../../rule.ts';

function uniqueColumns({ operation, ...subject }: LintSubject): readonly string[] | null {
  if (operation.kind === 'addUnique')
    return operation.unique.columns.map((column) => sqlName(column, subject));
  if (operation.kind !== 'createIndex' || !operation.index.unique) return null;
  return operation.index.parts.map(({ column, sql }) =>
    column === null ? (sql ?? '') : sqlName(column, subject),
  );
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
    const columns = uniqueColumns(subject);
    if (!columns || !('table' in operation) || subject.isNew(operation.table)) return null;
    const name = nameOf(operation.table);
    const list = columns.join(', ');
    return {
      message: `it fails if rows of ${name} are equal in (${list}), and so does every statement that writes such a row from then on`,
      help: [
        `Look for them: SELECT ${list}, count(*) FROM ${sqlTable(operation.table, subject)} GROUP BY ${list} HAVING count(*) > 1.`,
        'Deploy code that writes no more of them, and settle those that are there.',
        'Add the key in a revision after that; op.assert(…) with the same question stops it before anything is done.',
      ],
    };
  },
};
