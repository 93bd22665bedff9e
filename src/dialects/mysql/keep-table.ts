import type { Renaming } from '../../dialect/keeping.ts';
import type { Flavor, Table } from '../../schema/schema.ts';
import { literal, quote, quoteRef } from './quote.ts';

// Foreign keys and triggers have names of the schema, and on MySQL checks have, too: the table could not be made again while
// they stand. Foreign keys would also keep their parents from being changed. One ALTER TABLE is done, or is not.

/** Other tables that refer to it: DROP TABLE would be refused, and a new name would take them along. */
function unreferenced({ namespace, name }: Table): string {
  const schema = namespace === null ? 'DATABASE()' : literal(namespace);
  const own = `CONSTRAINT_SCHEMA = ${schema} AND TABLE_NAME = ${literal(name)}`;
  return `SELECT count(*) = 0 AS unreferenced FROM information_schema.REFERENTIAL_CONSTRAINTS WHERE UNIQUE_CONSTRAINT_SCHEMA = ${schema} AND REFERENCED_TABLE_NAME = ${literal(name)} AND NOT (${own})`;
}

/** How a table of MySQL or MariaDB is put aside. */
export function renamingFor(flavor: Flavor): Renaming {
  const namesChecks = flavor === 'mysql';
  const statement = (table: Table, side: string): string => {
    const ends = [
      ...table.foreignKeys.map(({ name }) => `DROP FOREIGN KEY ${quote(name ?? '')}`),
      ...(namesChecks ? table.checks.map(({ name }) => `DROP CHECK ${quote(name ?? '')}`) : []),
    ];
    const rename = `RENAME TO ${quoteRef({ namespace: table.namespace, name: side })}`;
    return `ALTER TABLE ${quoteRef(table)} ${[...ends, rename].join(', ')}`;
  };
  return {
    can: ({ foreignKeys, checks }) =>
      foreignKeys.every(({ name }) => name !== null) &&
      (!namesChecks || checks.every(({ name }) => name !== null)),
    before: (triggers) =>
      triggers.map(
        ({ table, name }) => `DROP TRIGGER IF EXISTS ${quoteRef({ namespace: table.namespace, name })}`,
      ),
    guards: (table) => [unreferenced(table)],
    statement,
  };
}
