import type { Dialect } from '../dialect/dialect.ts';
import { isSurefootError } from '../kernel/errors.ts';
import type { Ref, Schema, Table } from '../schema/schema.ts';
import type { Stage } from './rehearsal.ts';

/** A query, and the server's refusal of it. */
export interface DeadQuery {
  readonly sql: string;
  readonly message: string;
}

const quoted = ({ namespace, name }: Ref, { quote }: Dialect): string =>
  [...(namespace === null ? [] : [namespace]), name].map(quote).join('.');

/** What a mapper sends for a table: every column by its name. */
function selectOf(table: Table, dialect: Dialect): string {
  const { quote } = dialect;
  const name = quoted(table, dialect);
  const columns = table.columns.map(({ name: column }) => `${name}.${quote(column)}`).join(', ');
  return `SELECT ${columns} FROM ${name} WHERE 1 = 0`;
}

/** The SELECTs of a release whose models are this schema. */
export function selectsOf(schema: Schema, dialect: Dialect): readonly string[] {
  const tables = schema.tables.filter(({ columns }) => columns.length > 0);
  // Which columns a view has, the schema does not say.
  const ofViews = schema.views.map((view) => `SELECT * FROM ${quoted(view, dialect)} WHERE 1 = 0`);
  return [...tables.map((table) => selectOf(table, dialect)), ...ofViews];
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
