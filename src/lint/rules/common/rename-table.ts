import { inText, isSameTable, laterOf, nameOf, sqlTable } from '../../parts.ts';
import type { Rule } from '../../rule.ts';
import { ofKind } from '../../rule.ts';

/** A table gets another name while the old one is in use. */
export const renameTable: Rule = {
  id: 'rename-table',
  severity: 'error',
  flavors: 'all',
  summary: 'A table is renamed; code that was deployed before fails at once.',

  check: (subject) => {
    const own = ofKind(subject, 'renameTable');
    if (!own || own.isNew(own.operation.from)) return null;
    const { from, to } = own.operation;
    if (laterOf(subject, 'createView').some(({ view }) => isSameTable(view, from))) return null;
    return {
      codeName: from.name,
      message: `table ${nameOf(from)} is called ${nameOf(to)} from then on; the release that is running still says ${nameOf(from)}`,
      help: [
        `Right after it, leave a view behind: op.createView(${inText(nameOf(from))}, ${inText(`SELECT * FROM ${sqlTable(to, subject)}`)}).`,
        'Deploy code that says the new name.',
        'Drop the view in a later revision.',
      ],
    };
  },
};
