import type { Dialect } from '../dialect/dialect.ts';
import { isSurefootError } from '../kernel/errors.ts';
import type { Schema, Table } from '../schema/schema.ts';
import type { Stage } from './rehearsal.ts';

/** A query, and the server's refusal of it. */
export interface DeadQuery {
  readonly sql: string;
  readonly message: string;
}

/** What a mapper sends for a table: every column by its name. */
function selectOf(table: Table, { quote }: Dialect): string {
  const name = [...(table.namespace === null ? [] : [table.namespace]), table.name].map(quote).join('.');
  const columns = table.columns.map(({ name: column }) => `${name}.${quote(column)}`).join(', ');
  return `SELECT ${columns} FROM ${name} WHERE 1 = 0`;
}

/** The SELECTs of a release whose models are this schema. */
export function selectsOf(schema: Schema, dialect: Dialect): readonly string[] {
  return schema.tables.filter(({ columns }) => columns.length > 0).map((table) => selectOf(table, dialect));
}

/** Those that the server refuses now. */
export async function deadQueries(queries: readonly string[], stage: Stage): Promise<readonly DeadQuery[]> {
  const dead: DeadQuery[] = [];
  for (const sql of queries) {
    try {
      await stage.query(sql);
    } catch (error) {
      if (!isSurefootError(error, 'database/query-failed')) throw error;
      dead.push({ sql, message: error.message });
    }
  }
  return dead;
}
