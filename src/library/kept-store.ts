import { isKeptName, keptPrefix } from '../dialect/keeping.ts';
import { numberOf, textOf } from '../dialect/rows.ts';
import { quoteTable } from '../journal/store.ts';
import { now } from '../kernel/clock.ts';
import { SurefootError } from '../kernel/errors.ts';
import type { KeepRequest, KeptObject } from '../plan/keep-request.ts';
import type { Plan, Step } from '../plan/plan.ts';
import type { LockedSession } from '../runner/session.ts';
import { displayRef } from '../schema/schema.ts';
import type { Kept } from './kept-choices.ts';
import type { Opened } from './open.ts';

// The table of kept things: one row for each table beside. Where DDL takes part in no transaction a thing is noted before it
// is made, uncounted; what a run that died left uncounted was not needed yet, and goes.

/** The same with all that the table of kept things has of it. */
export interface Stored extends Kept {
  readonly what: KeptObject;
  readonly keptAt: number;
}

const uncounted = -1;
const day = 86_400_000;

export const registryOf = ({ store }: Opened): string => quoteTable(store, keptPrefix);

/** As it is told to others. */
export const plainly = ({ what: _, keptAt: __, ...one }: Stored): Kept => one;

const numberIn = (id: string): number => Number(id.slice(keptPrefix.length + 1));

function toStored(row: Readonly<Record<string, unknown>>): Stored {
  const what: KeptObject = JSON.parse(textOf(row, 'definition') ?? '{}');
  const keptAt = numberOf(row, 'kept_at') ?? 0;
  const table = displayRef(what.table);
  return {
    id: textOf(row, 'id') ?? '',
    object: what.column ? `${table}.${what.column.name}` : table,
    kind: what.column ? 'column' : 'table',
    rows: numberOf(row, 'rows_kept') ?? 0,
    bytes: null,
    at: new Date(keptAt).toISOString(),
    revision: textOf(row, 'revision') ?? '',
    direction: textOf(row, 'direction') ?? '',
    what,
    keptAt,
  };
}

async function readRows(opened: Opened): Promise<readonly Stored[]> {
  const { dialect, connection, names } = opened;
  const sql = `SELECT id, rows_kept, kept_at, revision, direction, definition FROM ${registryOf(opened)} WHERE version_table = ${dialect.placeholder(1)}`;
  try {
    const { rows } = await connection.query(sql, [names.version]);
    return rows.map(toStored).sort((a, b) => numberIn(b.id) - numberIn(a.id));
  } catch (error) {
    if (dialect.bookkeeping.isMissingTable(error)) return [];
    throw error;
  }
}

/** What a run that died left: noted, and not counted yet; or noted, and the table has its old name still. */
async function halfMade(opened: Opened, rows: readonly Stored[]): Promise<readonly Stored[]> {
  const { keeping } = opened.dialect;
  const isUnsure = ({ what }: Stored) => what.renamed === true && keeping.hold !== null;
  const tables = rows.some(isUnsure) ? await keptTables(opened) : [];
  return rows.filter((one) => one.rows === uncounted || (isUnsure(one) && !tables.includes(one.id)));
}

/** Everything kept for this history, newest first; nothing where nothing ever was. */
export async function readKept(opened: Opened): Promise<readonly Stored[]> {
  const rows = await readRows(opened);
  const half = await halfMade(opened, rows);
  return rows.filter((one) => !half.includes(one));
}

/** What is called like the tables beside. */
async function keptTables({ dialect, connection, names }: Opened): Promise<readonly string[]> {
  const { rows } = await connection.query(dialect.keeping.names(names.namespace));
  return rows
    .map((row) => (textOf(row, 'name') ?? '').toLowerCase())
    .filter((name) => isKeptName(name) && !Number.isNaN(numberIn(name)));
}

/** Refuses where the account may not hold the tables that a plan copies from. */
export async function refuseUnheld({ dialect, connection, store, facts }: Opened, plan: Plan): Promise<void> {
  const { keeping, coordination } = dialect;
  const holds = plan.steps.some(({ segments }) =>
    segments.some(({ statements }) => statements.some(({ around }) => (around?.after.length ?? 0) > 0)),
  );
  if (keeping.hold === null || !holds) return;
  try {
    await connection.query(keeping.hold.probe(quoteTable(store, store.names.version)));
  } catch (error) {
    if (coordination.kind !== 'lease' || !coordination.isForbidden(error)) throw error;
    throw new SurefootError(
      'kept/not-granted',
      `${facts.user} may not lock tables, and so keeps nothing of columns`,
      {
        details: { user: facts.user },
        hint: 'Nothing was changed. Grant LOCK TABLES to the account, or let the values go with --no-keep.',
        cause: error,
      },
    );
  }
  await connection.query(keeping.hold.free);
}

/** The number of the next thing: none that anything is called by, be it the user's own. */
export async function nextNumber(opened: Opened): Promise<number> {
  return (await keptTables(opened)).reduce((highest, name) => Math.max(highest, numberIn(name)), 0) + 1;
}

/** How a plan notes what it keeps. */
export function notesOf(opened: Opened): Pick<KeepRequest, 'note' | 'forget' | 'count'> {
  const { dialect, names } = opened;
  const { literal } = dialect;
  const counted = ({ side }: KeptObject) => `(SELECT count(*) FROM ${quoteTable(opened.store, side)})`;
  const rowsSql = (kept: KeptObject, rows: 'unknown' | 'counted' | number) => {
    if (rows === 'counted') return counted(kept);
    return rows === 'unknown' ? uncounted : rows;
  };
  return {
    note: (kept, { revision, direction }: Step, rows) =>
      `INSERT INTO ${registryOf(opened)} (id, version_table, revision, direction, kept_at, rows_kept, definition) VALUES (${literal(kept.side)}, ${literal(names.version)}, ${literal(revision)}, ${literal(direction)}, ${dialect.bookkeeping.nowMs}, ${rowsSql(kept, rows)}, ${literal(JSON.stringify(kept))})`,
    forget: ({ side }) =>
      `DELETE FROM ${registryOf(opened)} WHERE id = ${literal(side)} AND version_table = ${literal(names.version)}`,
    count: (kept) =>
      `UPDATE ${registryOf(opened)} SET rows_kept = ${counted(kept)} WHERE id = ${literal(kept.side)}`,
  };
}

/** Makes the table of kept things, and removes what a run that died left half-made. */
export async function createRegistry(opened: Opened): Promise<void> {
  const { connection, dialect } = opened;
  const sql = `CREATE TABLE ${registryOf(opened)} (id varchar(255) NOT NULL PRIMARY KEY, version_table varchar(255) NOT NULL, revision varchar(255) NOT NULL, direction varchar(20) NOT NULL, kept_at bigint NOT NULL, rows_kept bigint NOT NULL, definition ${dialect.keeping.text} NOT NULL)`;
  try {
    await connection.query(sql);
  } catch (error) {
    if (!dialect.bookkeeping.isDuplicate(error)) throw error;
  }
}

/** Removes what a run that died left half-made. */
export async function dropHalfMade(opened: Opened, session: LockedSession): Promise<void> {
  if (opened.dialect.keeping.hold === null) return;
  const half = await halfMade(opened, await readRows(opened));
  for (const one of half) await dropKept(one, opened, session);
}

/** It stays, and is put back by nobody but a hand. */
export async function setAside(one: Stored, opened: Opened, session: LockedSession): Promise<void> {
  await session.verify();
  await session.send(asideSql(one, opened));
}

/** The statement that says so. */
export function asideSql({ id, what }: Stored, opened: Opened): string {
  const { literal } = opened.dialect;
  const definition = literal(JSON.stringify({ ...what, stale: true }));
  return `UPDATE ${registryOf(opened)} SET definition = ${definition} WHERE id = ${literal(id)}`;
}

/** The statement by which it is kept on, as something that another step drops. */
export function handedOnSql({ id }: Stored, to: HandedOn, opened: Opened): string {
  const { literal, quote } = opened.dialect;
  const { what, revision, direction } = to;
  const values = what.column ? `count(${quote(what.column.name)})` : 'count(*)';
  const set = [
    `revision = ${literal(revision)}`,
    `direction = ${literal(direction)}`,
    `definition = ${literal(JSON.stringify(what))}`,
    `rows_kept = (SELECT ${values} FROM ${quoteTable(opened.store, id)})`,
  ];
  return `UPDATE ${registryOf(opened)} SET ${set.join(', ')} WHERE id = ${literal(id)}`;
}

/** As what it is kept on, and what drops that. */
export interface HandedOn {
  readonly what: KeptObject;
  readonly revision: string;
  readonly direction: string;
}

/** True for what was put aside so many days ago, or before. */
export const isOlder = ({ keptAt }: Stored, days: number | undefined): boolean =>
  days !== undefined && now() - keptAt > days * day;

/** Lets it go for good. */
export async function dropKept({ id }: Stored, opened: Opened, session: LockedSession): Promise<void> {
  await session.verify();
  await session.send(`DELETE FROM ${registryOf(opened)} WHERE id = ${opened.dialect.literal(id)}`);
  await session.send(`DROP TABLE IF EXISTS ${quoteTable(opened.store, id)}`);
}
