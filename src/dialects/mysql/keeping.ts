import type { Keeping, KeptPair } from '../../dialect/keeping.ts';
import { keptPrefix } from '../../dialect/keeping.ts';
import type { Column, Flavor } from '../../schema/schema.ts';
import { renamingFor } from './keep-table.ts';
import { literal, quote } from './quote.ts';

const matching = (key: readonly string[], equals = '='): string =>
  key.map((name) => `kept_table.${quote(name)} ${equals} kept_side.${quote(name)}`).join(' AND ');

/** What is set to its own value is not set by the server. */
const setting = (names: readonly string[], still: readonly string[]): string =>
  [
    ...names.map((name) => `kept_table.${quote(name)} = kept_side.${quote(name)}`),
    ...still.map((name) => `kept_table.${quote(name)} = kept_table.${quote(name)}`),
  ].join(', ');

function insert({ table, side }: KeptPair, columns: readonly Column[]): string {
  const names = columns.map(({ name }) => quote(name)).join(', ');
  return `INSERT INTO ${table} (${names}) SELECT ${names} FROM ${side} AS kept_side`;
}

function merge(pair: KeptPair, columns: readonly Column[], key: readonly string[]): readonly string[] {
  const { table, side, still } = pair;
  const names = columns.map(({ name }) => name);
  const others = names.filter((name) => !key.includes(name));
  const isSame = key.length > 0 ? matching(key) : matching(names, '<=>');
  const absent = `${insert(pair, columns)} WHERE NOT EXISTS (SELECT 1 FROM ${table} AS kept_table WHERE ${isSame})`;
  if (key.length === 0 || others.length === 0) return [absent];
  const sets = setting(
    others,
    still.filter((name) => !others.includes(name)),
  );
  return [`UPDATE ${table} AS kept_table JOIN ${side} AS kept_side ON ${isSame} SET ${sets}`, absent];
}

/** How MySQL and MariaDB keep values: the table is held by the session over copying and dropping. */
export const keepingFor = (flavor: Flavor): Keeping => ({
  names: (namespace) =>
    `SELECT TABLE_NAME AS name FROM information_schema.TABLES WHERE TABLE_SCHEMA = ${namespace === null ? 'DATABASE()' : literal(namespace)} AND LEFT(TABLE_NAME, ${keptPrefix.length}) = '${keptPrefix}'`,
  text: 'longtext',
  lock: () => [],
  hold: {
    lock: (tables) => `LOCK TABLES ${tables.map((table) => `${table} WRITE`).join(', ')}`,
    free: 'UNLOCK TABLES',
    probe: (table) => `LOCK TABLES ${table} READ`,
  },
  rename: renamingFor(flavor),
  store: ({ name }, as) => (name === as ? quote(name) : `${quote(name)} AS ${quote(as)}`),
  update: ({ table, side, onlyEmpty, still }, { name }, key) =>
    `UPDATE ${table} AS kept_table JOIN ${side} AS kept_side ON ${matching(key)} SET ${setting([name], still)}${onlyEmpty ? ` WHERE kept_table.${quote(name)} IS NULL` : ''}`,
  insert,
  merge,
  checksEachRow: true,
  resume: () => [],
});
