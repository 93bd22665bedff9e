import { displayRef } from '../../../schema/schema.ts';
import type { Rule } from '../../rule.ts';
import { ofKind } from '../../rule.ts';

/** A table goes, with its rows. */
export const dropTable: Rule = {
  id: 'drop-table',
  severity: 'error',
  flavors: 'all',
  summary: 'A table is dropped, with its rows; code that still uses it fails.',
  check: (subject) => {
    const own = ofKind(subject, 'dropTable');
    if (!own || own.isNew(own.operation.table)) return null;
    const name = displayRef(own.operation.table);
    return {
      codeName: own.operation.table.name,
      message: `table ${name} goes with all of its rows, and every query of it fails from then on`,
      help: [
        'Deploy code that no longer uses the table.',
        `Rename it for a while: op.renameTable('${name}', '${name}_old').`,
        'Take a backup (`surefoot backup`), and drop it in a later revision.',
      ],
    };
  },
};
