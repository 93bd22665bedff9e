import type { SqlValue } from '../dialect/connection.ts';
import type { Dialect } from '../dialect/dialect.ts';
import type { TargetWish } from '../fleet/target.ts';
import { messageOf } from '../kernel/errors.ts';
import type { SurefootOptions } from './api.ts';
import { unreadable } from './fleet-lines.ts';
import type { Opened } from './open.ts';
import { openSession } from './open.ts';

/** A SELECT that lists targets, and the database that answers it. */
export interface TargetQuery {
  /** How the list is called in messages. */
  readonly source: string;
  readonly url: string;
  readonly sql: (dialect: Dialect) => string;
}

/** A row of such a list: the value of its first column, by which it is found again. */
export interface ListedTarget {
  readonly key: string;
  readonly wish: TargetWish;
}

const pageSize = 500;

type Row = Readonly<Record<string, unknown>>;

const textIn = (row: Row, column: string): string | undefined => {
  const value = row[column];
  return value === null || value === undefined ? undefined : String(value);
};

function wishOf(row: Row, source: string): ListedTarget {
  const [first] = Object.keys(row);
  const key = first === undefined ? undefined : textIn(row, first);
  if (key === undefined) throw unreadable(source, 'a row has nothing in its first column');
  const [url, schema] = [textIn(row, 'url'), textIn(row, 'schema')];
  if (url === undefined && schema === undefined && !('url' in row) && !('schema' in row))
    throw unreadable(source, 'its rows have neither a column `url` nor `schema`');
  return { key, wish: { name: textIn(row, 'name'), url, schema, directUrl: textIn(row, 'direct_url') } };
}

const bindable = (value: unknown): SqlValue =>
  typeof value === 'number' || typeof value === 'bigint' ? value : String(value);

interface Ask {
  readonly sql: string;
  readonly parameters: readonly SqlValue[];
}

interface Where {
  readonly column: string;
  readonly is: '>' | '=';
  readonly value: SqlValue;
}

/** One page: what comes after a value of the first column, or what has just that value. */
function pageOf({ dialect }: Opened, query: TargetQuery, where: Where | null): Ask {
  const list = `SELECT * FROM (${query.sql(dialect).replace(/;\s*$/, '')}\n) AS fleet_targets`;
  const condition =
    where === null ? '' : ` WHERE ${dialect.quote(where.column)} ${where.is} ${dialect.placeholder(1)}`;
  const sql = `${list}${condition} ORDER BY 1 LIMIT ${pageSize}`;
  return { sql, parameters: where === null ? [] : [where.value] };
}

async function ask(opened: Opened, { source }: TargetQuery, { sql, parameters }: Ask) {
  try {
    return (await opened.connection.query(sql, parameters)).rows;
  } catch (error) {
    throw unreadable(source, messageOf(error), error);
  }
}

async function within<T>(
  options: SurefootOptions,
  query: TargetQuery,
  work: (opened: Opened) => Promise<T>,
): Promise<T> {
  const { projectFolder = '.' } = options;
  const opened = await openSession({ ...options, url: query.url }, projectFolder, { reading: true });
  try {
    return await work(opened);
  } finally {
    await opened.close();
  }
}

async function readPage(
  options: SurefootOptions,
  query: TargetQuery,
  where: Where | null,
): Promise<readonly Row[]> {
  return await within(options, query, (opened) => ask(opened, query, pageOf(opened, query, where)));
}

/** The rows of the list, page by page, each in a session of its own: none stays open while targets are worked on. */
export async function* listTargets(
  options: SurefootOptions,
  query: TargetQuery,
): AsyncGenerator<ListedTarget> {
  let last: Where | null = null;
  for (;;) {
    const rows = await readPage(options, query, last);
    let previous: string | null = null;
    for (const row of rows) {
      const listed = wishOf(row, query.source);
      if (listed.key === previous)
        throw unreadable(query.source, `several rows have ${JSON.stringify(previous)} in the first column`);
      previous = listed.key;
      yield listed;
    }
    const end = rows.at(-1);
    const [column] = Object.keys(end ?? {});
    if (end === undefined || column === undefined || rows.length < pageSize) return;
    last = { column, is: '>', value: bindable(end[column]) };
  }
}

/** The row of a key; `null`: there is none any more. */
export async function findListed(
  options: SurefootOptions,
  query: TargetQuery,
  key: string,
): Promise<ListedTarget | null> {
  return await within(options, query, async (opened) => {
    const [sample] = await ask(opened, query, pageOf(opened, query, null));
    const [column] = Object.keys(sample ?? {});
    if (column === undefined) return null;
    const [row] = await ask(opened, query, pageOf(opened, query, { column, is: '=', value: key }));
    return row === undefined ? null : wishOf(row, query.source);
  });
}
