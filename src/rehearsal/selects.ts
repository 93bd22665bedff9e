import type { Dialect } from '../dialect/dialect.ts';
import { isSurefootError } from '../kernel/errors.ts';
import type { Ref, Schema, Table } from '../schema/schema.ts';
import { refKey } from '../schema/schema.ts';
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

/** What each view gives, as far as its rows tell; the schema does not say. */
export type ViewColumns = ReadonlyMap<string, readonly string[]>;

/** The columns of views that have rows. */
export async function readViewColumns({ views }: Schema, stage: Stage): Promise<ViewColumns> {
  const columns = new Map<string, readonly string[]>();
  for (const view of views) {
    const sql = `SELECT * FROM ${quoted(view, stage.dialect)} LIMIT 1`;
    const [row] = (await deadQueries([sql], stage)).length === 0 ? await stage.query(sql) : [];
    if (row !== undefined) columns.set(refKey(view), Object.keys(row));
  }
  return columns;
}

function selectOfView(view: Ref, columns: readonly string[] | undefined, dialect: Dialect): string {
  const name = quoted(view, dialect);
  const list = columns?.map((column) => `${name}.${dialect.quote(column)}`).join(', ');
  return `SELECT ${list ?? '*'} FROM ${name} WHERE 1 = 0`;
}

/** The SELECTs of a release whose models are this schema. */
export function selectsOf(
  schema: Schema,
  dialect: Dialect,
  viewColumns: ViewColumns = new Map(),
): readonly string[] {
  const tables = schema.tables.filter(({ columns }) => columns.length > 0);
  const ofViews = schema.views.map((view) => selectOfView(view, viewColumns.get(refKey(view)), dialect));
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
