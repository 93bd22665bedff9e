import { displayRef } from '../../../schema/schema.ts';
import type { Rule } from '../../rule.ts';
import { ofKind } from '../../rule.ts';

/** A column gets another name while the old one is in use. */
export const renameColumn: Rule = {
  id: 'rename-column',
  severity: 'error',
  flavors: 'all',
  summary: 'A column is renamed; code that was deployed before fails at once.',
  check: (subject) => {
    const own = ofKind(subject, 'renameColumn');
    if (!own) return null;
    const { table, from, to } = own.operation;
    if (own.isNew(table) || own.isNewColumn(table, from)) return null;
    return {
      codeName: from,
      message: `column ${displayRef(table)}.${from} is called ${to} from then on; the release that is running still says ${from}`,
      help: [
        `Add ${to} beside ${from}, and let new code write both.`,
        `Fill ${to} from ${from} in batches, and let code read ${to}.`,
        `Drop ${from} in a later revision.`,
      ],
    };
  },
};
