import type { Index } from '../../../schema/schema.ts';
import { columnsOf, isPrefix, nameOf, tableBefore } from '../../parts.ts';
import type { Rule } from '../../rule.ts';
import { ofKind } from '../../rule.ts';

/** No condition, no expression, no other method, no prefix: an index that another can stand for. */
function isOrdinary(index: Index): boolean {
  return (
    index.method === null &&
    index.parts.every(({ column, length, descending }) => column !== null && length === null && !descending)
  );
}

/** And it only makes queries faster. */
const isPlain = (index: Index): boolean =>
  isOrdinary(index) && !index.unique && index.where === null && index.include.length === 0;

/** An index is the beginning of another one. */
export const duplicateIndex: Rule = {
  id: 'duplicate-index',
  severity: 'info',
  flavors: 'all',
  summary: 'An index that another one covers: it is written with every row and helps no query.',

  check: (subject) => {
    const own = ofKind(subject, 'createIndex');
    if (!own || !isPlain(own.operation.index)) return null;
    const { table, index } = own.operation;
    const whole = tableBefore(subject, table);
    if (!whole) return null;
    const columns = columnsOf(index);
    const others = [
      ...(whole.primaryKey ? [whole.primaryKey.columns] : []),
      ...whole.uniques.map((unique) => unique.columns),
      ...whole.indexes.filter(isOrdinary).map(columnsOf),
    ];
    const other = others.find((list) => isPrefix(columns, list));
    if (!other) return null;
    return {
      message: `${nameOf(table)} has an index over (${other.join(', ')}) already, which serves the same queries`,
      help: ['Leave it out.'],
    };
  },
};
