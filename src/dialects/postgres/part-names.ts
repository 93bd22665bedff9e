// Names for the constraints and indexes that their author left unnamed.
// In: operations, the table before, the project's naming. Out: the same operations with every part named.
// Must not know how a part is written in SQL.

import type { Naming, NamingKind } from '../../dialect/dialect.ts';
import type { Operation } from '../../operations/operation.ts';
import type { SchemaDraft } from '../../schema/draft.ts';
import { mentions } from '../../schema/identifiers-in-sql.ts';
import type { Check, ForeignKey, Index, PrimaryKey, Table, TableRef, Unique } from '../../schema/schema.ts';
import { refKey } from '../../schema/schema.ts';

interface Part {
  readonly name: string | null;
}

/** The columns after which an index is named: those of its parts, and those that its expressions mention. */
function columnsOfIndex(table: Table | undefined, index: Index): readonly string[] {
  return index.parts.flatMap((part) => {
    if (part.column !== null) return [part.column];
    const found = columnsIn(table, part.sql ?? '');
    return found.length > 0 ? found : ['expression'];
  });
}

function columnsIn(table: Table | undefined, sql: string): readonly string[] {
  return (table?.columns ?? []).map((column) => column.name).filter((name) => mentions(sql, name));
}

/** What a part of each kind is named after. */
interface PartOf {
  readonly primaryKey: PrimaryKey;
  readonly unique: Unique;
  readonly foreignKey: ForeignKey;
  readonly check: Check;
  readonly index: Index;
}

const columnsFor: {
  readonly [K in NamingKind]: (part: PartOf[K], table: Table | undefined) => readonly string[];
} = {
  primaryKey: (part) => part.columns,
  unique: (part) => part.columns,
  foreignKey: (part) => part.columns,
  check: (part, table) => columnsIn(table, part.sql),
  index: (part, table) => columnsOfIndex(table, part),
};

/** What names are made of, and what they are made for. */
export interface NameSource {
  readonly naming: Naming;
  readonly ref: TableRef;
  readonly table: Table | undefined;
}

/** The name that the part has, or would be given. Two unnamed parts of equal columns are told apart by a number. */
export function partName<K extends NamingKind>(
  kind: K,
  part: PartOf[K],
  source: NameSource,
  taken: ReadonlySet<string> = new Set(),
): string {
  if (part.name !== null) return part.name;
  const columns = columnsFor[kind](part, source.table);
  const name = source.naming(kind, source.ref, columns);
  for (let number = 2, candidate = name; ; number += 1) {
    if (!taken.has(candidate)) return candidate;
    candidate = source.naming(kind, source.ref, [...columns, String(number)]);
  }
}

function namedParts<K extends NamingKind>(
  kind: K,
  parts: readonly PartOf[K][],
  source: NameSource,
): readonly PartOf[K][] {
  const taken = new Set(parts.flatMap((part: Part) => (part.name === null ? [] : [part.name])));
  return parts.map((part) => {
    const name = partName(kind, part, source, taken);
    taken.add(name);
    return { ...part, name };
  });
}

/** The table with every part named. */
export function namedTable(table: Table, naming: Naming): Table {
  const source: NameSource = { naming, ref: table, table };
  const [primaryKey] = table.primaryKey === null ? [] : namedParts('primaryKey', [table.primaryKey], source);
  return {
    ...table,
    primaryKey: primaryKey ?? null,
    uniques: namedParts('unique', table.uniques, source),
    foreignKeys: namedParts('foreignKey', table.foreignKeys, source),
    checks: namedParts('check', table.checks, source),
    indexes: namedParts('index', table.indexes, source),
  };
}

function takenOf(parts: readonly Part[] | undefined): ReadonlySet<string> {
  return new Set((parts ?? []).flatMap((part) => (part.name === null ? [] : [part.name])));
}

/** The operation with the part that it adds named. */
export function named(operation: Operation, draft: SchemaDraft, naming: Naming): Operation {
  if (operation.kind === 'createTable') return { ...operation, table: namedTable(operation.table, naming) };
  if (!('table' in operation)) return operation;
  const ref = operation.table;
  const table = draft.tables.get(refKey(ref));
  const source: NameSource = { naming, ref, table };
  const give = <K extends NamingKind>(kind: K, part: PartOf[K], others: readonly Part[] | undefined) => ({
    ...part,
    name: partName(kind, part, source, takenOf(others)),
  });
  switch (operation.kind) {
    case 'addPrimaryKey':
      return { ...operation, primaryKey: give('primaryKey', operation.primaryKey, []) };
    case 'addUnique':
      return { ...operation, unique: give('unique', operation.unique, table?.uniques) };
    case 'addForeignKey':
      return { ...operation, foreignKey: give('foreignKey', operation.foreignKey, table?.foreignKeys) };
    case 'addCheck':
      return { ...operation, check: give('check', operation.check, table?.checks) };
    case 'createIndex':
      return { ...operation, index: give('index', operation.index, table?.indexes) };
    default:
      return operation;
  }
}
