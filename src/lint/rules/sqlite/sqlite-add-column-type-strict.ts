import type { Table } from '../../../schema/schema.ts';
import { newColumns } from '../../new-columns.ts';
import { nameOf, tableBefore } from '../../parts.ts';
import { inSql, nameInSql, tableInSql } from '../../raw-sql.ts';
import type { LintSubject, Rule } from '../../rule.ts';

const pattern = new RegExp(`^ALTER TABLE (${nameInSql}) ADD (?:COLUMN )?${nameInSql} (\\w+)`, 'iu');
const allowed: readonly string[] = ['INT', 'INTEGER', 'REAL', 'TEXT', 'BLOB', 'ANY'];

const tableOf = (subject: LintSubject): Table | undefined => {
  const { operation } = subject;
  if (operation.kind === 'createTable') return operation.table;
  return operation.kind === 'addColumn' ? tableBefore(subject, operation.table) : undefined;
};

/** The first type in the author's own words that STRICT refuses. */
function nativeType({ operation }: LintSubject): string | undefined {
  return newColumns(operation)
    .map(({ type }) =>
      type.kind !== 'native' ? 'TEXT' : typeof type.sql === 'string' ? type.sql : (type.sql.sqlite ?? 'ANY'),
    )
    .find((type) => !allowed.includes(type.toUpperCase()));
}

/** A type name that STRICT refuses. */
export const sqliteAddColumnTypeStrict: Rule = {
  id: 'sqlite-add-column-type-strict',
  severity: 'error',
  flavors: ['sqlite'],
  summary: 'A column of a STRICT table has a type that SQLite does not know there.',

  check: (subject) => {
    const { operation } = subject;
    const raw = inSql(subject, pattern);
    const type = raw?.[2] ?? nativeType(subject);
    const table =
      raw?.[1] === undefined ? tableOf(subject) : tableBefore(subject, tableInSql(raw[1], subject));
    if (type === undefined || table?.options['strict'] !== true || allowed.includes(type.toUpperCase()))
      return null;
    return {
      message: `${type} is no type of a STRICT table (${operation.kind === 'execute' ? 'unknown datatype' : nameOf(table)}): the statement fails`,
      help: ['Say INT, INTEGER, REAL, TEXT, BLOB or ANY.'],
    };
  },
};
