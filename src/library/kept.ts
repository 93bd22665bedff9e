import { keptPrefix } from '../dialect/keeping.ts';
import { numberOf, textOf } from '../dialect/rows.ts';
import { quoteTable } from '../journal/store.ts';
import { now } from '../kernel/clock.ts';
import { messageOf, SurefootError } from '../kernel/errors.ts';
import { canonicalJson } from '../kernel/hash.ts';
import type { KeepRequest, KeptObject } from '../plan/keep.ts';
import { keepLosses } from '../plan/keep.ts';
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

async function bringBack(
  one: Stored,
  table: Table,
  { opened, session }: { readonly opened: Opened; readonly session: LockedSession },
): Promise<void> {
  const { dialect, store } = opened;
  const { keeping, quote } = dialect;
  const { namespace, name } = table;
  const quoted = namespace === null ? quote(name) : `${quote(namespace)}.${quote(name)}`;
  const pair = { table: quoted, side: quoteTable(store, one.id) };
  const { column, key, columns } = one.what;
  const shared = table.columns.filter(
    ({ name: own, generated }) => generated === null && columns.some((kept) => kept.name === own),
  );
  const statements = column
    ? [keeping.update(pair, column, key)]
    : [keeping.insert(pair, shared, key), ...keeping.resume(table, quoted)];
  const forget = `DELETE FROM ${registryOf(opened)} WHERE id = ${dialect.literal(one.id)}`;
  const drop = `DROP TABLE ${pair.side}`;
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

/** Puts back what was kept of everything that is there again. What is too old by the config goes. */
export async function restoreKept(
  opened: Opened,
  session: LockedSession,
  { project, namespaces }: { readonly project: Project; readonly namespaces: readonly string[] },
): Promise<readonly Kept[]> {
  const kept = await readKept(opened);
  if (kept.length === 0) return [];
  const live = await readSchema(opened, scopeOf(opened.names, namespaces));
  const back: Stored[] = [];
  // What was dropped last is needed first: what refers was dropped before what it refers to.
  for (const one of kept) {
    const table = taker(one, live);
    if (!table) continue;
    await bringBack(one, table, { opened, session });
    back.push(one);
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
