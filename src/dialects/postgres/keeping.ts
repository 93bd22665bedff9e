import type { Keeping } from '../../dialect/keeping.ts';
import type { Column } from '../../schema/schema.ts';
import { quoteIdentifier as quote, quoteLiteral } from './quote.ts';

const isEnum = ({ type }: Column): boolean => type.kind === 'enum';

/** An enum of the schema as text: the side table must not stand in the way of its end. */
const store = (column: Column): string =>
  isEnum(column) ? `${quote(column.name)}::text AS ${quote(column.name)}` : quote(column.name);

function recall({ type }: Column, value: string): string {
  if (type.kind !== 'enum' || type.name === null) return value;
  const name = type.namespace === null ? quote(type.name) : `${quote(type.namespace)}.${quote(type.name)}`;
  return `${value}::${name}`;
}

const matching = (key: readonly string[], table: string): string =>
  key.map((name) => `${table}.${quote(name)} = kept_side.${quote(name)}`).join(' AND ');

/** How PostgreSQL keeps values. */
export const keeping: Keeping = {
  lock: (table) => [`LOCK TABLE ${table} IN ACCESS EXCLUSIVE MODE`],
  hold: null,
  store,
  recall,
  update: ({ table, side, onlyEmpty }, column, key) =>
    `UPDATE ${table} AS kept_table SET ${quote(column.name)} = ${recall(column, `kept_side.${quote(column.name)}`)} FROM ${side} AS kept_side WHERE ${matching(key, 'kept_table')}${onlyEmpty ? ` AND kept_table.${quote(column.name)} IS NULL` : ''}`,
  insert: ({ table, side }, columns, key) => {
    const names = columns.map(({ name }) => quote(name)).join(', ');
    const values = columns.map((one) => recall(one, `kept_side.${quote(one.name)}`)).join(', ');
    const absent =
      key.length === 0
        ? ''
        : ` WHERE NOT EXISTS (SELECT 1 FROM ${table} AS kept_table WHERE ${matching(key, 'kept_table')})`;
    return `INSERT INTO ${table} (${names}) OVERRIDING SYSTEM VALUE SELECT ${values} FROM ${side} AS kept_side${absent}`;
  },
  resume: (table, quoted) =>
    table.columns
      .filter(({ identity }) => identity !== null)
      .map(
        ({ name }) =>
          `SELECT setval(pg_get_serial_sequence(${quoteLiteral(quoted)}, ${quoteLiteral(name)}), max(${quote(name)})) FROM ${quoted} HAVING max(${quote(name)}) IS NOT NULL`,
      ),
};
