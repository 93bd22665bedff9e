// What every server demands of a schema at any moment: the state between two statements, too.

import type { ForeignKey, Schema, Table } from '../../src/schema/schema.ts';
import { displayRef, refKey } from '../../src/schema/schema.ts';

const keyOf = (columns: readonly string[]) => JSON.stringify([...columns].sort());

function keysOf(table: Table): ReadonlySet<string> {
  return new Set([
    ...(table.primaryKey ? [keyOf(table.primaryKey.columns)] : []),
    ...table.uniques.map((one) => keyOf(one.columns)),
    ...table.indexes
      .filter((one) => one.unique)
      .map((one) => keyOf(one.parts.map((part) => part.column ?? ''))),
  ]);
}

function brokenReference(key: ForeignKey, table: Table, tables: ReadonlyMap<string, Table>): string | null {
  const parent = tables.get(refKey(key.references.table));
  if (!parent) return 'refers to no table';
  if (!keysOf(parent).has(keyOf(key.references.columns))) return 'refers to no key';
  const typeIn = (one: Table, name: string) =>
    JSON.stringify(one.columns.find((column) => column.name === name)?.type);
  const agree = key.columns.every(
    (name, i) => typeIn(table, name) === typeIn(parent, key.references.columns[i] ?? ''),
  );
  return agree ? null : 'has other types than its key';
}

function brokenIn(table: Table, schema: Schema, tables: ReadonlyMap<string, Table>): readonly string[] {
  const known = new Set(table.columns.map((column) => column.name));
  const lacking = (names: readonly string[]) =>
    names.filter((name) => !known.has(name)).map((name) => `has no column ${name}`);
  const enums = new Set(schema.enums.map((one) => JSON.stringify([one.namespace, one.name, one.values])));
  return [
    ...(table.columns.length === 0 ? ['has no columns'] : []),
    ...lacking(table.primaryKey?.columns ?? []),
    ...table.uniques.flatMap((one) => lacking(one.columns)),
    ...table.foreignKeys.flatMap((one) => lacking(one.columns)),
    ...table.indexes.flatMap((one) =>
      lacking([...one.include, ...one.parts.flatMap((part) => part.column ?? [])]),
    ),
    ...table.foreignKeys.flatMap((one) => brokenReference(one, table, tables) ?? []),
    ...(table.namespace !== null && !schema.namespaces.includes(table.namespace)
      ? ['is in no namespace']
      : []),
    ...table.columns.flatMap(({ type, name }) =>
      type.kind !== 'enum' ||
      type.name === null ||
      enums.has(JSON.stringify([type.namespace, type.name, type.values]))
        ? []
        : [`has a column ${name} of no enum`],
    ),
  ].map((problem) => `${displayRef(table)} ${problem}`);
}

/** What is wrong with a schema; nothing, where a server could hold it. */
export function brokenParts(schema: Schema): readonly string[] {
  const tables = new Map(schema.tables.map((table) => [refKey(table), table]));
  return [
    ...schema.tables.flatMap((table) => brokenIn(table, schema, tables)),
    ...schema.triggers
      .filter((one) => !tables.has(refKey(one.table)))
      .map((one) => `trigger ${one.name} is on no table`),
  ];
}
