import type { Row } from '../../dialect/connection.ts';
import { numberOf, textOf } from '../../dialect/rows.ts';
import { mentions } from '../../schema/identifiers-in-sql.ts';
import type {
  Check,
  Column,
  ColumnDefault,
  ColumnType,
  ForeignKey,
  Index,
  IndexPart,
  PrimaryKey,
  ReferentialAction,
  Table,
  UnsupportedObject,
} from '../../schema/schema.ts';
import { readMariadbDefault, readMysqlDefault, unescapeCatalogue } from './defaults.ts';
import { isJsonCheck } from './mariadb.ts';
import { parseCreateOptions } from './table-options.ts';
import type { MysqlTraits } from './traits.ts';
import { parseType } from './types.ts';

/** The rows of one table. */
export interface TableRows {
  readonly table: Row;
  readonly columns: readonly Row[];
  readonly indexes: readonly Row[];
  readonly foreignKeys: readonly Row[];
  readonly checks: readonly Row[];
  /** `PARTITION BY …` as the server prints it. */
  readonly partitioning: string | null;
}

/** A text that is there; the catalogue has none where it says so. */
export function required(row: Row, column: string): string {
  return textOf(row, column) ?? '';
}

function expressionOf(text: string, traits: MysqlTraits): string {
  return traits.flavor === 'mysql' ? unescapeCatalogue(text) : text;
}

function typeOf(row: Row): ColumnType {
  // Column attributes of MariaDB stand in executable comments: `text /*M!100301 COMPRESSED*/`.
  const text = required(row, 'type').replace(/\s*\/\*[\s\S]*?\*\//g, '');
  const srid = numberOf(row, 'srid');
  return srid === null ? parseType(text) : { kind: 'native', sql: `${text} srid ${srid}` };
}

function defaultOf(row: Row, type: ColumnType, traits: MysqlTraits): ColumnDefault | null {
  const text = textOf(row, 'value');
  return traits.flavor === 'mysql'
    ? readMysqlDefault(text, required(row, 'extra'), type)
    : readMariadbDefault(text);
}

function readColumn(row: Row, traits: MysqlTraits): Column {
  const extra = required(row, 'extra');
  const type = typeOf(row);
  const generated = /\b(VIRTUAL|STORED|PERSISTENT) GENERATED\b/i.exec(extra);
  const expression = required(row, 'generated');
  return {
    name: required(row, 'name'),
    type,
    nullable: required(row, 'nullable') === 'YES',
    default: generated ? null : defaultOf(row, type, traits),
    onUpdate: /\bon update ([a-z_]+(?:\(\d*\))?)/i.exec(extra)?.[1] ?? null,
    identity: /\bauto_increment\b/i.test(extra) ? { mode: 'by-default', start: null, increment: null } : null,
    generated: generated && {
      sql: expressionOf(expression, traits),
      stored: generated[1]?.toUpperCase() !== 'VIRTUAL',
    },
    collation: textOf(row, 'collation'),
    comment: textOf(row, 'remark') || null,
  };
}

/** A key for a list of rows that come sorted by it. */
export function groupBy(rows: readonly Row[], column: string): ReadonlyMap<string, readonly Row[]> {
  const groups = new Map<string, Row[]>();
  for (const row of rows) {
    const key = required(row, column);
    const group = groups.get(key);
    if (group) group.push(row);
    else groups.set(key, [row]);
  }
  return groups;
}

function readPart(row: Row, traits: MysqlTraits): IndexPart {
  const column = textOf(row, 'column_name');
  return {
    column,
    sql: column === null ? expressionOf(required(row, 'expression'), traits) : null,
    descending: textOf(row, 'direction') === 'D',
    nulls: null,
    collation: null,
    operatorClass: null,
    length: numberOf(row, 'prefix'),
  };
}

function readIndex(name: string, rows: readonly Row[], traits: MysqlTraits): Index {
  const [first] = rows;
  return {
    name,
    parts: rows.map((row) => readPart(row, traits)),
    unique: numberOf(first, 'non_unique') === 0,
    where: null,
    method: textOf(first, 'method')?.toLowerCase().replace('rtree', 'spatial') ?? null,
    include: [],
    nullsNotDistinct: false,
    valid: true,
  };
}

function readIndexes(rows: readonly Row[], traits: MysqlTraits): readonly Index[] {
  const groups = [...groupBy(rows, 'name')].filter(([name]) => name !== 'PRIMARY');
  return groups.map(([name, parts]) => readIndex(name, parts, traits));
}

function readPrimaryKey(rows: readonly Row[]): PrimaryKey | null {
  const parts = rows.filter((row) => textOf(row, 'name') === 'PRIMARY');
  return parts.length === 0
    ? null
    : { name: null, columns: parts.map((row) => required(row, 'column_name')) };
}

const actions: Readonly<Record<string, ReferentialAction>> = {
  CASCADE: 'cascade',
  'SET NULL': 'set-null',
  'SET DEFAULT': 'set-default',
  RESTRICT: 'restrict',
};

function actionOf(text: string | null): ReferentialAction {
  return actions[text?.toUpperCase() ?? ''] ?? 'no-action';
}

function readForeignKey(name: string, rows: readonly Row[]): ForeignKey {
  const [first] = rows;
  return {
    name,
    columns: rows.map((row) => required(row, 'column_name')),
    references: {
      table: { namespace: textOf(first, 'namespace'), name: textOf(first, 'parent') ?? '' },
      columns: rows.map((row) => required(row, 'parent_column')),
    },
    onDelete: actionOf(textOf(first, 'on_delete')),
    onUpdate: actionOf(textOf(first, 'on_update')),
    deferrable: 'no',
    valid: true,
  };
}

function readCheck(row: Row, traits: MysqlTraits): Check {
  return {
    name: required(row, 'name'),
    sql: expressionOf(required(row, 'clause'), traits),
    valid: required(row, 'enforced') !== 'NO',
  };
}

/**
 * A check written at a column bears its name; MariaDB's catalogue goes on giving it the name that the column had when it
 * was made.
 */
function nameOfColumnCheck(row: Row, check: Check, columns: readonly Column[]): Check {
  if (textOf(row, 'level') !== 'Column' || mentions(check.sql, check.name ?? '')) return check;
  const own = columns.find(({ name }) => mentions(check.sql, name));
  return own ? { ...check, name: own.name } : check;
}

/** MariaDB's json: long text in a binary collation, with a check on the column. */
function withJson(column: Column, checks: readonly Check[]): Column {
  return checks.some((check) => isJsonCheck(column, check))
    ? { ...column, type: { kind: 'json' }, collation: null }
    : column;
}

/** The key that MySQL gives to a table without one, where it is told to: invisible, and nobody's but the server's. */
function isGeneratedKey(row: Row): boolean {
  return (
    required(row, 'name') === 'my_row_id' && /\bauto_increment\b.*\bINVISIBLE\b/i.test(required(row, 'extra'))
  );
}

/** The rows without such a key. */
function withoutGeneratedKey(rows: TableRows): TableRows {
  if (!rows.columns.some(isGeneratedKey)) return rows;
  return {
    ...rows,
    columns: rows.columns.filter((row) => !isGeneratedKey(row)),
    indexes: rows.indexes.filter((row) => textOf(row, 'column_name') !== 'my_row_id'),
  };
}

/** The table that the rows describe. */
export function readTable(all: TableRows, traits: MysqlTraits): Table {
  const rows = withoutGeneratedKey(all);
  const plain = rows.columns.map((row) => readColumn(row, traits));
  const checks = rows.checks.map((row) => nameOfColumnCheck(row, readCheck(row, traits), plain));
  const ofJson = (check: Check) =>
    traits.flavor === 'mariadb' && plain.some((column) => isJsonCheck(column, check));
  return {
    namespace: null,
    name: required(rows.table, 'name'),
    columns: traits.flavor === 'mariadb' ? plain.map((column) => withJson(column, checks)) : plain,
    primaryKey: readPrimaryKey(rows.indexes),
    uniques: [],
    foreignKeys: [...groupBy(rows.foreignKeys, 'name')].map(([name, parts]) => readForeignKey(name, parts)),
    checks: checks.filter((check) => !ofJson(check)),
    indexes: readIndexes(rows.indexes, traits),
    comment: textOf(rows.table, 'remark') || null,
    options: {
      ...parseCreateOptions(required(rows.table, 'options')),
      engine: required(rows.table, 'engine'),
      collation: required(rows.table, 'collation'),
      ...(rows.partitioning === null ? {} : { partitioning: rows.partitioning }),
    },
  };
}

/** What the model cannot say of a table that it can otherwise describe. */
export function unsupportedOf(all: TableRows): readonly UnsupportedObject[] {
  const rows = withoutGeneratedKey(all);
  const table = required(rows.table, 'name');
  const invisible = rows.columns.filter((row) => /\bINVISIBLE\b/i.test(required(row, 'extra')));
  const compressed = rows.columns.filter((row) =>
    /COMPRESSED/i.test(required(row, 'type').replace(/'[^']*'/g, '')),
  );
  const prefixed = rows.indexes.filter(
    (row) => textOf(row, 'name') === 'PRIMARY' && numberOf(row, 'prefix') !== null,
  );
  const named = (row: Row) =>
    `${table}.${required(row, row['column_name'] === undefined ? 'name' : 'column_name')}`;
  const object = (kind: string, reason: string) => (row: Row) => ({
    namespace: null,
    name: named(row),
    kind,
    reason,
  });
  return [
    ...invisible.map(object('column', 'is invisible: altering it would show it')),
    ...compressed.map(object('column', 'is compressed: altering it would undo that')),
    ...prefixed.map(object('primary key', 'covers only a prefix of the column')),
  ];
}
