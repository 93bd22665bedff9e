import type { Column, ColumnType, Table, TableRef } from '../../../schema/schema.ts';
import { foreignKeysOf, isSameTable, nameOf, tableBefore } from '../../parts.ts';
import type { LintSubject, Rule } from '../../rule.ts';

function wholeOf(subject: LintSubject, ref: TableRef): Table | undefined {
  const { operation } = subject;
  if (operation.kind === 'createTable' && isSameTable(operation.table, ref)) return operation.table;
  return tableBefore(subject, ref);
}

const named = (table: Table | undefined, name: string | undefined): Column | undefined =>
  table?.columns.find((column) => column.name === name);

/** Types of one family are stored alike; a length makes no difference. */
function familyOf({ kind, ...rest }: ColumnType): string {
  if (kind === 'native') return JSON.stringify(rest).toLowerCase();
  return ['varchar', 'char', 'text'].includes(kind) ? 'text' : kind;
}

function differ(child: Column | undefined, parent: Column | undefined): boolean {
  // A server's own type may be the same as a portable one under another name.
  if (!child || !parent || (child.type.kind === 'native') !== (parent.type.kind === 'native')) return false;
  const isText = familyOf(child.type) === 'text';
  if (isText && child.collation && parent.collation && child.collation !== parent.collation) return true;
  return familyOf(child.type) !== familyOf(parent.type);
}

/** Child and parent of a foreign key differ in type. */
export const fkTypeMismatch: Rule = {
  id: 'fk-type-mismatch',
  severity: 'error',
  flavors: 'all',
  summary: 'A foreign key compares columns of different types.',

  check: (subject) => {
    for (const { table, key } of foreignKeysOf(subject.operation)) {
      const child = wholeOf(subject, table);
      const parent = wholeOf(subject, key.references.table);
      const i = key.columns.findIndex((name, at) =>
        differ(named(child, name), named(parent, key.references.columns[at])),
      );
      if (i < 0) continue;
      const [from, to] = [
        `${nameOf(table)}.${key.columns[i]}`,
        `${nameOf(key.references.table)}.${key.references.columns[i]}`,
      ];
      return {
        message: `${from} and ${to} have different types, and a foreign key compares them`,
        help: [
          `Give ${from} the type of ${to}, the collation too.`,
          'Where the parent is to change: both in one release, the parent first.',
        ],
      };
    }
    return null;
  },
};
