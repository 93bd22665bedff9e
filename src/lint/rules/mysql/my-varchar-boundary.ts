import { columnBefore, nameOf } from '../../parts.ts';
import type { Rule } from '../../rule.ts';
import { ofKind } from '../../rule.ts';

/** In utf8mb4, which both servers take unless told otherwise. */
const bytes = (length: number | null): number => (length ?? 255) * 4;

/** A VARCHAR grows past 255 bytes. */
export const myVarcharBoundary: Rule = {
  id: 'my-varchar-boundary',
  severity: 'warning',
  flavors: ['mysql', 'mariadb'],
  summary: 'A text gets longer than 255 bytes; its length takes a second byte in every row.',

  check: (subject) => {
    const own = ofKind(subject, 'alterColumn');
    if (!own || own.isNew(own.operation.table)) return null;
    const { table, column, changes, was } = own.operation;
    const from = was?.type ?? columnBefore(subject, table, column)?.type;
    if (from?.kind !== 'varchar' || changes.type?.kind !== 'varchar') return null;
    const [old, now] = [bytes(from.length), bytes(changes.type.length)];
    if (old > 255 || now <= 255) return null;
    return {
      message: `${nameOf(table)}.${column} may take ${now} bytes instead of ${old}: its length needs a second byte, and the table is copied`,
      help: ['Choose the final length when the column is made: 64 characters or 500 cost the same then.'],
      table,
      cost: 'rewrite',
    };
  },
};
