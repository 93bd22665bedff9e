import type { Keeping } from '../../dialect/keeping.ts';
import { quote } from './quote.ts';

const matching = (key: readonly string[]): string =>
  key.map((name) => `kept_table.${quote(name)} = kept_side.${quote(name)}`).join(' AND ');

/** How MySQL and MariaDB keep values: the table is held by the session over copying and dropping. */
export const keeping: Keeping = {
  lock: () => [],
  hold: {
    lock: (tables) => `LOCK TABLES ${tables.map((table) => `${table} WRITE`).join(', ')}`,
    free: 'UNLOCK TABLES',
  },
  store: ({ name }) => quote(name),
  recall: (_, value) => value,
  update: ({ table, side, onlyEmpty }, { name }, key) =>
    `UPDATE ${table} AS kept_table JOIN ${side} AS kept_side ON ${matching(key)} SET kept_table.${quote(name)} = kept_side.${quote(name)}${onlyEmpty ? ` WHERE kept_table.${quote(name)} IS NULL` : ''}`,
  insert: ({ table, side }, columns, key) => {
    const names = columns.map(({ name }) => quote(name)).join(', ');
    const absent =
      key.length === 0
        ? ''
        : ` WHERE NOT EXISTS (SELECT 1 FROM ${table} AS kept_table WHERE ${matching(key)})`;
    return `INSERT INTO ${table} (${names}) SELECT ${names} FROM ${side} AS kept_side${absent}`;
  },
  resume: () => [],
};
