import { compareSchemas } from '../diff/compare.ts';
import { displayPart } from '../schema/parts.ts';
import type { Schema, Table } from '../schema/schema.ts';

const words = { missing: 'is missing', changed: 'differs', extra: 'is left over' } as const;

const nameless = <T extends object>(list: readonly T[]) => list.map((one) => ({ ...one, name: null }));

/**
 * The schema without the names of keys, indexes and checks. Those that their author gave, the runner has held against
 * history; of the others, one that a table is made anew with may be made of the name that the table has by then.
 */
export function withoutNames(schema: Schema): Schema {
  const tables = schema.tables.map(
    (table): Table => ({
      ...table,
      primaryKey: table.primaryKey && { ...table.primaryKey, name: null },
      uniques: nameless(table.uniques),
      indexes: nameless(table.indexes),
      foreignKeys: nameless(table.foreignKeys),
      checks: nameless(table.checks),
    }),
  );
  return { ...schema, tables };
}

/** What one server has in two moments, line by line. One server spells alike, so that texts count. */
export function schemaLines(wanted: Schema, found: Schema): readonly string[] {
  return compareSchemas(wanted, found).flatMap(({ kind, wanted: left, actual: right }) => {
    const part = left ?? right;
    if (part === null) return [];
    return [`${displayPart(part)} ${kind === 'missing' || kind === 'extra' ? words[kind] : words.changed}`];
  });
}
