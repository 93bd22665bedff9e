import type { Connection } from '../../dialect/connection.ts';
import type { TableSize } from '../../dialect/dialect.ts';
import { numberOf, textOf } from '../../dialect/rows.ts';

// `reltuples` is -1 where nobody has analysed the table yet (https://www.postgresql.org/docs/current/catalog-pg-class.html);
// then the count of the cumulative statistics stands in.
const sql = `
  SELECT nullif(n.nspname, current_schema()) AS namespace, c.relname AS name,
    greatest(c.reltuples::float8, coalesce(pg_stat_get_live_tuples(c.oid), 0), 0)::bigint AS rows,
    pg_total_relation_size(c.oid) AS bytes
  FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
  WHERE c.relkind IN ('r', 'm') AND c.relpersistence <> 't'
    AND n.nspname <> 'information_schema' AND n.nspname NOT LIKE 'pg\\_%'
  ORDER BY 1, 2`;

/** The sizes of the tables, as the planner estimates them. */
export async function tableSizes(connection: Connection): Promise<readonly TableSize[]> {
  const { rows } = await connection.query(sql);
  return rows.map((row) => ({
    namespace: textOf(row, 'namespace'),
    name: textOf(row, 'name') ?? '',
    rows: numberOf(row, 'rows') ?? 0,
    bytes: numberOf(row, 'bytes'),
  }));
}
