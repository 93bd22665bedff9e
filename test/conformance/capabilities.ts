// What each engine can hold, for random schemas.
// In: the name of an engine. Out: Capabilities. Must not know a test.

import { mentions } from '../../src/schema/identifiers-in-sql.ts';
import type { ColumnType, ForeignKey, Schema, Table } from '../../src/schema/schema.ts';
import type { Engine } from '../servers/index.ts';
import type { Capabilities } from '../support/arbitrary-schema.ts';
import { everything, portableTypes } from '../support/arbitrary-schema.ts';

const backtick = (name: string): string => `\`${name.replaceAll('`', '``')}\``;
const unprintable = /[\p{Cc}\p{Cs}\p{Cf}]/u;

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
  deferrable: ['no'],
  notValid: false,
  identity: 'key',
  onUpdate: false,
  nullableKeys: false,
  collations: ['NOCASE'],
  types: portableTypes,
  tableOptions: [{}, {}, { strict: true }],
  isName: (name) => !name.toLowerCase().startsWith('sqlite_') && !name.includes('\0'),
  foldName: (name) => name.toLowerCase(),
  routine: null,
};

const postgres: Capabilities = {
  ...everything,
  nullsNotDistinct: true,
  // Its methods are for one column each, and not for unique indexes.
  indexMethods: [],
  onUpdate: false,
  nullableKeys: false,
  collations: ['C'],
  types: [...portableTypes.filter(({ kind }) => kind !== 'enum'), { kind: 'native', sql: 'inet' }],
  tableOptions: [{}],
  isName: (name) => Buffer.byteLength(name) <= 40 && !name.includes('\0') && !/^pg_/i.test(name),
  foldName: (name) => name,
  isKeyable: ({ kind }) => kind !== 'json',
  trigger: null,
  routine: null,
};

const isShort = (type: ColumnType): boolean =>
  !['json', 'text', 'binary', 'native'].includes(type.kind) ||
  (type.kind === 'binary' && type.length !== null);

const mysql: Capabilities = {
  ...everything,
  namedEnums: false,
  namespaces: false,
  sequences: false,
  materializedViews: false,
  partialIndexes: false,
  includeColumns: false,
  nullsNotDistinct: false,
  nullsOrder: false,
  indexMethods: [],
  deferrable: ['no'],
  actions: ['no-action', 'restrict', 'cascade', 'set-null'],
  notValid: false,
  identity: 'key',
  nullableKeys: false,
  collations: ['utf8mb4_bin'],
  types: portableTypes,
  isKeyable: isShort,
  tableOptions: [{}],
  isName: (name) =>
    [...name].length <= 40 &&
    !unprintable.test(name) &&
    !/[\u{10000}-\u{10ffff}]/u.test(name) &&
    !/\s$/.test(name),
  foldName: (name) => name.normalize('NFKD').replaceAll(/\p{M}/gu, '').toLowerCase(),
  quote: backtick,
  trigger: ({ name, table }, n) =>
    `CREATE TRIGGER ${backtick(name)} BEFORE INSERT ON ${backtick(table.name)} FOR EACH ROW SET @surefoot_test = ${n}`,
  routine: null,
};

/** By engine. */
export const capabilities: Readonly<Record<Engine, Capabilities>> = {
  sqlite,
  pglite: { ...postgres, generated: ['stored'] },
  postgres14: { ...postgres, generated: ['stored'], nullsNotDistinct: false },
  postgres18: postgres,
  mariadb: { ...mysql, expressionIndexes: false },
  mysql9: mysql,
};

/** What MySQL and MariaDB refuse: checks on numbers of their own, actions on columns that others compute with. */
function onMysql(table: Table): Table {
  const counted = table.columns.filter((column) => column.identity !== null);
  const checks = table.checks.filter((check) => !counted.some((column) => mentions(check.sql, column.name)));
  const texts = [
    ...checks.map(({ sql }) => sql),
    ...table.columns.flatMap(({ generated }) => generated?.sql ?? []),
  ];
  const foreignKeys = table.foreignKeys.map((key): ForeignKey => {
    const isUsed = key.columns.some((column) => texts.some((sql) => mentions(sql, column)));
    return isUsed ? { ...key, onDelete: 'no-action', onUpdate: 'no-action' } : key;
  });
  return { ...table, checks, foreignKeys };
}

/** The schema without what the engine refuses, whatever its capabilities. */
export function legalOn(engine: Engine, schema: Schema): Schema {
  if (engine !== 'mysql9' && engine !== 'mariadb') return schema;
  return { ...schema, tables: schema.tables.map(onMysql) };
}
