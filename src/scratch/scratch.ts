// Throw-away databases of the same dialect as a target.
// In: the target, and ways to one: in the process, or on a server. Out: Scratch, gone when it is closed.
// Must not know a family by name, a revision, or what it is needed for.

import { randomBytes } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import type { Connection, Database } from '../dialect/connection.ts';
import type { Dialect, ServerFacts } from '../dialect/dialect.ts';
import { textOf } from '../dialect/rows.ts';
import type { ScratchDatabase, ScratchDefaults, ScratchVerdict } from '../dialect/scratch.ts';
import { now } from '../kernel/clock.ts';
import { isSurefootError, SurefootError } from '../kernel/errors.ts';
import type { Schema } from '../schema/schema.ts';

/** A throw-away database. */
export interface Scratch {
  readonly connection: Connection;
  /** That of its own server. */
  readonly dialect: Dialect;
  /** True: it spells expressions as the target does. */
  readonly spellsAlike: boolean;
  /** What is to become of a statement on it. */
  judge(sql: string): ScratchVerdict;
  /** Its schema. */
  read(): Promise<Schema>;
  /** Drops it. */
  close(): Promise<void>;
}

/** A way to a throw-away database. */
export interface ScratchWay {
  /** In words: "PGlite in the process". */
  readonly name: string;
  /** True: it will spell as the target does; known before it is opened. */
  readonly spellsAlike: boolean | 'unknown';
  open(): Promise<Scratch>;
}

/** The server whose schemas are to be made. */
export interface ScratchTarget {
  readonly dialect: Dialect;
  readonly defaults: ScratchDefaults;
}

/** Asks a session what server it is. */
export type Connect = (
  connection: Connection,
) => Promise<{ readonly dialect: Dialect; readonly facts: ServerFacts }>;

const sessionDeadlineMs = 10_000;

/** A session, unless the pool has none to lend: who asks may hold the others itself. */
async function connectSoon(database: Database): Promise<Connection> {
  const stop = new AbortController();
  const connecting = database.connect();
  const late = pause(sessionDeadlineMs, null, { signal: stop.signal }).catch(() => null);
  const connection = await Promise.race([connecting, late]).finally(() => stop.abort());
  if (connection !== null) return connection;
  // It may still come, and must not stay lent.
  void connecting.then(
    (one) => one.close(),
    () => undefined,
  );
  throw unavailable([`${database.description} lent no session within ${sessionDeadlineMs / 1000} s`]);
}

const prefix = 'surefoot_scratch';

/** A name that nobody else takes, and that tells when it was taken. */
function scratchName(): string {
  return `${prefix}_${Math.floor(now() / 1000)}_${randomBytes(8).toString('hex')}`;
}

const dayMs = 86_400_000;

/** A database that a run left behind. */
export interface LeftoverDatabase {
  readonly name: string;
  /** When it was made, in milliseconds. */
  readonly madeAt: number;
}

/** Those of a server's databases that a run more than a day ago left behind. */
export function leftoverScratch(databases: readonly string[]): readonly LeftoverDatabase[] {
  return databases.flatMap((name) => {
    const seconds = /^surefoot_scratch_(\d{9,11})_[0-9a-f]{16}$/.exec(name)?.[1];
    const madeAt = Number(seconds) * 1000;
    return seconds !== undefined && madeAt < now() - dayMs ? [{ name, madeAt }] : [];
  });
}

/** The refusal: no way led to a throw-away database. */
export function unavailable(reasons: readonly string[], cause?: unknown): SurefootError {
  return new SurefootError('scratch/unavailable', `no scratch database is to be had: ${reasons.join('; ')}`, {
    details: { reasons },
    hint: 'Name a server for it with --scratch-url (or `scratchUrl` in the config), where databases may be created.',
    cause,
  });
}

/** What only helps (an extension, a schema that is there already) is left out where the server refuses it. */
async function tryEach(connection: Connection, statements: readonly string[]): Promise<void> {
  for (const sql of statements) {
    try {
      await connection.query(sql);
    } catch (error) {
      if (!isSurefootError(error, 'database/query-failed') && !isSurefootError(error, 'database/denied'))
        throw error;
    }
  }
}

interface Prepared {
  readonly connection: Connection;
  readonly target: ScratchTarget;
  readonly connect: Connect;
  /** The databases that share its server; `null`: none do. */
  readonly others: readonly string[] | null;
  readonly close: () => Promise<void>;
}

async function prepare({ connection, target, connect, others, close }: Prepared): Promise<Scratch> {
  const { scratch } = target.dialect;
  await tryEach(connection, scratch.setup(target.defaults));
  const { dialect, facts } = await connect(connection);
  const own = { ...facts.traits };
  if (own.flavor !== target.dialect.traits.flavor)
    throw unavailable([`${facts.product} is another kind of server than the target`]);
  for (const sql of dialect.sessionSetup) await connection.query(sql);
  return {
    connection,
    dialect,
    spellsAlike: scratch.series(own) === scratch.series(target.dialect.traits),
    judge: (sql) => scratch.judge(sql, others),
    read: () => readAtHome(connection, dialect, target.defaults),
    close,
  };
}

/** Statements may have led the session elsewhere: for the reading it stands where it began. */
async function readAtHome(
  connection: Connection,
  dialect: Dialect,
  defaults: ScratchDefaults,
): Promise<Schema> {
  const read = async () =>
    dialect.normalize(await dialect.introspect(connection, { hidden: [], namespaces: null }));
  const { home } = dialect.scratch;
  if (home === null) return await read();
  const state = (await connection.query(home.state)).rows[0];
  for (const sql of home.enter(defaults)) await connection.query(sql);
  const schema = await read();
  for (const sql of home.leave(state)) await connection.query(sql);
  return schema;
}

/** A database in the process: it ends with its only session. */
export async function openInProcess(
  database: Database,
  target: ScratchTarget,
  connect: Connect,
): Promise<Scratch> {
  const connection = await database.connect();
  const close = async () => {
    await connection.close();
    await database.close();
  };
  try {
    return await prepare({ connection, target, connect, others: null, close });
  } catch (error) {
    await close();
    throw error;
  }
}

/** A server on which a database may be created. */
export interface ScratchServer {
  readonly database: Database;
  /** Another database of the same server; `null`: not to be had, so a session of `database` must be able to go there. */
  readonly sibling: ((name: string) => Database) | null;
  /** The database is closed with the scratch; false: it is the user's, and in use. */
  readonly owned: boolean;
}

/** A database of its own on a server, dropped by name when it is closed, and when opening it fails. */
export async function openOnServer(
  server: ScratchServer,
  target: ScratchTarget,
  connect: Connect,
): Promise<Scratch> {
  const making = target.dialect.scratch.database;
  const { description } = server.database;
  if (making === null) throw unavailable([`${description} cannot make a database`]);
  const admin = await connectSoon(server.database);
  const end = async () => {
    await admin.close();
    if (server.owned) await server.database.close();
  };
  try {
    return await createThere({ server, target, connect, making, admin, end });
  } catch (error) {
    await end();
    throw error;
  }
}

interface Creation {
  readonly server: ScratchServer;
  readonly target: ScratchTarget;
  readonly connect: Connect;
  readonly making: ScratchDatabase;
  readonly admin: Connection;
  readonly end: () => Promise<void>;
}

async function createThere(creation: Creation): Promise<Scratch> {
  const { server, target, making, admin } = creation;
  const name = scratchName();
  const { rows } = await admin.query(making.list);
  const others = rows.map((row) => textOf(row, 'name') ?? '');
  try {
    for (const sql of making.create(name, target.defaults)) await admin.query(sql);
  } catch (cause) {
    if (!isSurefootError(cause)) throw cause;
    throw unavailable([`${server.database.description} let no database be created: ${cause.message}`], cause);
  }
  try {
    return await enterThere(creation, { name, others });
  } catch (error) {
    await admin.query(making.drop(name));
    throw error;
  }
}

async function enterThere(
  { server, target, connect, making, admin, end }: Creation,
  made: { readonly name: string; readonly others: readonly string[] },
): Promise<Scratch> {
  const { others } = made;
  const enter = making.enter(made.name);
  if (enter !== null) {
    await admin.query(enter);
    const close = async () => {
      await admin.query(making.drop(made.name));
      await end();
    };
    return await prepare({ connection: admin, target, connect, others, close });
  }
  if (server.sibling === null)
    throw unavailable([`${server.database.description} gives no session in another database`]);
  const database = server.sibling(made.name);
  const leave = async () => {
    await database.close();
    await admin.query(making.drop(made.name));
  };
  try {
    const connection = await connectSoon(database);
    const close = async () => {
      await leave();
      await end();
    };
    return await prepare({ connection, target, connect, others, close });
  } catch (error) {
    await database.close();
    throw error;
  }
}

/** The first way that leads to a throw-away database which spells as the target does. */
export async function openScratch(ways: readonly ScratchWay[]): Promise<Scratch> {
  const reasons: string[] = [];
  for (const way of ways) {
    if (way.spellsAlike === false) continue;
    const opened = await tryWay(way);
    if (typeof opened === 'string') reasons.push(opened);
    else if (opened.spellsAlike) return opened;
    else {
      await opened.close();
      reasons.push(`${way.name} is of another version than the target`);
    }
  }
  throw unavailable(reasons.length === 0 ? ['there is no way to one'] : reasons);
}

/** The scratch database, or in words why there is none. */
export async function tryWay(way: ScratchWay): Promise<Scratch | string> {
  try {
    return await way.open();
  } catch (error) {
    if (!isSurefootError(error)) throw error;
    if (isSurefootError(error, 'scratch/unavailable')) return error.details.reasons.join('; ');
    return `${way.name}: ${error.message}`;
  }
}
