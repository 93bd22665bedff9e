import type { ColumnType } from '../../../schema/schema.ts';
import { columnBefore, nameOf } from '../../parts.ts';
import type { Rule } from '../../rule.ts';
import { ofKind } from '../../rule.ts';

const help = [
  'Add new values at the end only.',
  'A value that is no longer wanted: let code write no more of it, move its rows in batches, and leave it in the list.',
];

const messageOf = (name: string): string =>
  `${name} numbers its values anew: every row is written, and one that holds a value that went stops it (or holds an empty text without strict mode)`;

function isChanged(from: ColumnType, to: ColumnType): boolean {
  if (from.kind !== 'enum' || to.kind !== 'enum') return false;
  return (
    !from.values.every((value, i) => to.values[i] === value) ||
    from.values.length > 255 !== to.values.length > 255
  );
}

/** An enum loses values, or gets one in the middle. */
export const myEnumSetChange: Rule = {
  id: 'my-enum-set-change',
  severity: 'warning',
  flavors: ['mysql', 'mariadb'],
  summary: 'The values of an enum change other than at the end; every row is written anew.',

  check: (subject) => {
    const { operation } = subject;
    if (operation.kind === 'addEnumValue') {
      const isLast = operation.before === null && operation.after === null;
      return isLast ? null : { message: messageOf(nameOf(operation.enum)), help };
    }
    const own = ofKind(subject, 'alterColumn');
    if (!own || own.isNew(own.operation.table)) return null;
    const { table, column, changes, was } = own.operation;
    const from = was?.type ?? columnBefore(subject, table, column)?.type;
    if (!from || !changes.type || !isChanged(from, changes.type)) return null;
    return { message: messageOf(`${nameOf(table)}.${column}`), help, table, cost: 'rewrite' };
  },
};
