// Catalogue rows → tables.
// In: the answer of the catalogue query. Out: tables, the sequences that belong to columns, what cannot be said.
// Must not know the connection.

import type {
  Check,
  Column,
  ColumnType,
  Deferrable,
  ForeignKey,
  Identity,
  Index,
  IndexPart,
  PrimaryKey,
  ReferentialAction,
  Table,
  TableOptions,
  Unique,
  UnsupportedObject,
} from '../../schema/schema.ts';
import type { Answer, ColumnRow, ConstraintRow, IndexRow, SequenceRow, TableRow } from './introspect-rows.ts';
import { parseType } from './parse-type.ts';
import { storageOptions } from './table-options.ts';
import { serialOf } from './types.ts';

/** What the rows of tables say. */
export interface TablesRead {
  readonly tables: readonly Table[];
  /** Sequences that stand for themselves. */
  readonly sequences: readonly SequenceRow[];
  readonly unsupported: readonly UnsupportedObject[];
}

type Enums = ReadonlyMap<string, readonly string[]>;

interface Lookup {
  readonly enums: Enums;
  readonly sequences: ReadonlyMap<string, SequenceRow>;
  readonly hidden: Set<SequenceRow>;
}

const columnKey = (table: string, position: number): string => `${table}.${position}`;
const enumKey = (ns: string | null, name: string): string => JSON.stringify([ns, name]);

function typeOf(row: ColumnRow, { enums }: Lookup): ColumnType {
  if (row.enum === null) return parseType(row.type);
  const { ns, name } = row.enum;
  return { kind: 'enum', namespace: ns, name, values: enums.get(enumKey(ns, name)) ?? [] };
}

const usualMaximum: Readonly<Record<string, string>> = {
  smallint: '32767',
  integer: '2147483647',
  bigint: '9223372036854775807',
};

function isUsual(sequence: SequenceRow, type: string): boolean {
  const { start, increment, minimum, maximum, cycle } = sequence;
  const plain = start === '1' && increment === '1' && minimum === '1' && !cycle;
  return plain && sequence.type === type && maximum === usualMaximum[type];
}

/** The serial type of a column whose default takes from the sequence that it owns. */
function serialType(row: ColumnRow, type: ColumnType, { sequences, hidden }: Lookup): ColumnType | null {
  const sequence = sequences.get(columnKey(row.table, row.position));
  if (sequence?.owned !== 'a' || !row.notNull || row.default !== sequence.nextval) return null;
  const serial = isUsual(sequence, row.type) ? serialOf(type) : null;
  if (serial !== null) hidden.add(sequence);
  return serial;
}

const orNull = (text: string): number | null => (text === '1' ? null : Number(text));

function identityOf(row: ColumnRow, { sequences, hidden }: Lookup): Identity | null {
  if (row.identity === '') return null;
  const sequence = sequences.get(columnKey(row.table, row.position));
  if (sequence !== undefined) hidden.add(sequence);
  return {
    mode: row.identity === 'a' ? 'always' : 'by-default',
    start: orNull(sequence?.start ?? '1'),
    increment: orNull(sequence?.increment ?? '1'),
  };
}

function columnOf(row: ColumnRow, lookup: Lookup): Column {
  const type = typeOf(row, lookup);
  const serial = serialType(row, type, lookup);
  const generated = row.generated !== '';
  const expression = serial === null ? row.default : null;
  return {
    name: row.name,
    type: serial ?? type,
    nullable: !row.notNull || row.unproven,
    default: expression === null || generated ? null : { kind: 'expression', sql: expression },
    onUpdate: null,
    identity: identityOf(row, lookup),
    generated: generated ? { sql: row.default ?? '', stored: row.generated === 's' } : null,
    collation: row.collation,
    comment: row.comment,
  };
}

function deferrableOf(row: ConstraintRow): Deferrable {
  if (!row.deferrable) return 'no';
  return row.deferred ? 'initially-deferred' : 'initially-immediate';
}

const actions: Readonly<Record<string, ReferentialAction>> = {
  a: 'no-action',
  r: 'restrict',
  c: 'cascade',
  n: 'set-null',
  d: 'set-default',
};

function foreignKeyOf(row: ConstraintRow): ForeignKey {
  return {
    name: row.name,
    columns: row.columns ?? [],
    references: {
      table: { namespace: row.parent?.ns ?? null, name: row.parent?.name ?? '' },
      columns: row.parent?.columns ?? [],
    },
    onDelete: actions[row.onDelete] ?? 'no-action',
    onUpdate: actions[row.onUpdate] ?? 'no-action',
    deferrable: deferrableOf(row),
    valid: row.valid,
  };
}

function uniqueOf(row: ConstraintRow): Unique {
  const { name, columns, nullsNotDistinct } = row;
  return { name, columns: columns ?? [], nullsNotDistinct, deferrable: deferrableOf(row) };
}

const checkOf = ({ name, sql, valid }: ConstraintRow): Check => ({ name, sql: sql ?? '', valid });
const primaryKeyOf = ({ name, columns }: ConstraintRow): PrimaryKey => ({ name, columns: columns ?? [] });

function partOf(row: IndexRow['parts'][number]): IndexPart {
  const usual = row.nullsFirst === row.descending;
  return {
    column: row.column,
    sql: row.column === null ? row.sql : null,
    descending: row.descending,
    nulls: usual ? null : row.nullsFirst ? 'first' : 'last',
    collation: row.collation,
    operatorClass: row.operatorClass,
    length: null,
  };
}

function indexOf(row: IndexRow): Index {
  const { name, unique, where, valid, nullsNotDistinct } = row;
  const method = row.method === 'btree' ? null : row.method;
  return {
    name,
    parts: row.parts.map(partOf),
    unique,
    where,
    method,
    include: row.include ?? [],
    nullsNotDistinct,
    valid,
  };
}

function optionsOf(row: TableRow): TableOptions {
  return {
    ...storageOptions(row.options),
    ...(row.unlogged ? { unlogged: true } : {}),
    ...(row.rowSecurity ? { rowSecurity: true } : {}),
    ...(row.forceRowSecurity ? { forceRowSecurity: true } : {}),
    ...(row.partitionBy === null ? {} : { partitionBy: row.partitionBy }),
    ...(row.inherits === null ? {} : { inherits: row.inherits }),
  };
}

interface Parts {
  readonly columns: readonly ColumnRow[];
  readonly constraints: readonly ConstraintRow[];
  readonly indexes: readonly IndexRow[];
}

function tableOf(row: TableRow, parts: Parts, lookup: Lookup): Table {
  const sayable = parts.constraints.filter((one) => one.beyond === null || one.type === 'p');
  const ofType = (type: ConstraintRow['type']) => sayable.filter((one) => one.type === type);
  return {
    namespace: row.ns,
    name: row.name,
    columns: parts.columns.map((column) => columnOf(column, lookup)),
    primaryKey: ofType('p').map(primaryKeyOf)[0] ?? null,
    uniques: ofType('u').map(uniqueOf),
    foreignKeys: ofType('f').map(foreignKeyOf),
    checks: ofType('c').map(checkOf),
    indexes: parts.indexes.map(indexOf),
    comment: row.comment,
    options: optionsOf(row),
  };
}

const kindNames: Readonly<Record<ConstraintRow['type'], string>> = {
  p: 'primary-key',
  u: 'unique',
  f: 'foreign-key',
  c: 'check',
  x: 'exclusion',
};

function beyondModel(row: TableRow, parts: Parts): readonly UnsupportedObject[] {
  const say = (kind: string, name: string, reason: string): UnsupportedObject => ({
    kind,
    namespace: row.ns,
    name: `${row.name}.${name}`,
    reason,
  });
  return [
    ...parts.constraints.flatMap((one) =>
      one.beyond === null ? [] : [say(kindNames[one.type], one.name, one.beyond)],
    ),
    ...parts.indexes.flatMap((one) =>
      one.options === null ? [] : [say('index-options', one.name, one.options.join(', '))],
    ),
    ...parts.columns.flatMap((one) =>
      one.unproven ? [say('not-null', one.name, 'NOT NULL, not validated')] : [],
    ),
    ...parts.columns.flatMap((one) =>
      one.tuning === '' ? [] : [say('column-options', one.name, one.tuning)],
    ),
    ...(row.replicaIdentity === null
      ? []
      : [{ kind: 'replica-identity', namespace: row.ns, name: row.name, reason: row.replicaIdentity }]),
  ];
}

function byTable<T extends { readonly table: string }>(
  rows: readonly T[],
): ReadonlyMap<string, readonly T[]> {
  return Map.groupBy(rows, (row) => row.table);
}

/** Not an identity's, not a serial's, and not of a table that is hidden or beyond the model. */
function standsAlone(row: SequenceRow, tables: ReadonlySet<string>, { hidden }: Lookup): boolean {
  if (row.owned === null || row.table === null) return true;
  return row.owned === 'a' && tables.has(row.table) && !hidden.has(row);
}

/** Tables out of the flat lists that the server gives. */
export function readTables(answer: Answer): TablesRead {
  const owned = answer.sequences.filter((row) => row.table !== null);
  const lookup: Lookup = {
    enums: new Map(answer.enums.map((row) => [enumKey(row.ns, row.name), row.values ?? []])),
    sequences: new Map(owned.map((row) => [columnKey(row.table ?? '', row.column ?? 0), row])),
    hidden: new Set(),
  };
  const known = new Set(answer.tables.map((row) => row.oid));
  const columns = byTable(answer.columns);
  const constraints = byTable(answer.constraints);
  const indexes = byTable(answer.indexes);
  const partsOf = ({ oid }: TableRow): Parts => ({
    columns: columns.get(oid) ?? [],
    constraints: constraints.get(oid) ?? [],
    indexes: indexes.get(oid) ?? [],
  });
  const tables = answer.tables.map((row) => tableOf(row, partsOf(row), lookup));
  return {
    tables,
    unsupported: answer.tables.flatMap((row) => beyondModel(row, partsOf(row))),
    sequences: answer.sequences.filter((row) => standsAlone(row, known, lookup)),
  };
}
