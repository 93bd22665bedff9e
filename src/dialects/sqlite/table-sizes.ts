import type { Connection } from '../../dialect/connection.ts';
import type { TableSize } from '../../dialect/dialect.ts';
import { numberOf, textOf } from '../../dialect/rows.ts';
import { literal, quote } from './quote.ts';

const tablesSql =
  "SELECT name FROM pragma_table_list WHERE schema = 'main' AND type = 'table' AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\'";

/** SQLite keeps no counts: the rows are counted. It may have at most 500 terms in a compound SELECT. */
export async function tableSizes(connection: Connection): Promise<readonly TableSize[]> {
  const { rows: tables } = await connection.query(tablesSql);
  const names = tables.flatMap((row) => textOf(row, 'name') ?? []);
  const sizes: TableSize[] = [];
  for (let from = 0; from < names.length; from += 400) {
    const counts = names
      .slice(from, from + 400)
      .map((name) => `SELECT ${literal(name)} AS name, count(*) AS n FROM ${quote(name)}`);
    const { rows } = await connection.query(counts.join(' UNION ALL '));
    for (const row of rows)
      sizes.push({
        namespace: null,
        name: textOf(row, 'name') ?? '',
        rows: numberOf(row, 'n') ?? 0,
        bytes: null,
      });
  }
  return sizes;
}
