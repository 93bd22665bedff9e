import { displayRef } from '../../../schema/schema.ts';
import type { Rule } from '../../rule.ts';
import { ofKind } from '../../rule.ts';

/** A column goes, with its values. */
export const dropColumn: Rule = {
  id: 'drop-column',
  severity: 'error',
  flavors: 'all',
  summary: 'A column is dropped, with its values; code that still reads or writes it fails.',
  check: (subject) => {
    const own = ofKind(subject, 'dropColumn');
    if (!own) return null;
    const { table, column, was } = own.operation;
    if (own.isNew(table) || own.isNewColumn(table, column) || was?.generated) return null;
    return {
      codeName: column,
      message: `column ${displayRef(table)}.${column} goes with all of its values; code that was loaded before still names it`,
      help: [
        'Deploy code that neither reads nor writes the column.',
        `Until it is gone, let rows do without it: op.alterColumn('${displayRef(table)}', '${column}', { nullable: true }).`,
        'Drop it in a later revision.',
      ],
    };
  },
};
