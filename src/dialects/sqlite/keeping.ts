import type { Keeping } from '../../dialect/keeping.ts';
import { keptPrefix } from '../../dialect/keeping.ts';
import { quote } from './quote.ts';

const matching = (key: readonly string[], table: string): string =>
  key.map((name) => `${table}.${quote(name)} = kept_side.${quote(name)}`).join(' AND ');

/** How SQLite keeps values: a step's transaction is the only one that writes. */
export const keeping: Keeping = {
  names: (namespace) =>
    `SELECT name FROM ${quote(namespace ?? 'main')}.sqlite_master WHERE lower(name) GLOB '${keptPrefix}*'`,
  text: 'text',
  lock: () => [],
  hold: null,
  store: ({ name }, as) => (name === as ? quote(name) : `${quote(name)} AS ${quote(as)}`),
  update: ({ table, side, onlyEmpty }, { name }, key) =>
    `UPDATE ${table} SET ${quote(name)} = kept_side.${quote(name)} FROM ${side} AS kept_side WHERE ${matching(key, table)}${onlyEmpty ? ` AND ${table}.${quote(name)} IS NULL` : ''}`,
  insert: ({ table, side }, columns, key) => {
    const names = columns.map(({ name }) => quote(name)).join(', ');
    const absent =
      key.length === 0
        ? ''
        : ` WHERE NOT EXISTS (SELECT 1 FROM ${table} AS kept_table WHERE ${matching(key, 'kept_table')})`;
    return `INSERT INTO ${table} (${names}) SELECT ${names} FROM ${side} AS kept_side${absent}`;
  },
  resume: () => [],
};
