import type { Keeping, KeptPair } from '../../dialect/keeping.ts';
import { keptPrefix } from '../../dialect/keeping.ts';
import type { Column } from '../../schema/schema.ts';
import { quote } from './quote.ts';

const matching = (key: readonly string[], table: string, equals = '='): string =>
  key.map((name) => `${table}.${quote(name)} ${equals} kept_side.${quote(name)}`).join(' AND ');

function insert({ table, side }: KeptPair, columns: readonly Column[]): string {
  const names = columns.map(({ name }) => quote(name)).join(', ');
  return `INSERT INTO ${table} (${names}) SELECT ${names} FROM ${side} AS kept_side`;
}

function merge(pair: KeptPair, columns: readonly Column[], key: readonly string[]): readonly string[] {
  const { table, side } = pair;
  const names = columns.map(({ name }) => name);
  const others = names.filter((name) => !key.includes(name));
  const isSame = key.length > 0 ? matching(key, 'kept_table') : matching(names, 'kept_table', 'IS');
  const absent = `${insert(pair, columns)} WHERE NOT EXISTS (SELECT 1 FROM ${table} AS kept_table WHERE ${isSame})`;
  if (key.length === 0 || others.length === 0) return [absent];
  const sets = others.map((name) => `${quote(name)} = kept_side.${quote(name)}`).join(', ');
  return [`UPDATE ${table} SET ${sets} FROM ${side} AS kept_side WHERE ${matching(key, table)}`, absent];
}

/** How SQLite keeps values: a step's transaction is the only one that writes. */
export const keeping: Keeping = {
  names: (namespace) =>
    `SELECT name FROM ${quote(namespace ?? 'main')}.sqlite_master WHERE lower(name) GLOB '${keptPrefix}*'`,
  text: 'text',
  lock: () => [],
  hold: null,
  // It would lead references, views and triggers of others to the other name, and keep its own references.
  rename: null,
  store: ({ name }, as) => (name === as ? quote(name) : `${quote(name)} AS ${quote(as)}`),
  update: ({ table, side, onlyEmpty }, { name }, key) =>
    `UPDATE ${table} SET ${quote(name)} = kept_side.${quote(name)} FROM ${side} AS kept_side WHERE ${matching(key, table)}${onlyEmpty ? ` AND ${table}.${quote(name)} IS NULL` : ''}`,
  insert,
  merge,
  checksEachRow: false,
  resume: () => [],
};
