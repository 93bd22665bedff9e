import { isSameTable, laterOf, nameOf } from '../../parts.ts';
import type { Rule } from '../../rule.ts';
import { ofKind } from '../../rule.ts';

/** A table comes without a primary key. */
export const tableWithoutPrimaryKey: Rule = {
  id: 'table-without-primary-key',
  severity: 'warning',
  flavors: ['postgres', 'mysql', 'mariadb'],
  summary:
    'A table without a primary key: replication, online tools and deletes of one row have nothing to hold on to.',

  check: (subject) => {
    const own = ofKind(subject, 'createTable');
    if (!own || own.operation.table.primaryKey) return null;
    const { table } = own.operation;
    if (laterOf(subject, 'addPrimaryKey').some((one) => isSameTable(one.table, table))) return null;
    return {
      message: `nothing identifies a row of ${nameOf(table)}: replication and online tools cannot work on it`,
      help: ['Give it one: a column t.bigint().identity().primaryKey(), or the columns that identify a row.'],
    };
  },
};
