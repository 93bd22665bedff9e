import type { Keeping } from '../../dialect/keeping.ts';
import { keptPrefix } from '../../dialect/keeping.ts';
import { literal, quote } from './quote.ts';

const matching = (key: readonly string[]): string =>
  key.map((name) => `kept_table.${quote(name)} = kept_side.${quote(name)}`).join(' AND ');

/** How MySQL and MariaDB keep values: the table is held by the session over copying and dropping. */
export const keeping: Keeping = {
  names: (namespace) =>
    `SELECT TABLE_NAME AS name FROM information_schema.TABLES WHERE TABLE_SCHEMA = ${namespace === null ? 'DATABASE()' : literal(namespace)} AND LEFT(TABLE_NAME, ${keptPrefix.length}) = '${keptPrefix}'`,
  text: 'longtext',
  lock: () => [],
  hold: {
    lock: (tables) => `LOCK TABLES ${tables.map((table) => `${table} WRITE`).join(', ')}`,
    free: 'UNLOCK TABLES',
  },
  store: ({ name }, as) => (name === as ? quote(name) : `${quote(name)} AS ${quote(as)}`),
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
