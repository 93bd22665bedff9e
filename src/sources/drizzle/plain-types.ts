// Types as revisions say them: `t.integer()`, where a model's own spelling is no more than that.
// In: a schema, its dialect. Out: the same schema, types folded, all else as it was declared. Must not know Drizzle.

import type { Dialect } from '../../dialect/dialect.ts';
import type { Schema, Table } from '../../schema/schema.ts';

function withTypesOf(table: Table, folded: Table): Table {
  const types = new Map(folded.columns.map(({ name, type }) => [name, type]));
  return {
    ...table,
    columns: table.columns.map((column) => ({ ...column, type: types.get(column.name) ?? column.type })),
  };
}

/** The schema with types as the dialect folds them. */
export function withPlainTypes(schema: Schema, dialect: Dialect): Schema {
  return {
    ...schema,
    tables: schema.tables.map((table) => withTypesOf(table, dialect.normalizeTable(table, schema))),
  };
}
