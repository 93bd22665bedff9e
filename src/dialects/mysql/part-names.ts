// Names for the constraints and indexes that their author left unnamed.
// In: operations, the table before, the project's naming. Out: the same operations, every part named.
// Must not know how a part is written in SQL.

import type { Operation } from '../../operations/operation.ts';
import { mentions } from '../../schema/identifiers-in-sql.ts';
import type { Naming, NamingKind } from '../../schema/naming.ts';
import type { Check, ForeignKey, Index, Table, TableRef, Unique } from '../../schema/schema.ts';

interface Named {
  readonly name: string | null;
}

function columnsIn(table: Table | undefined, sql: string): readonly string[] {
  return (table?.columns ?? []).map((column) => column.name).filter((name) => mentions(sql, name));
}

function columnsOfIndex(index: Index, table: Table | undefined): readonly string[] {
  return index.parts.flatMap((part) =>
    part.column === null ? columnsIn(table, part.sql ?? '') : [part.column],
  );
}

interface Place {
  readonly naming: Naming;
  readonly ref: TableRef;
  /** Names of the same kind that are in use; grows. */
  readonly taken: Set<string>;
}

function freeName(kind: NamingKind, columns: readonly string[], { naming, ref, taken }: Place): string {
  let name = naming(kind, ref, columns);
  for (let number = 2; taken.has(name); number += 1) name = naming(kind, ref, [...columns, String(number)]);
  taken.add(name);
  return name;
}

function namesOf(parts: readonly Named[] | undefined): Set<string> {
  return new Set((parts ?? []).map((part) => part.name).filter((name) => name !== null));
}

interface Request<T> {
  readonly kind: NamingKind;
  readonly columns: (part: T) => readonly string[];
}

function nameAll<T extends Named>(parts: readonly T[], request: Request<T>, place: Place): readonly T[] {
  return parts.map((part) =>
    part.name === null ? { ...part, name: freeName(request.kind, request.columns(part), place) } : part,
  );
}

const unique: Request<Unique> = { kind: 'unique', columns: (part) => part.columns };
const foreignKey: Request<ForeignKey> = { kind: 'foreignKey', columns: (part) => part.columns };

function check(table: Table | undefined): Request<Check> {
  return { kind: 'check', columns: (part) => columnsIn(table, part.sql) };
}

/** A unique index and a unique constraint are one thing here, so they are named alike. */
function nameIndex(part: Index, table: Table | undefined, place: Place): Index {
  return named(
    part,
    { kind: part.unique ? 'unique' : 'index', columns: (one) => columnsOfIndex(one, table) },
    place,
  );
}

function named<T extends Named>(part: T, request: Request<T>, place: Place): T {
  return part.name === null ? { ...part, name: freeName(request.kind, request.columns(part), place) } : part;
}

/** The table with every part named. */
export function nameTable(table: Table, naming: Naming): Table {
  const place = (parts: readonly Named[]): Place => ({ naming, ref: table, taken: namesOf(parts) });
  const keys = place([...table.indexes, ...table.uniques]);
  return {
    ...table,
    uniques: nameAll(table.uniques, unique, keys),
    indexes: table.indexes.map((one) => nameIndex(one, table, keys)),
    foreignKeys: nameAll(table.foreignKeys, foreignKey, place(table.foreignKeys)),
    checks: nameAll(table.checks, check(table), place(table.checks)),
  };
}

/** The operation with the part that it adds named. */
export function nameParts(operation: Operation, table: Table | undefined, naming: Naming): Operation {
  if (operation.kind === 'createTable') return { ...operation, table: nameTable(operation.table, naming) };
  if (!('table' in operation)) return operation;
  const place = (parts: readonly Named[] | undefined): Place => ({
    naming,
    ref: operation.table,
    taken: namesOf(parts),
  });
  switch (operation.kind) {
    case 'addUnique':
      return { ...operation, unique: named(operation.unique, unique, place(table?.indexes)) };
    case 'createIndex':
      return { ...operation, index: nameIndex(operation.index, table, place(table?.indexes)) };
    case 'addForeignKey':
      return { ...operation, foreignKey: named(operation.foreignKey, foreignKey, place(table?.foreignKeys)) };
    case 'addCheck':
      return { ...operation, check: named(operation.check, check(table), place(table?.checks)) };
    default:
      return operation;
  }
}
