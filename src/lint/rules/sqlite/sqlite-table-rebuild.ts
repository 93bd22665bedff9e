import { refOf } from '../../../schema/schema.ts';
import { nameOf } from '../../parts.ts';
import type { Rule } from '../../rule.ts';

/** What ALTER TABLE cannot do. */
export const sqliteTableRebuild: Rule = {
  id: 'sqlite-table-rebuild',
  severity: 'warning',
  flavors: ['sqlite'],
  summary: 'The change needs the whole table to be copied, under the one write lock of the database.',

  check: (subject) => {
    const { operation } = subject;
    const isRebuilt = subject.statements.some(({ hazards }) =>
      hazards.some(({ code }) => code === 'blocks-writes'),
    );
    if (!isRebuilt || !('table' in operation) || operation.kind === 'createTable') return null;
    if (subject.isNew(operation.table)) return null;
    return {
      message: `${nameOf(operation.table)} is copied, row by row, and nobody else can write to the database meanwhile`,
      help: [
        'Put all changes of the table next to each other: they share one copy.',
        'Do it when few write; readers of a database in WAL mode go on.',
      ],
      table: refOf(operation.table),
      cost: 'rewrite',
    };
  },
};
