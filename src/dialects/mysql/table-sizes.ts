import type { Connection } from '../../dialect/connection.ts';
import type { TableSize } from '../../dialect/dialect.ts';
import { numberOf, textOf } from '../../dialect/rows.ts';

// Estimates of InnoDB. MySQL answers from a cache that may be a day old: fresh numbers would have to be set per session.
const sql = `
  SELECT NULLIF(TABLE_SCHEMA, DATABASE()) AS namespace, TABLE_NAME AS name, TABLE_ROWS AS n,
    DATA_LENGTH + INDEX_LENGTH AS bytes
  FROM information_schema.TABLES
  WHERE TABLE_TYPE = 'BASE TABLE'
    AND TABLE_SCHEMA NOT IN ('mysql', 'sys', 'information_schema', 'performance_schema')
  ORDER BY 1, 2`;

/** The sizes of the tables, as the storage engine estimates them. */
export async function tableSizes(connection: Connection): Promise<readonly TableSize[]> {
  const { rows } = await connection.query(sql);
  return rows.map((row) => ({
    namespace: textOf(row, 'namespace'),
    name: textOf(row, 'name') ?? '',
    rows: numberOf(row, 'n') ?? 0,
    bytes: numberOf(row, 'bytes'),
  }));
}
