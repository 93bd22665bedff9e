// What Sequelize takes for its connections, and is one session of ours: nothing of it can reach a server by itself.
// In: a workshop. Out: a manager of connections in the shape that Sequelize wants. Must not know models.

import type { QueryResult, SqlValue } from '../dialect/connection.ts';
import { firstKeywords, splitStatements, tokenize } from '../kernel/sql-text.ts';
import type { Workshop } from './source.ts';

/** What Sequelize does with its connections, as far as `sync` and hooks do. */
export interface ConnectionManager {
  getConnection(): Promise<object>;
  releaseConnection(): void;
  destroyConnection(): Promise<void>;
  /** PostgreSQL: what the driver is told of types, once an enum was made. */
  _refreshDynamicOIDs(): Promise<void>;
}

type Callback = (this: object, error: unknown, result?: unknown) => void;

const asking = new Set(
  'select show pragma with explain start begin commit rollback savepoint release set'.split(' '),
);

const nothing: QueryResult = { rows: [], affected: 0 };

/** What asks goes to the session itself; what makes something passes the judgement of the workshop, one statement after the other. */
async function send(
  { sql, parameters }: Bound,
  { connection, dialect, run }: Workshop,
): Promise<QueryResult> {
  if (parameters.length > 0) return await connection.query(sql, parameters);
  let last = nothing;
  for (const statement of splitStatements(sql, dialect.syntax)) {
    const [first = ''] = firstKeywords(statement.sql, dialect.syntax);
    if (asking.has(first)) last = await connection.query(statement.sql);
    else await run(statement.sql);
  }
  return last;
}

/** Sequelize reads lists of names itself, from the text that its driver leaves them in. */
function namesAsText(value: unknown): unknown {
  if (!Array.isArray(value) || !value.every((one) => typeof one === 'string')) return value;
  return `{${value.map((one) => JSON.stringify(one)).join(',')}}`;
}

const asPg = ({ rows, affected }: QueryResult) => ({
  rows: rows.map((row) =>
    Object.fromEntries(Object.entries(row).map(([key, value]) => [key, namesAsText(value)])),
  ),
  rowCount: affected,
});

/** What a driver of Sequelize's calls a result; the others give the rows. */
const shapes: ReadonlyMap<string, (result: QueryResult) => unknown> = new Map([['postgres', asPg]]);

interface Bound {
  readonly sql: string;
  readonly parameters: readonly SqlValue[];
}

type Named = Readonly<Record<string, SqlValue | undefined>>;

/** `{ $1: … }`, as SQLite's driver is given them: by name, wherever the name stands. */
function byPlace(sql: string, named: Named, { dialect }: Workshop): Bound {
  const parameters: SqlValue[] = [];
  const texts = tokenize(sql, dialect.syntax).map(({ text }) => {
    if (!Object.hasOwn(named, text)) return text;
    parameters.push(named[text] ?? null);
    return dialect.placeholder(parameters.length);
  });
  return { sql: texts.join(''), parameters };
}

function bind(sql: string, rest: readonly unknown[], workshop: Workshop): Bound {
  const given = rest.find((one) => typeof one === 'object' && one !== null) ?? [];
  if (!Array.isArray(given)) return byPlace(sql, given as Named, workshop);
  return { sql, parameters: given.map((value: SqlValue | undefined): SqlValue => value ?? null) };
}

/** `query(sql, parameters?, callback?)` of the drivers of servers, `all(sql, parameters, callback)` of SQLite's. */
function queryOf(shape: (result: QueryResult) => unknown, workshop: Workshop) {
  return (text: string | { readonly sql: string }, ...rest: readonly unknown[]) => {
    const callback = rest.find((one): one is Callback => typeof one === 'function');
    const bound = bind(typeof text === 'string' ? text : text.sql, rest, workshop);
    const sent = send(bound, workshop);
    if (callback === undefined) return sent.then(shape);
    void sent.then(
      (result) => callback.call({ changes: result.affected }, null, shape(result)),
      (error: unknown) => callback.call({}, error),
    );
    // mysql2 gives an emitter here.
    return { setMaxListeners: () => undefined };
  };
}

/** The only connection, in the shape of whatever driver Sequelize speaks to. */
export function sessionFor(dialect: string, workshop: Workshop): ConnectionManager {
  const query = queryOf(shapes.get(dialect) ?? (({ rows }) => rows), workshop);
  const connection = {
    query,
    execute: query,
    all: query,
    run: query,
    serialize: (work: () => unknown) => work(),
    info: { hasMinVersion: () => true },
  };
  return {
    getConnection: async () => connection,
    releaseConnection: () => undefined,
    destroyConnection: async () => undefined,
    _refreshDynamicOIDs: async () => undefined,
  };
}
