// A schema in the one form that SQLite gives back, so that two spellings of it become equal.
// In: any schema. Out: the schema as introspection would read it. Must not know a connection.

import type {
  Check,
  Column,
  ColumnType,
  ForeignKey,
  Index,
  IndexPart,
  PrimaryKey,
  Schema,
  Table,
  TableRef,
  Unique,
} from '../../schema/schema.ts';
import { refKey } from '../../schema/schema.ts';
import { foldOptions } from './clauses.ts';
import { foldDefault } from './defaults.ts';
import { foldExpression, type Names, namesOf } from './expressions.ts';
import { foldTrigger } from './parse-index.ts';
import { foldName, quote, sameName } from './quote.ts';
import { isRowidAlias } from './rowid.ts';
import { trimStatement } from './tokens.ts';
import { enumCheck, enumCheckValues, foldStrictType, foldType, spellType } from './types.ts';

/** Finds a table as SQLite does: by its name in any case. */
export type TableLookup = (ref: TableRef) => Table | undefined;

const columnName = (names: Names, name: string): string => names.columns.get(foldName(name)) ?? name;

const columnNames = (names: Names, list: readonly string[]): readonly string[] =>
  list.map((name) => columnName(names, name));

const integers: ReadonlySet<ColumnType['kind']> = new Set(['smallint', 'integer', 'bigint']);

/** INT is INTEGER, except that `INT PRIMARY KEY` is not the rowid. */
function keyType(column: Column, table: Table): ColumnType {
  const { type } = column;
  if (type.kind === 'native') {
    const folded = foldType(type);
    const isInt = folded.kind === 'integer' && !/^\s*INTEGER\s*$/i.test(spellType(type));
    return isInt ? { kind: 'native', sql: 'INT' } : folded;
  }
  const automatic = column.identity !== null && integers.has(type.kind);
  return automatic && table.options['withoutRowid'] !== true ? { kind: 'integer' } : foldType(type);
}

function columnType(column: Column, table: Table): ColumnType {
  const keys = table.primaryKey?.columns ?? [];
  const alone = keys.length === 1 && sameName(keys[0] ?? '', column.name);
  const type = alone ? keyType(column, table) : foldType(column.type);
  if (table.options['strict'] !== true || (type.kind === 'native' && alone)) return type;
  return foldStrictType(type);
}

function foldCollation(collation: string | null): string | null {
  const upper = collation?.toUpperCase() ?? 'BINARY';
  return upper === 'BINARY' ? null : upper;
}

function foldColumn(column: Column, table: Table, names: Names): Column {
  const type = columnType(column, table);
  const { generated } = column;
  return {
    ...column,
    type,
    default: generated === null ? foldDefault(column.default, type) : null,
    onUpdate: null,
    identity: null,
    generated: generated && { sql: foldExpression(generated.sql, names), stored: generated.stored },
    collation: foldCollation(column.collation),
    comment: null,
  };
}

/** What being part of the key does to a column. */
function foldKeyColumn(column: Column, table: Table): Column {
  if (!table.primaryKey?.columns.includes(column.name)) return column;
  if (isRowidAlias(table)) {
    const identity = { mode: 'by-default', start: null, increment: null } as const;
    return { ...column, nullable: false, default: null, identity };
  }
  const implied = table.options['withoutRowid'] === true || table.options['strict'] === true;
  return implied ? { ...column, nullable: false } : column;
}

function foldKey(key: PrimaryKey | null, names: Names): PrimaryKey | null {
  return key && { name: key.name, columns: columnNames(names, key.columns) };
}

function foldUnique(unique: Unique, names: Names): Unique {
  const columns = columnNames(names, unique.columns);
  return { name: unique.name, columns, nullsNotDistinct: false, deferrable: 'no' };
}

function foldForeignKey(key: ForeignKey, names: Names, lookup: TableLookup): ForeignKey {
  const parent = lookup(key.references.table);
  const given = key.references.columns;
  const keys = parent?.primaryKey?.columns ?? [];
  const implied = given.length === 0 && keys.length === key.columns.length ? keys : given;
  const table = parent ? { namespace: parent.namespace, name: parent.name } : key.references.table;
  const columns = parent ? columnNames(namesOf(parent), implied) : implied;
  return {
    ...key,
    columns: columnNames(names, key.columns),
    references: { table: { namespace: table.namespace, name: table.name }, columns },
    valid: true,
  };
}

function foldPart(part: IndexPart, names: Names): IndexPart {
  const plain = { descending: part.descending, nulls: null, operatorClass: null, length: null } as const;
  const collation = foldCollation(part.collation);
  if (part.column !== null) {
    return { ...plain, column: columnName(names, part.column), sql: null, collation };
  }
  const sql = foldExpression(part.sql ?? '', names);
  const column = names.columns.get(foldName(sql.replace(/^"([^"]*)"$/, '$1')));
  if (column !== undefined) return { ...plain, column, sql: null, collation };
  const collated = collation === null ? sql : foldExpression(`${sql} COLLATE ${quote(collation)}`, names);
  return { ...plain, column: null, sql: collated, collation: null };
}

function foldIndex(index: Index, names: Names): Index {
  return {
    name: index.name,
    parts: index.parts.map((part) => foldPart(part, names)),
    unique: index.unique,
    where: index.where === null ? null : foldExpression(index.where, names),
    method: null,
    include: [],
    nullsNotDistinct: false,
    valid: true,
  };
}

/** True for a check that keeps the column to some of these values: an earlier form of the enum. */
function isFormOf(check: Check, column: string, values: readonly string[]): boolean {
  const kept = enumCheckValues(check.sql, column);
  return kept?.some((value) => values.includes(value)) ?? false;
}

/** The checks of a table, with one for each enum column in place of an earlier form of it. */
function foldChecks(table: Table, names: Names): readonly Check[] {
  const checks = table.checks.map(
    (check): Check => ({ name: check.name, sql: foldExpression(check.sql, names), valid: true }),
  );
  return table.columns.reduce<readonly Check[]>((list, { name, type }) => {
    if (type.kind !== 'enum') return list;
    const replaced = list.find((check) => isFormOf(check, name, type.values));
    const own = { name: replaced?.name ?? null, sql: enumCheck(name, type.values), valid: true };
    return [...list.filter((check) => !isFormOf(check, name, type.values)), own];
  }, checks);
}

function sortBy<T>(list: readonly T[], key: (part: T) => string): readonly T[] {
  return list
    .map((part) => [key(part), part] as const)
    .sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0))
    .map(([, part]) => part);
}

const byStructure = <T extends { readonly name: string | null }>(list: readonly T[]): readonly T[] =>
  sortBy(list, ({ name, ...rest }) => JSON.stringify([rest, name]));

/** A table as SQLite gives it back. */
export function foldTable(table: Table, lookup: TableLookup): Table {
  const names = namesOf(table);
  const find: TableLookup = (ref) => (sameName(refKey(ref), refKey(table)) ? table : lookup(ref));
  const folded: Table = {
    ...table,
    columns: table.columns.map((column) => foldColumn(column, table, names)),
    primaryKey: foldKey(table.primaryKey, names),
    uniques: byStructure(table.uniques.map((unique) => foldUnique(unique, names))),
    foreignKeys: byStructure(table.foreignKeys.map((key) => foldForeignKey(key, names, find))),
    checks: byStructure(foldChecks(table, names)),
    indexes: sortBy(
      table.indexes.map((index) => foldIndex(index, names)),
      (index) => JSON.stringify([index.name ?? '', index]),
    ),
    comment: null,
  };
  const columns = folded.columns.map((column) => foldKeyColumn(column, folded));
  return foldAutoincrement({ ...folded, columns });
}

/** AUTOINCREMENT belongs to the rowid; other options belong to what they name. */
function foldAutoincrement(table: Table): Table {
  const options = foldOptions(table);
  if (isRowidAlias(table) || options['autoincrement'] !== true) return { ...table, options };
  const { autoincrement: _, ...rest } = options;
  return { ...table, options: rest };
}

/** A look-up over these tables. */
export function lookupIn(tables: Iterable<Table>): TableLookup {
  let byName: Map<string, Table> | null = null;
  return (ref) => {
    byName ??= new Map([...tables].map((table) => [foldName(refKey(table)), table]));
    return byName.get(foldName(refKey(ref)));
  };
}

const lookups = new WeakMap<Schema, TableLookup>();

/** `Dialect.normalizeTable` of SQLite. Many calls over one schema share one look-up. */
export function normalizeTable(table: Table, schema: Schema): Table {
  const lookup = lookups.get(schema) ?? lookupIn(schema.tables);
  lookups.set(schema, lookup);
  return foldTable(table, lookup);
}

/** `Dialect.normalize` of SQLite: what it does not have is taken away. */
export function normalize(schema: Schema): Schema {
  const lookup = lookupIn(schema.tables);
  const home = (ref: TableRef): TableRef => {
    const table = lookup(ref);
    return { namespace: ref.namespace, name: table?.name ?? ref.name };
  };
  return {
    namespaces: [],
    enums: [],
    sequences: [],
    routines: [],
    tables: sortBy(
      schema.tables.map((table) => foldTable(table, lookup)),
      refKey,
    ),
    views: sortBy(
      schema.views.map((view) => ({ ...view, sql: trimStatement(view.sql) })),
      refKey,
    ),
    triggers: sortBy(
      schema.triggers.map((trigger) => ({
        ...trigger,
        table: home(trigger.table),
        sql: foldTrigger(trigger.sql),
      })),
      (trigger) => `${refKey(trigger.table)}\u0001${trigger.name}`,
    ),
    unsupported: schema.unsupported,
  };
}
