import type { Keeping, KeptPair } from '../../dialect/keeping.ts';
import { keptPrefix } from '../../dialect/keeping.ts';
import type { Column } from '../../schema/schema.ts';
import { renaming } from './keep-table.ts';
import { quoteIdentifier as quote, quoteLiteral } from './quote.ts';
import { serialBase, typeSql } from './types.ts';

/** An enum of the schema as text: the side table must not stand in the way of its end. */
function store({ name, type }: Pick<Column, 'name' | 'type'>, as: string): string {
  if (type.kind === 'enum') return `${quote(name)}::text AS ${quote(as)}`;
  return name === as ? quote(name) : `${quote(name)} AS ${quote(as)}`;
}

/** The value of the side table as the column takes it. */
function recall({ name, type }: Column, { retyped }: KeptPair): string {
  const value = `kept_side.${quote(name)}`;
  if (type.kind === 'enum' && type.name !== null) return `${value}::${typeSql(type)}`;
  return retyped.includes(name) ? `${value}::text::${serialBase(type) ?? typeSql(type)}` : value;
}

const matching = (key: readonly string[], table: string): string =>
  key.map((name) => `${table}.${quote(name)} = kept_side.${quote(name)}`).join(' AND ');

function insert(pair: KeptPair, columns: readonly Column[]): string {
  const names = columns.map(({ name }) => quote(name)).join(', ');
  const values = columns.map((one) => recall(one, pair)).join(', ');
  return `INSERT INTO ${pair.table} (${names}) OVERRIDING SYSTEM VALUE SELECT ${values} FROM ${pair.side} AS kept_side`;
}

function merge(pair: KeptPair, columns: readonly Column[], key: readonly string[]): readonly string[] {
  // Not every type can be compared; every one has a text.
  const isSame =
    key.length > 0
      ? matching(key, 'kept_table')
      : columns
          .map(
            (one) => `kept_table.${quote(one.name)}::text IS NOT DISTINCT FROM (${recall(one, pair)})::text`,
          )
          .join(' AND ');
  const absent = `${insert(pair, columns)} WHERE NOT EXISTS (SELECT 1 FROM ${pair.table} AS kept_table WHERE ${isSame})`;
  const others = columns.filter(({ name, identity }) => !key.includes(name) && identity?.mode !== 'always');
  if (key.length === 0 || others.length === 0) return [absent];
  const sets = others.map((one) => `${quote(one.name)} = ${recall(one, pair)}`).join(', ');
  return [
    `UPDATE ${pair.table} AS kept_table SET ${sets} FROM ${pair.side} AS kept_side WHERE ${isSame}`,
    absent,
  ];
}

/** How PostgreSQL keeps values. */
export const keeping: Keeping = {
  names: (namespace) =>
    `SELECT c.relname AS name FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname = ${namespace === null ? 'current_schema()' : quoteLiteral(namespace)} AND c.relname ^@ '${keptPrefix}'`,
  text: 'text',
  lock: (table) => [`LOCK TABLE ${table} IN ACCESS EXCLUSIVE MODE`],
  hold: null,
  rename: renaming,
  store,
  update: (pair, column, key) => {
    const name = quote(column.name);
    const onlyEmpty = pair.onlyEmpty ? ` AND kept_table.${name} IS NULL` : '';
    return `UPDATE ${pair.table} AS kept_table SET ${name} = ${recall(column, pair)} FROM ${pair.side} AS kept_side WHERE ${matching(key, 'kept_table')}${onlyEmpty}`;
  },
  insert,
  merge,
  checksEachRow: false,
  resume: (table, quoted) =>
    table.columns
      .filter(({ identity, type }) => identity !== null || serialBase(type) !== null)
      .map(
        ({ name }) =>
          `SELECT setval(pg_get_serial_sequence(${quoteLiteral(quoted)}, ${quoteLiteral(name)}), max(${quote(name)})) FROM ${quoted} HAVING max(${quote(name)}) IS NOT NULL`,
      ),
};
