// One session of a throw-away database that writes down what is sent.
// In: ways to such databases. Out: a session for a library, and what it did, piece by piece. Must not know a library.

import type { Connection, QueryResult, SqlValue } from '../../dialect/connection.ts';
import type { Dialect } from '../../dialect/dialect.ts';
import { textOf } from '../../dialect/rows.ts';
import { isSurefootError, SurefootError } from '../../kernel/errors.ts';
import { splitStatements } from '../../kernel/sql-text.ts';
import { ignoring } from '../../schema/ignore.ts';
import type { DialectName, Schema } from '../../schema/schema.ts';
import type { Scratch } from '../../scratch/scratch.ts';
import { inlined } from './literal.ts';
import { codeOf, kindOf, plain, tablesRead } from './statement.ts';

/** A table that was read, and how many rows it had. */
export interface RowsRead {
  readonly table: { readonly namespace: string | null; readonly name: string };
  readonly count: string;
}

/** What a migration did, in order. */
export type Piece =
  | { readonly kind: 'schema'; readonly statements: readonly string[]; readonly after: Schema }
  /** A change of rows. */
  | { readonly kind: 'rows'; readonly sql: string }
  /** What the schema does not show. */
  | { readonly kind: 'other'; readonly sql: string; readonly after: Schema }
  /** A question to rows: what came of it is not known for other rows. */
  | {
      readonly kind: 'read';
      readonly sql: string;
      readonly stack: string;
      readonly tables: readonly RowsRead[];
    };

/** What a library is given. */
export interface ProgramSession {
  readonly dialect: Dialect;
  /** Several statements may stand in a text without values; the answer is the last one's. */
  send(sql: string, values?: readonly unknown[]): Promise<QueryResult>;
  /** The same, in the shape of a session. */
  readonly connection: Connection;
  /** Tells the name of the database: at once, and whenever another one took its place. */
  named(listener: (database: string) => void): Promise<void>;
}

/** The session as its owner sees it. */
export interface Recorder {
  readonly session: ProgramSession;
  /** Forgets what was written down; what follows is one migration. Gives the schema as it is. */
  begin(): Promise<Schema>;
  /** What was done since. Ends what was left open. */
  end(): Promise<{ readonly pieces: readonly Piece[]; readonly after: Schema }>;
  /** What was sent since `begin` is what the migration does. */
  keep(): void;
  /** A database as it was after the last migration that was kept. */
  rewind(): Promise<void>;
  /** Does something, and undoes it: all of it, where the server can, else by a new database. */
  practise<T>(work: () => Promise<T>): Promise<T>;
  close(): Promise<void>;
}

interface Mark {
  /** `null`: the transaction. */
  readonly name: string | null;
  readonly pieces: number;
  readonly sent: number;
}

interface State {
  scratch: Scratch;
  /** As it was last read. */
  schema: Schema;
  /** False: nobody knows what was done since. */
  isKnown: boolean;
  /** Statements since then that change it. */
  pending: string[];
  pieces: Piece[];
  /** Open transactions and savepoints, with how much was done before. */
  marks: Mark[];
  sent: string[];
  /** True: all that is done will be undone; transactions are savepoints within one. */
  isPractice: boolean;
  readonly listeners: ((database: string) => void)[];
  /** The tool's own tables. */
  readonly hidden: readonly string[];
  readonly log: (readonly string[])[];
}

const readSchema = async ({ scratch, hidden }: Pick<State, 'scratch' | 'hidden'>): Promise<Schema> =>
  ignoring(hidden)(await scratch.read());

const nothing: QueryResult = { rows: [], affected: 0 };

async function settle(state: State): Promise<void> {
  if (state.pending.length === 0) return;
  const statements = state.pending;
  state.pending = [];
  state.schema = await readSchema(state);
  state.pieces.push({ kind: 'schema', statements, after: state.schema });
}

const markNow = ({ pieces, sent }: State, name: string | null): Mark => ({
  name,
  pieces: pieces.length,
  sent: sent.length,
});

/** What is rolled back was never done, but for DDL where it takes no part in transactions. */
async function rollBack(state: State, name: string | null): Promise<void> {
  const { transactionalDdl } = state.scratch.dialect.traits;
  const mark = state.marks[name === null ? 0 : state.marks.findLastIndex((one) => one.name === name)];
  if (name === null) state.marks = [];
  if (mark === undefined) return;
  const { schema, pieces, pending } = state;
  const undone = pieces.splice(mark.pieces);
  if (transactionalDdl) state.sent.length = mark.sent;
  state.pending = [];
  if (!undone.some(({ kind }) => kind === 'schema' || kind === 'other') && pending.length === 0) return;
  state.schema = await readSchema(state);
  const isGone = transactionalDdl && pieces.every(({ kind }) => kind !== 'schema');
  if (!isGone || JSON.stringify(schema) === JSON.stringify(state.schema))
    pieces.push({ kind: 'schema', statements: [], after: state.schema });
}

/** Keeps the marks of transactions. */
async function follow(words: readonly string[], state: State): Promise<void> {
  const [first = ''] = words;
  if (first === 'begin' || first === 'start') state.marks = [markNow(state, null)];
  if (first === 'savepoint') state.marks.push(markNow(state, words[1] ?? ''));
  if (first === 'commit' || first === 'end') state.marks = [];
  if (first !== 'rollback' && first !== 'abort') return;
  await rollBack(state, words.includes('to') ? (words.at(-1) ?? '') : null);
}

const practice = 'surefoot_practice';

/** Transactions of a practice are savepoints of the one around it. */
function practised(words: readonly string[]): readonly string[] | null {
  const [first = '', second] = words;
  if (first === 'begin' || first === 'start') return [`SAVEPOINT ${practice}`];
  if (first === 'commit' || first === 'end') return [`RELEASE SAVEPOINT ${practice}`];
  if ((first === 'rollback' && !words.includes('to')) || first === 'abort')
    return [`ROLLBACK TO SAVEPOINT ${practice}`, `RELEASE SAVEPOINT ${practice}`];
  return first === 'set' && second === 'transaction' ? [] : null;
}

const transactions = new Set(['begin', 'commit', 'rollback', 'savepoint', 'release', 'end', 'abort']);

/** True where nothing but a transaction is begun or ended. */
const isTransaction = ([first = '', second]: readonly string[]): boolean =>
  transactions.has(first) || (first === 'start' && second === 'transaction');

async function sendSession(sql: string, state: State): Promise<QueryResult> {
  const words = codeOf(sql, state.scratch.dialect.syntax)
    .map(({ text }) => text.toLowerCase())
    .filter((text) => text !== ';');
  const instead = state.isPractice ? practised(words) : null;
  let result = nothing;
  if (instead === null)
    result = isTransaction(words) ? await state.scratch.connection.query(sql) : await run(sql, state);
  else for (const one of instead) await state.scratch.connection.query(one);
  await follow(words, state);
  return result;
}

async function rowsOf(sql: string, { scratch }: State): Promise<readonly RowsRead[]> {
  const { dialect, connection } = scratch;
  const found: RowsRead[] = [];
  for (const { namespace, name } of tablesRead(codeOf(sql, dialect.syntax))) {
    if (found.some(({ table }) => table.name === name && table.namespace === namespace)) continue;
    const table = [...(namespace === null ? [] : [namespace]), name].map(dialect.quote).join('.');
    const { rows } = await connection.query(`SELECT count(*) AS n FROM ${table}`);
    found.push({ table: { namespace, name }, count: textOf(rows[0], 'n') ?? '0' });
  }
  return found;
}

/** What a throw-away database must not run is refused; what has no place there is passed over. */
async function run(sql: string, state: State): Promise<QueryResult> {
  const verdict = state.scratch.judge(sql);
  if (verdict.kind === 'skip') return nothing;
  if (verdict.kind === 'run') return await state.scratch.connection.query(verdict.sql);
  throw new SurefootError('scratch/unavailable', `it cannot run on a scratch database: ${verdict.reason}`, {
    details: { reasons: [verdict.reason] },
    hint: 'Name a server of its own for it with --scratch-url.',
  });
}

/** What needs to be outside of a transaction for the sake of others only. */
const withinTransaction = (sql: string, kind: string): string =>
  kind === 'schema' ? sql.replace(/\bconcurrently\b/i, '') : sql;

async function sendOne(sql: string, state: State): Promise<QueryResult> {
  const { syntax } = state.scratch.dialect;
  const kind = kindOf(sql, syntax);
  const isOwn =
    state.hidden.length > 0 && codeOf(sql, syntax).some((one) => state.hidden.includes(plain(one)));
  if (isOwn && kind !== 'session') {
    state.sent.push(sql);
    return await run(sql, state);
  }
  if (kind === 'session') {
    state.sent.push(sql);
    return await sendSession(sql, state);
  }
  if (kind === 'rows' || kind === 'read' || kind === 'other') await settle(state);
  const tables = kind === 'read' ? await rowsOf(sql, state) : [];
  const result = await run(state.isPractice ? withinTransaction(sql, kind) : sql, state);
  if (kind !== 'ask' && kind !== 'read') state.sent.push(sql);
  if (kind === 'schema') state.pending.push(sql);
  if (kind === 'rows') state.pieces.push({ kind, sql });
  if (kind === 'read') state.pieces.push({ kind, sql, tables, stack: new Error().stack ?? '' });
  if (kind === 'other') await sentOther(sql, state);
  return result;
}

/** What a schema holds, without what it only names. */
const heldIn = (schema: Schema): string => JSON.stringify({ ...schema, unsupported: [] });

/** A block of code may do what the schema shows: then that is what it did. */
async function sentOther(sql: string, state: State): Promise<void> {
  const before = state.schema;
  const after = await readSchema(state);
  state.schema = after;
  if (heldIn(before) === heldIn(after)) state.pieces.push({ kind: 'other', sql, after });
  else state.pieces.push({ kind: 'schema', statements: [sql], after });
}

/** Numbers as numbers; where the server wants the type of a column, as texts: as the drivers send all values. */
async function sendWithValues(sql: string, values: readonly unknown[], state: State): Promise<QueryResult> {
  const { dialect, connection } = state.scratch;
  const plain = inlined(sql, values, { dialect });
  const quoted = inlined(sql, values, { dialect, numbers: 'quoted' });
  if (!dialect.syntax.dollarQuotes || plain === quoted) return await sendOne(plain, state);
  const isOpen = state.marks.length > 0;
  if (isOpen) await connection.query('SAVEPOINT surefoot_values');
  try {
    const result = await sendOne(plain, state);
    if (isOpen) await connection.query('RELEASE SAVEPOINT surefoot_values');
    return result;
  } catch (error) {
    if (!isSurefootError(error, 'database/query-failed')) throw error;
    if (isOpen) await connection.query('ROLLBACK TO SAVEPOINT surefoot_values');
    return await sendOne(quoted, state);
  }
}

async function send(sql: string, values: readonly unknown[], state: State): Promise<QueryResult> {
  if (values.length > 0) return await sendWithValues(sql, values, state);
  let last = nothing;
  for (const one of splitStatements(sql, state.scratch.dialect.syntax)) last = await sendOne(one.sql, state);
  return last;
}

/** Libraries may send the next statement before the answer to the last one came. */
function inTurn<T>(work: (sql: string, values: readonly unknown[]) => Promise<T>) {
  let last: Promise<unknown> = Promise.resolve();
  return (sql: string, values: readonly unknown[] = []): Promise<T> => {
    const next = last.then(() => work(sql, values));
    last = next.catch(() => undefined);
    return next;
  };
}

function sessionOf(state: State, { dialect }: Scratch): ProgramSession {
  const sendInTurn = inTurn((sql, values) => send(sql, values, state));
  return {
    dialect,
    send: sendInTurn,
    named: async (listener) => {
      state.listeners.push(listener);
      listener(await nameOf(state));
    },
    connection: {
      query: (sql: string, parameters: readonly SqlValue[] = []) => sendInTurn(sql, parameters),
      script: async (statements) => {
        for (const sql of statements) await sendInTurn(sql);
      },
      close: async () => {},
      native: null,
    },
  };
}

const nameQuestions: Readonly<Record<DialectName, string | null>> = {
  postgres: 'SELECT current_database() AS name',
  mysql: 'SELECT database() AS name',
  sqlite: null,
};

async function nameOf({ scratch }: State): Promise<string> {
  const question = nameQuestions[scratch.dialect.name];
  if (question === null) return 'main';
  return textOf((await scratch.connection.query(question)).rows[0], 'name') ?? '';
}

async function endTransaction(state: State): Promise<void> {
  if (state.marks.length === 0) return;
  state.marks = [];
  if (!state.isPractice) await state.scratch.connection.query('COMMIT');
}

const settings = new Set(['set', 'reset', 'use', 'pragma']);

/** Each statement stands for itself: of what steers a session, only settings count. */
async function replay(state: State): Promise<void> {
  const { syntax } = state.scratch.dialect;
  for (const sql of state.log.flat()) {
    const first = codeOf(sql, syntax)[0]?.text.toLowerCase() ?? '';
    if (kindOf(sql, syntax) !== 'session' || settings.has(first)) await run(sql, state);
  }
}

async function begin(state: State): Promise<Schema> {
  Object.assign(state, { pending: [], pieces: [], marks: [], sent: [] });
  if (!state.isKnown) state.schema = await readSchema(state);
  state.isKnown = false;
  return state.schema;
}

async function rewind(state: State, open: () => Promise<Scratch>): Promise<void> {
  await state.scratch.close();
  state.scratch = await open();
  Object.assign(state, { isPractice: false, isKnown: false });
  const name = await nameOf(state);
  for (const listener of state.listeners) listener(name);
  await replay(state);
  await begin(state);
}

/** In a transaction that is rolled back. References are not looked at: tables are made anew here and there. */
async function undone<T>(work: () => Promise<T>, state: State): Promise<T> {
  const { schema, isKnown, scratch } = state;
  const { connection, dialect } = scratch;
  const { rebuild } = dialect;
  const was = rebuild && (await connection.query(rebuild.state)).rows[0];
  for (const sql of rebuild?.enter ?? []) await connection.query(sql);
  await connection.query('BEGIN');
  state.isPractice = true;
  try {
    return await work();
  } finally {
    await connection.query('ROLLBACK');
    Object.assign(state, { isPractice: false, schema, isKnown });
    for (const sql of rebuild?.leave(was ?? undefined) ?? []) await connection.query(sql);
  }
}

/** Opens the first of the databases. */
export async function openRecorder(
  open: () => Promise<Scratch>,
  hidden: readonly string[],
): Promise<Recorder> {
  const scratch = await open();
  const schema = await readSchema({ scratch, hidden });
  const empty = { listeners: [], isKnown: true, pending: [], pieces: [], marks: [], sent: [], log: [] };
  const state: State = { ...empty, hidden, scratch, schema, isPractice: false };
  return {
    session: sessionOf(state, scratch),
    begin: () => begin(state),
    end: async () => {
      await endTransaction(state);
      await settle(state);
      state.isKnown = true;
      return { pieces: state.pieces, after: state.schema };
    },
    keep: () => void state.log.push(state.sent),
    rewind: () => rewind(state, open),
    practise: async (work) => {
      if (state.scratch.dialect.traits.transactionalDdl) return await undone(work, state);
      const result = await work();
      if (state.sent.length > 0) await rewind(state, open);
      return result;
    },
    close: () => state.scratch.close(),
  };
}
