import type { Schema } from '../../src/schema/schema.ts';

/** The schema without the names that a server, or Surefoot, gave to what its author left unnamed. */
export function asWritten(schema: Schema, names: ReadonlySet<string>): Schema {
  const bare = <T extends { readonly name: string | null }>(list: readonly T[]) =>
    list.map((one) => (one.name !== null && names.has(one.name) ? one : { ...one, name: null }));
  const tables = schema.tables.map((table) => ({
    ...table,
    primaryKey: table.primaryKey && (bare([table.primaryKey])[0] ?? null),
    uniques: bare(table.uniques),
    foreignKeys: bare(table.foreignKeys),
    checks: bare(table.checks),
    indexes: bare(table.indexes),
  }));
  return { ...schema, tables };
}
