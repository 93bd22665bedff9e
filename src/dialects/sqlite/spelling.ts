// Definitions as SQL: tables, columns, constraints, indexes.
// In: parts of the model, normalised. Out: text. Must not know a connection or an operation.

import type {
  Check,
  Column,
  ForeignKey,
  Index,
  IndexPart,
  Table,
  TableRef,
  Unique,
} from '../../schema/schema.ts';
import { clauseOf, partsOf } from './clauses.ts';
import { spellDefault } from './defaults.ts';
import { quote, quoteList, quoteRef } from './quote.ts';
import { isRowidAlias } from './rowid.ts';
import { spellType } from './types.ts';

const words = (...parts: readonly (string | false | null)[]): string => parts.filter(Boolean).join(' ');

function conflict(clause: string | null): string {
  return clause === null ? '' : `ON CONFLICT ${clause}`;
}

function constraint(name: string | null): string {
  return name === null ? '' : `CONSTRAINT ${quote(name)}`;
}

function notNull(column: Column, table: Table): string {
  const [name, clause] = [
    clauseOf(table, 'notNull.name', [column.name]),
    clauseOf(table, 'notNull.conflict', [column.name]),
  ];
  // The rowid is never null; saying so is left to tables that gave it a name.
  const needless = isRowidAlias(table) && isKey(column, table) && name === null && clause === null;
  if (column.nullable || needless) return '';
  return words(constraint(name), 'NOT NULL', conflict(clause));
}

function isKey(column: Column, table: Table): boolean {
  return table.primaryKey?.columns.includes(column.name) ?? false;
}

/** True for a key that must stand at its column: the rowid, and `INTEGER PRIMARY KEY DESC`, which is not the rowid. */
function keyStandsAtColumn(table: Table): boolean {
  const columns = table.primaryKey?.columns ?? [];
  if (columns.length !== 1) return false;
  return isRowidAlias(table) || partsOf(table, 'primaryKey.parts', columns)[0] === 'DESC';
}

function columnKey(column: Column, table: Table): string {
  if (!isKey(column, table) || !keyStandsAtColumn(table)) return '';
  const columns = [column.name];
  return words(
    constraint(table.primaryKey?.name ?? null),
    'PRIMARY KEY',
    partsOf(table, 'primaryKey.parts', columns)[0] ?? '',
    conflict(clauseOf(table, 'primaryKey.conflict', columns)),
    table.options['autoincrement'] === true && 'AUTOINCREMENT',
  );
}

function generated(column: Column): string {
  if (column.generated === null) return '';
  return `GENERATED ALWAYS AS (${column.generated.sql}) ${column.generated.stored ? 'STORED' : 'VIRTUAL'}`;
}

/** A column as CREATE TABLE and ADD COLUMN take it. */
export function spellColumn(column: Column, table: Table): string {
  return words(
    quote(column.name),
    spellType(column.type),
    columnKey(column, table),
    notNull(column, table),
    column.default !== null && `DEFAULT ${spellDefault(column.default, column.type)}`,
    column.collation !== null && `COLLATE ${quote(column.collation)}`,
    generated(column),
  );
}

function keyList(
  table: Table,
  clause: 'primaryKey.parts' | 'unique.parts',
  columns: readonly string[],
): string {
  const parts = partsOf(table, clause, columns);
  return columns.map((column, at) => words(quote(column), parts[at] ?? '')).join(', ');
}

function spellPrimaryKey(table: Table): readonly string[] {
  const key = table.primaryKey;
  if (key === null || keyStandsAtColumn(table)) return [];
  const list = keyList(table, 'primaryKey.parts', key.columns);
  const clause = conflict(clauseOf(table, 'primaryKey.conflict', key.columns));
  return [words(constraint(key.name), `PRIMARY KEY (${list})`, clause)];
}

function spellUnique(unique: Unique, table: Table): string {
  const list = keyList(table, 'unique.parts', unique.columns);
  const clause = conflict(clauseOf(table, 'unique.conflict', unique.columns));
  return words(constraint(unique.name), `UNIQUE (${list})`, clause);
}

/** A check as a table constraint, or behind a column. */
export function spellCheck(check: Check): string {
  return words(constraint(check.name), `CHECK (${check.sql})`);
}

const actions = {
  'no-action': '',
  restrict: 'RESTRICT',
  cascade: 'CASCADE',
  'set-null': 'SET NULL',
  'set-default': 'SET DEFAULT',
} as const;

const deferrables = {
  no: '',
  'initially-immediate': 'DEFERRABLE INITIALLY IMMEDIATE',
  'initially-deferred': 'DEFERRABLE INITIALLY DEFERRED',
} as const;

function spellForeignKey(key: ForeignKey): string {
  const { table, columns } = key.references;
  const [onDelete, onUpdate] = [actions[key.onDelete], actions[key.onUpdate]];
  return words(
    constraint(key.name),
    `FOREIGN KEY (${quoteList(key.columns)}) REFERENCES ${quote(table.name)}`,
    columns.length > 0 && `(${quoteList(columns)})`,
    onDelete !== '' && `ON DELETE ${onDelete}`,
    onUpdate !== '' && `ON UPDATE ${onUpdate}`,
    deferrables[key.deferrable],
  );
}

function spellOptions(table: Table): string {
  const options = [
    table.options['withoutRowid'] === true && 'WITHOUT ROWID',
    table.options['strict'] === true && 'STRICT',
  ].filter((option) => option !== false);
  return options.length === 0 ? '' : ` ${options.join(', ')}`;
}

/** CREATE TABLE, without the table's indexes; under another name if one is given. */
export function spellTable(table: Table, as: TableRef = table): string {
  const lines = [
    ...table.columns.map((column) => spellColumn(column, table)),
    ...spellPrimaryKey(table),
    ...table.uniques.map((unique) => spellUnique(unique, table)),
    ...table.foreignKeys.map(spellForeignKey),
    ...table.checks.map(spellCheck),
  ];
  return `CREATE TABLE ${quoteRef(as)} (\n  ${lines.join(',\n  ')}\n)${spellOptions(table)}`;
}

function spellPart(part: IndexPart): string {
  return words(
    part.column === null ? part.sql : quote(part.column),
    part.collation !== null && `COLLATE ${quote(part.collation)}`,
    part.descending && 'DESC',
  );
}

/** CREATE INDEX. */
export function spellIndex(index: Index & { readonly name: string }, table: TableRef): string {
  const name = quoteRef({ namespace: table.namespace, name: index.name });
  const parts = index.parts.map(spellPart).join(', ');
  const where = index.where === null ? '' : ` WHERE ${index.where}`;
  return `CREATE ${index.unique ? 'UNIQUE ' : ''}INDEX ${name} ON ${quote(table.name)} (${parts})${where}`;
}
