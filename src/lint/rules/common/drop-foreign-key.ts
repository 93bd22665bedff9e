import { isSameTable, laterOf, nameOf } from '../../parts.ts';
import type { Rule } from '../../rule.ts';
import { ofKind } from '../../rule.ts';

/** A foreign key goes and no other takes its place. */
export const dropForeignKey: Rule = {
  id: 'drop-foreign-key',
  severity: 'warning',
  flavors: 'all',
  summary: 'A foreign key is dropped; nothing keeps orphans out from then on.',

  check: (subject) => {
    const own = ofKind(subject, 'dropForeignKey');
    if (!own || own.isNew(own.operation.table)) return null;
    const { table, was, target } = own.operation;
    const columns = was?.columns ?? ('columns' in target ? target.columns : null);
    const isReplaced = laterOf(subject, 'addForeignKey').some(
      (one) =>
        isSameTable(one.table, table) && columns?.every((column) => one.foreignKey.columns.includes(column)),
    );
    if (isReplaced) return null;
    const parent = was ? ` to ${nameOf(was.references.table)}` : '';
    return {
      message: `nothing keeps rows of ${nameOf(table)} without a parent out from then on, and no ON DELETE acts${parent === '' ? '' : ` (${columns?.join(', ') ?? ''}${parent})`}`,
      help: [
        'Make sure that code deletes children itself, where the key did.',
        'If it is to come back: it will compare every row, and orphans that came meanwhile stop it.',
      ],
    };
  },
};
