import { keptPrefix } from '../dialect/keeping.ts';
import { numberOf, textOf } from '../dialect/rows.ts';
import { quoteTable } from '../journal/store.ts';
import { now } from '../kernel/clock.ts';
import { messageOf, SurefootError } from '../kernel/errors.ts';
import { canonicalJson } from '../kernel/hash.ts';
import type { KeepRequest, KeptObject } from '../plan/keep.ts';
import { keepLosses, madeBy } from '../plan/keep.ts';
import type { Plan, Step } from '../plan/plan.ts';
import type { LockedSession } from '../runner/session.ts';
import type { Schema, Table } from '../schema/schema.ts';
import { displayRef, findTable } from '../schema/schema.ts';
import type { Kept } from './kept-choices.ts';
import type { Opened } from './open.ts';
import { readSchema, scopeOf } from './open.ts';
import type { Project } from './project.ts';

/** The same with all that the table of kept things has of it. */
export interface Stored extends Kept {
  readonly what: KeptObject;
  readonly keptAt: number;
}

const usualMaxRows = 1_000_000;
const day = 86_400_000;

const registryOf = ({ store }: Opened): string => quoteTable(store, keptPrefix);

/** Everything kept for this history, newest first; nothing where nothing ever was. */
export async function readKept(opened: Opened): Promise<readonly Stored[]> {
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

/** Numbers are never given twice while anything of theirs is left. */
async function nextNumber(opened: Opened): Promise<number> {
  const { dialect, connection } = opened;
  try {
    const { rows } = await connection.query(`SELECT id FROM ${registryOf(opened)}`);
    return Math.max(0, ...rows.map((row) => numberIn(textOf(row, 'id') ?? ''))) + 1;
  } catch (error) {
    if (dialect.bookkeeping.isMissingTable(error)) return 1;
    throw error;
  }
}

/** Whether this run keeps what it drops. */
export function keeps(project: Project, choice: boolean | undefined): boolean {
  const { keep } = project.options;
  return choice ?? (keep !== undefined && keep !== false);
}

function noteOf(opened: Opened): KeepRequest['note'] {
  const { dialect, names } = opened;
  const { literal } = dialect;
  return (kept: KeptObject, { revision, direction }: Step) =>
    `INSERT INTO ${registryOf(opened)} (id, version_table, revision, direction, kept_at, rows_kept, definition) SELECT ${literal(kept.side)}, ${literal(names.version)}, ${literal(revision)}, ${literal(direction)}, ${dialect.bookkeeping.nowMs}, count(*), ${literal(JSON.stringify(kept))} FROM ${quoteTable(opened.store, kept.side)}`;
}

/** The plan with what its steps drop kept. */
export async function withKeeping(
  plan: Plan,
  live: Schema,
  { opened, project }: { readonly opened: Opened; readonly project: Project },
): Promise<Plan> {
  const { keep } = project.options;
  const { maxRows = usualMaxRows } = typeof keep === 'object' ? keep : {};
  return keepLosses(plan, {
    live,
    dialect: opened.dialect,
    next: await nextNumber(opened),
    maxRows,
    own: (name) => quoteTable(opened.store, name),
    note: noteOf(opened),
  });
}

/** The table of kept things, before the first step of a plan that keeps something. */
export async function prepareKeeping(opened: Opened, plan: Plan): Promise<void> {
  if (!plan.losses.some(({ kept }) => kept !== undefined)) return;
  const { connection, dialect } = opened;
  const sql = `CREATE TABLE ${registryOf(opened)} (id varchar(255) NOT NULL PRIMARY KEY, version_table varchar(255) NOT NULL, revision varchar(255) NOT NULL, direction varchar(20) NOT NULL, kept_at bigint NOT NULL, rows_kept bigint NOT NULL, definition text NOT NULL)`;
  try {
    await connection.query(sql);
  } catch (error) {
    if (!dialect.bookkeeping.isDuplicate(error)) throw error;
  }
}

/** The table that takes it back, if it is there as it was; `null`: it is not. */
function taker({ what }: Stored, live: Schema): Table | null {
  const table = findTable(live, what.table);
  if (!table) return null;
  const has = (name: string) => table.columns.some((column) => column.name === name);
  if (!what.column) return table;
  const { name, type } = what.column;
  const now = table.columns.find((column) => column.name === name);
  const isSame = now !== undefined && canonicalJson(now.type) === canonicalJson(type);
  return isSame && what.key.every(has) ? table : null;
}

interface Means {
  readonly opened: Opened;
  readonly session: LockedSession;
  /** True: this run made it; nobody has written there yet. */
  readonly isNew: boolean;
}

/** What puts it back; `null`: it was in use meanwhile, and nothing says what is newer. */
async function wayBack(
  { id, what }: Stored,
  table: Table,
  { opened, isNew }: Means,
): Promise<readonly string[] | null> {
  const { keeping, quote } = opened.dialect;
  const quoted =
    table.namespace === null ? quote(table.name) : `${quote(table.namespace)}.${quote(table.name)}`;
  const pair = { table: quoted, side: quoteTable(opened.store, id), onlyEmpty: !isNew };
  const { column, key, columns } = what;
  if (column) return isNew || column.default === null ? [keeping.update(pair, column, key)] : null;
  const isEmpty =
    isNew || (await opened.connection.query(`SELECT 1 FROM ${quoted} LIMIT 1`)).rows.length === 0;
  const shared = table.columns.filter(
    ({ name, generated }) => generated === null && columns.some((kept) => kept.name === name),
  );
  return isEmpty ? [keeping.insert(pair, shared, key), ...keeping.resume(table, quoted)] : null;
}

/** Puts it back, and forgets it; true if that was possible. */
async function bringBack(one: Stored, table: Table, means: Means): Promise<boolean> {
  const { opened, session } = means;
  const { keeping, literal } = opened.dialect;
  const statements = await wayBack(one, table, means);
  if (statements === null) {
    await setAside(one, opened, session);
    return false;
  }
  const forget = `DELETE FROM ${registryOf(opened)} WHERE id = ${literal(one.id)}`;
  const drop = `DROP TABLE ${quoteTable(opened.store, one.id)}`;
  await session.begin();
  try {
    for (const sql of [...statements, forget, ...(keeping.hold ? [] : [drop])]) await session.send(sql);
    await session.commit();
  } catch (error) {
    await session.rollback();
    throw notRestored(one, error);
  }
  // Left behind by a crash right here it has no row any more, and is in nobody's way.
  if (keeping.hold) await session.send(drop);
  return true;
}

/** It stays, and is put back by nobody but a hand. */
async function setAside({ id, what }: Stored, opened: Opened, session: LockedSession): Promise<void> {
  const { literal } = opened.dialect;
  const definition = literal(JSON.stringify({ ...what, stale: true }));
  await session.verify();
  await session.send(`UPDATE ${registryOf(opened)} SET definition = ${definition} WHERE id = ${literal(id)}`);
}

function notRestored({ object, id }: Stored, cause: unknown): SurefootError {
  return new SurefootError(
    'kept/not-restored',
    `what was kept of ${object} cannot be put back: ${messageOf(cause)}`,
    {
      details: { object, table: id },
      hint: `The steps are done; the values are still in ${id}. Put them back by hand, or let them go with \`surefoot kept --drop ${id}\`.`,
      cause,
    },
  );
}

/** A run that is over, for what it made again. */
export interface FinishedRun {
  readonly project: Project;
  readonly namespaces: readonly string[];
  readonly plan: Plan;
  /** False: nothing is to be put back. */
  readonly putsBack: boolean;
}

/**
 * Puts back what was kept of everything that is there again: of each thing what was put aside last. What is older, or is
 * not wanted back, stays, and is put back no more. What is too old by the config goes.
 */
export async function restoreKept(
  opened: Opened,
  session: LockedSession,
  { project, namespaces, plan, putsBack }: FinishedRun,
): Promise<readonly Kept[]> {
  const kept = await readKept(opened);
  if (kept.length === 0) return [];
  const live = await readSchema(opened, scopeOf(opened.names, namespaces));
  const made = madeBy(plan);
  const back: Stored[] = [];
  const seen = new Set<string>();
  // What was dropped last is needed first: what refers was dropped before what it refers to.
  for (const one of kept) {
    const table = one.what.stale ? null : taker(one, live);
    if (!table) continue;
    const isNew = made.has(one.object) || made.has(displayRef(one.what.table));
    if (!putsBack || seen.has(one.object)) await setAside(one, opened, session);
    else if (await bringBack(one, table, { opened, session, isNew })) back.push(one);
    seen.add(one.object);
  }
  const { keep } = project.options;
  const days = typeof keep === 'object' ? keep.days : undefined;
  const old = kept.filter((one) => !back.includes(one) && isOlder(one, days));
  for (const one of old) await dropKept(one, opened, session);
  return back.map(plainly);
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
