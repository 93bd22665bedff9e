// What each server can hold, for random schemas.

import type { ColumnType, Routine, Schema, Table, TableRef } from '../../src/schema/schema.ts';
import type { Engine } from '../servers/index.ts';
import type { Capabilities } from '../support/arbitrary-schema.ts';
import { arbitraryPair, arbitrarySchema, everything, portableTypes } from '../support/arbitrary-schema.ts';
import type { fc } from '../support/laws.ts';

const backQuote = (name: string) => `\`${name.replaceAll('`', '``')}\``;
const { quote } = everything;
const spell = (ref: TableRef, q: (name: string) => string) =>
  ref.namespace === null ? q(ref.name) : `${q(ref.namespace)}.${q(ref.name)}`;

const sqlite: Capabilities = {
  ...everything,
  namedEnums: false,
  namespaces: false,
  sequences: false,
  materializedViews: false,
  comments: false,
  includeColumns: false,
  nullsNotDistinct: false,
  nullsOrder: false,
  indexMethods: [],
  notValid: false,
  identity: 'key',
  onUpdate: false,
  nullableKeys: false,
  collations: ['NOCASE'],
  types: portableTypes,
  tableOptions: [{}],
  isName: (name) => !/^(sqlite_|surefoot_|rowid$|oid$|_rowid_$|lower$)/i.test(name) && !name.includes('\0'),
  foldName: (name) => name.toLowerCase(),
  routine: null,
};

const postgresRoutine = ({ namespace, name }: TableRef, n: number): Routine => ({
  namespace,
  name,
  kind: 'function',
  signature: n % 3 === 0 ? 'integer' : '',
  sql: `CREATE FUNCTION ${spell({ namespace, name }, quote)}(${n % 3 === 0 ? 'integer' : ''}) RETURNS integer LANGUAGE sql AS 'SELECT ${n}'`,
});

const postgres: Capabilities = {
  ...everything,
  // A namespace that history alone names is looked into only where history names it.
  namespaces: false,
  onUpdate: false,
  nullableKeys: false,
  collations: ['C'],
  types: portableTypes,
  tableOptions: [{}],
  isKeyable: ({ kind }) => kind !== 'json',
  takesDefault: ({ kind }) => kind !== 'json',
  isName: (name) => Buffer.byteLength(name) < 40 && !name.includes('\0') && !/^(pg_|surefoot_)/i.test(name),
  trigger: ({ name, table }, n) =>
    `CREATE TRIGGER ${quote(name)} BEFORE ${n % 2 === 0 ? 'UPDATE' : 'UPDATE OR DELETE'} ON ${spell(table, quote)} FOR EACH ROW EXECUTE FUNCTION suppress_redundant_updates_trigger()`,
  routine: postgresRoutine,
};

const unkeyable: ReadonlySet<ColumnType['kind']> = new Set(['text', 'json', 'native']);

const mysql: Capabilities = {
  ...everything,
  namedEnums: false,
  namespaces: false,
  sequences: false,
  materializedViews: false,
  partialIndexes: false,
  expressionIndexes: false,
  includeColumns: false,
  nullsNotDistinct: false,
  nullsOrder: false,
  indexMethods: [],
  deferrable: ['no'],
  actions: ['no-action', 'cascade', 'set-null'],
  notValid: false,
  identity: 'key',
  nullableKeys: false,
  collations: ['utf8mb4_bin'],
  types: portableTypes.filter(({ kind }) => kind !== 'json'),
  tableOptions: [{}],
  isKeyable: ({ kind }) => !unkeyable.has(kind),
  takesDefault: ({ kind }) => !unkeyable.has(kind),
  isName: (name) =>
    [...name].length < 40 &&
    !/[\0\u{10000}-\u{10ffff}\\/.]/u.test(name) &&
    !/[\s\p{Z}]$/u.test(name) &&
    !/^surefoot_/i.test(name),
  foldName: (name) => name.normalize('NFKD').toLowerCase(),
  quote: backQuote,
  trigger: ({ name, table }, n) =>
    `CREATE TRIGGER ${backQuote(name)} BEFORE INSERT ON ${backQuote(table.name)} FOR EACH ROW SET @n = ${n}`,
  routine: null,
};

/** What a server of that engine can hold. */
function capabilitiesOf(engine: Engine): Capabilities {
  if (engine === 'sqlite') return sqlite;
  if (engine === 'mysql9' || engine === 'mariadb') return mysql;
  return engine === 'postgres14' ? { ...postgres, nullsNotDistinct: false, generated: ['stored'] } : postgres;
}

/** What the generator cannot be told. */
function allowed(engine: Engine, schema: Schema): Schema {
  if (engine === 'sqlite') return withEachTable(schema, notDeferred);
  return engine === 'mysql9' || engine === 'mariadb' ? withEachTable(schema, inPlainText) : schema;
}

const withEachTable = (schema: Schema, change: (table: Table) => Table): Schema => ({
  ...schema,
  tables: schema.tables.map(change),
});

/** SQLite defers foreign keys, and checks unique constraints at once. */
const notDeferred = (table: Table): Table => ({
  ...table,
  uniques: table.uniques.map((unique) => ({ ...unique, deferrable: 'no' as const })),
});

/** MySQL prints names that are not ASCII in another character set. */
const inPlainText = (table: Table): Table => ({
  ...table,
  checks: table.checks.filter(({ sql }) => /^[ -~]*$/.test(sql)),
  columns: table.columns.map((column) =>
    column.generated && !/^[ -~]*$/.test(column.generated.sql) ? { ...column, generated: null } : column,
  ),
});

/** Random schemas that a server of that engine can hold. */
export const randomSchemas = (engine: Engine): fc.Arbitrary<Schema> =>
  arbitrarySchema(capabilitiesOf(engine)).map((schema) => allowed(engine, schema));

/** Random pairs of such schemas that have much in common. */
export const randomPairs = (engine: Engine): fc.Arbitrary<readonly [Schema, Schema]> =>
  arbitraryPair(capabilitiesOf(engine)).map(([a, b]) => [allowed(engine, a), allowed(engine, b)]);
