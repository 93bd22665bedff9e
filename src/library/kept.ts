import { textOf } from '../dialect/rows.ts';
import { quoteTable } from '../journal/store.ts';
import { messageOf, SurefootError } from '../kernel/errors.ts';
import { canonicalJson } from '../kernel/hash.ts';
import { keepLosses } from '../plan/keep.ts';
import type { Plan } from '../plan/plan.ts';
import type { Whereabouts } from '../plan/whereabouts.ts';
import { openWhereabouts } from '../plan/whereabouts.ts';
import type { RevisionGraph } from '../revisions/graph.ts';
import { appliedFrom } from '../revisions/graph.ts';
import type { LockedSession } from '../runner/session.ts';
import type { Column, Schema, Table } from '../schema/schema.ts';
import { findTable, sameRef } from '../schema/schema.ts';
import type { Kept } from './kept-choices.ts';
import type { HandedOn, Stored } from './kept-store.ts';
import {
  asideSql,
  createRegistry,
  dropHalfMade,
  dropKept,
  handedOnSql,
  isOlder,
  nextNumber,
  notesOf,
  plainly,
  readKept,
  refuseUnheld,
  registryOf,
  setAside,
} from './kept-store.ts';
import type { Opened } from './open.ts';
import { readSchema, scopeOf } from './open.ts';
import type { Project } from './project.ts';

const usualMaxRows = 1_000_000;

/** Whether this run keeps what it drops: unless somebody says no. */
export function keeps({ options }: Project, choice: boolean | undefined): boolean {
  return choice ?? options.keep !== false;
}

/** The plan with what its steps drop kept. Where nothing would be lost, nobody is asked anything. */
export async function withKeeping(
  plan: Plan,
  live: Schema,
  { opened, project }: { readonly opened: Opened; readonly project: Project },
): Promise<Plan> {
  if (plan.losses.every(({ count }) => count === 0)) return plan;
  const { keep } = project.options;
  const { maxRows = usualMaxRows } = typeof keep === 'object' ? keep : {};
  return keepLosses(plan, {
    live,
    dialect: opened.dialect,
    next: await nextNumber(opened),
    maxRows,
    namespace: opened.names.namespace,
    own: (name) => quoteTable(opened.store, name),
    ...notesOf(opened),
  });
}

/** The table of kept things, before the first step of a plan that keeps something. */
export async function prepareKeeping(opened: Opened, plan: Plan, session: LockedSession): Promise<void> {
  if (plan.losses.every(({ kept }) => kept === undefined)) return;
  await refuseUnheld(opened, plan);
  await createRegistry(opened);
  await dropHalfMade(opened, session);
}

/** The table that takes it back, if it is there as it was; `null`: it is not. */
export function taker({ what }: Stored, live: Schema): Table | null {
  const table = findTable(live, what.table);
  if (!table) return null;
  const has = (name: string) => table.columns.some((column) => column.name === name);
  if (!what.column) return table;
  const { name, type } = what.column;
  const now = table.columns.find((column) => column.name === name);
  const isSame = now !== undefined && canonicalJson(now.type) === canonicalJson(type);
  return isSame && what.key.every(has) ? table : null;
}

/** What it takes. */
export interface Means {
  readonly opened: Opened;
  readonly session: LockedSession;
  /** True: this run made it; nobody has written there yet. */
  readonly isNew: boolean;
}

/** The columns whose values have another type beside than the table has now. */
function retypedOf({ what }: Stored, columns: readonly Column[]): readonly string[] {
  const kept = what.column ? [what.column] : what.columns;
  return columns.flatMap(({ name, type }) => {
    const stored = what.types?.[name] ?? kept.find((one) => one.name === name)?.type;
    return canonicalJson(stored) === canonicalJson(type) ? [] : [name];
  });
}

interface Back {
  readonly one: Stored;
  readonly table: Table;
  readonly quoted: string;
  readonly side: string;
}

const stillOf = ({ columns }: Table, name: string | null): readonly string[] =>
  columns.filter((column) => column.onUpdate !== null && column.name !== name).map((column) => column.name);

function columnBack({ one, table, quoted, side }: Back, { opened, isNew }: Means): readonly string[] | null {
  const { column, key } = one.what;
  if (!column || !(isNew || column.default === null)) return null;
  const rest = { onlyEmpty: !isNew, retyped: retypedOf(one, [column]), still: stillOf(table, column.name) };
  const { keeping } = opened.dialect;
  return [
    keeping.update({ table: quoted, side, ...rest }, column, key),
    ...keeping.resume({ ...table, columns: [column] }, quoted),
  ];
}

/** Columns that refer to the table itself, where they can wait until all of its rows are there. */
function selfColumns({ namespace, name, foreignKeys, columns }: Table, key: readonly string[]) {
  const own = foreignKeys.filter(({ references: { table } }) => sameRef(table, { namespace, name }));
  const names = new Set(own.flatMap((foreign) => foreign.columns));
  return columns.filter((column) => names.has(column.name) && column.nullable && !key.includes(column.name));
}

async function rowsBack(back: Back, { opened, isNew }: Means): Promise<readonly string[] | null> {
  const { one, table, quoted, side } = back;
  const { keeping } = opened.dialect;
  const hasRows = (await opened.connection.query(`SELECT 1 FROM ${quoted} LIMIT 1`)).rows.length > 0;
  if (hasRows && !isNew) return null;
  const shared = table.columns.filter(
    ({ name, generated }) =>
      generated === null && one.what.columns.some((kept) => kept.name === name && kept.generated === null),
  );
  const pair = { table: quoted, side, retyped: retypedOf(one, shared), still: stillOf(table, null) };
  const hasKey = one.what.key.every((name) => shared.some((column) => column.name === name));
  const key = hasKey ? one.what.key : [];
  const late = keeping.checksEachRow && key.length > 0 ? selfColumns(table, key) : [];
  const early = shared.filter((column) => !late.includes(column));
  return [
    ...(hasRows ? keeping.merge(pair, early, key) : [keeping.insert(pair, early)]),
    ...late.filter((column) => shared.includes(column)).map((column) => keeping.update(pair, column, key)),
    ...keeping.resume(table, quoted),
  ];
}

/** What puts it back; `null`: it was in use meanwhile, and nothing says what is newer. */
async function wayBack(one: Stored, table: Table, means: Means): Promise<readonly string[] | null> {
  const { opened } = means;
  const { quote } = opened.dialect;
  const quoted =
    table.namespace === null ? quote(table.name) : `${quote(table.namespace)}.${quote(table.name)}`;
  const back = { one, table, quoted, side: quoteTable(opened.store, one.id) };
  return one.what.column ? columnBack(back, means) : await rowsBack(back, means);
}

/** What becomes of the table beside when its values are back. */
export interface Rest {
  /** The columns in it that have values and no place; none: it goes. */
  readonly left: readonly string[];
  /** As what it is kept on; `null`: it is put back by nobody any more. */
  readonly handedOn: HandedOn | null;
}

/** What the table has no column for. */
async function restOf(one: Stored, table: Table, opened: Opened): Promise<Rest> {
  const { what } = one;
  const names = new Set(table.columns.map(({ name }) => name));
  const missing = what.columns.filter(({ name, generated }) => generated === null && !names.has(name));
  const columns = missing.map(({ name }) => name);
  return { left: await withValues(one, columns, opened), handedOn: null };
}

/** Those of the columns that hold a value in the table beside. */
export async function withValues(
  one: Stored,
  columns: readonly string[],
  { store, dialect, connection }: Opened,
): Promise<readonly string[]> {
  const found: string[] = [];
  try {
    for (const name of columns) {
      const sql = `SELECT 1 FROM ${quoteTable(store, one.id)} WHERE ${dialect.quote(name)} IS NOT NULL LIMIT 1`;
      if ((await connection.query(sql)).rows.length > 0) found.push(name);
    }
  } catch (error) {
    throw notRestored(one, error);
  }
  return found;
}

/** Puts it back, and forgets it as far as all of it is back; `null`: it was in use meanwhile. */
export async function bringBack(
  one: Stored,
  table: Table,
  means: Means & { readonly rest?: Rest },
): Promise<Kept | null> {
  const { opened, session } = means;
  const { keeping, literal } = opened.dialect;
  const statements = await wayBack(one, table, means);
  if (statements === null) {
    await setAside(one, opened, session);
    return null;
  }
  const { left, handedOn } = means.rest ?? (await restOf(one, table, opened));
  const drop = `DROP TABLE ${quoteTable(opened.store, one.id)}`;
  const gone = left.length === 0;
  const note = handedOn ? handedOnSql(one, handedOn, opened) : asideSql(one, opened);
  const last = gone ? `DELETE FROM ${registryOf(opened)} WHERE id = ${literal(one.id)}` : note;
  await session.begin();
  try {
    for (const sql of [...statements, last, ...(keeping.hold || !gone ? [] : [drop])])
      await session.send(sql);
    await session.commit();
  } catch (error) {
    await session.rollback();
    throw notRestored(one, error);
  }
  // Left behind by a crash right here it has no row any more, and is in nobody's way.
  if (keeping.hold && gone) await session.send(drop);
  return gone ? plainly(one) : { ...plainly(one), left };
}

function notRestored({ object, id }: Stored, cause: unknown): SurefootError {
  return new SurefootError(
    'kept/not-restored',
    `what was kept of ${object} cannot be put back: ${messageOf(cause)}`,
    {
      details: { object, table: id },
      hint: `The values are still in ${id}. Put right what is in the way and run again; or go on without them, --no-keep, and put them back by hand, or let them go: \`surefoot kept --drop ${id}\`.`,
      cause,
    },
  );
}

/** True if what dropped it is undone: its downgrade by an upgrade, its upgrade by a downgrade. */
export function isUndone(
  { revision, direction }: Stored,
  graph: RevisionGraph,
  applied: ReadonlySet<string>,
): boolean {
  const standing = graph.nodes.has(revision)
    ? revision
    : [...graph.nodes.values()].find(({ header }) => header.replaces.includes(revision))?.header.id;
  // A repair belongs to no revision; of one that is gone nobody can say.
  return standing === undefined || applied.has(standing) === (direction === 'downgrade');
}

/** True: the plan made it again. */
export const isNewIn = (whereabouts: Whereabouts, { what: { table, column } }: Stored): boolean =>
  column === null
    ? whereabouts.origin(table) === null
    : whereabouts.originColumn(table, column.name) === null;

/** A run that is over, for what it made again. */
export interface FinishedRun {
  readonly project: Project;
  readonly namespaces: readonly string[];
  readonly plan: Plan;
  /** The schema before it. */
  readonly live: Schema;
  /** The recorded revisions after it. */
  readonly heads: readonly string[];
  /** False: nothing is to be put back. */
  readonly putsBack: boolean;
}

/** Where everything is after the steps of a run. */
export function whereaboutsAfter({ plan, live }: Pick<FinishedRun, 'plan' | 'live'>): Whereabouts {
  const whereabouts = openWhereabouts(live.tables);
  for (const { operations } of plan.steps)
    for (const { operation, standing } of operations)
      if (standing === 'pending') whereabouts.advance(operation);
  return whereabouts;
}

/** Where DDL takes part in no transaction, a run that died between copying and dropping left a copy: its next made another. */
async function dropCopies(
  kept: readonly Stored[],
  { plan }: FinishedRun,
  { opened, session }: Omit<Means, 'isNew'>,
): Promise<readonly Stored[]> {
  if (opened.dialect.keeping.hold === null) return [];
  const gone: Stored[] = [];
  for (const fresh of kept.filter(
    ({ id, what }) => !what.renamed && plan.losses.some((loss) => loss.kept === id),
  )) {
    const copies = kept.filter(
      (one) =>
        !one.what.stale &&
        one.id !== fresh.id &&
        [one.object, one.revision, one.direction].join() ===
          [fresh.object, fresh.revision, fresh.direction].join(),
    );
    for (const one of copies) {
      if (!(await isContained(one, fresh, opened))) continue;
      await dropKept(one, opened, session);
      gone.push(one);
    }
  }
  return gone;
}

async function isContained(one: Stored, other: Stored, opened: Opened): Promise<boolean> {
  const { quote } = opened.dialect;
  const columnsOf = ({ what: { column, key } }: Stored) =>
    column === null ? '*' : [...key, column.name].map(quote).join(', ');
  const all = (kept: Stored) => `SELECT ${columnsOf(kept)} FROM ${quoteTable(opened.store, kept.id)}`;
  const sql = `SELECT count(*) AS n FROM (${all(one)} EXCEPT ${all(other)}) AS more`;
  return textOf((await opened.connection.query(sql)).rows[0], 'n') === '0';
}

const listed = (one: Kept | null): readonly Kept[] => (one === null ? [] : [one]);

/**
 * Puts back what was kept of everything that is there again because what dropped it is undone: of each thing what was put
 * aside last. What is older, or is not wanted back, stays, and is put back no more. What is too old by the config goes.
 */
export async function restoreKept(
  opened: Opened,
  session: LockedSession,
  run: FinishedRun,
): Promise<readonly Kept[]> {
  const all = await readKept(opened);
  if (all.length === 0) return [];
  const { project, namespaces, putsBack } = run;
  const copies = await dropCopies(all, run, { opened, session });
  const kept = all.filter((one) => !copies.includes(one));
  const graph = await project.graph();
  const applied = new Set(appliedFrom(graph, run.heads));
  const undone = kept.filter((one) => !one.what.stale && isUndone(one, graph, applied));
  const live = undone.length === 0 ? null : await readSchema(opened, scopeOf(opened.names, namespaces));
  const whereabouts = whereaboutsAfter(run);
  const back: Kept[] = [];
  const seen = new Set<string>();
  // What was dropped last is needed first: what refers was dropped before what it refers to.
  for (const one of undone) {
    const table = live && taker(one, live);
    if (!table) continue;
    const means = { opened, session, isNew: isNewIn(whereabouts, one) };
    if (!putsBack || seen.has(one.object)) await setAside(one, opened, session);
    else back.push(...listed(await bringBack(one, table, means)));
    seen.add(one.object);
  }
  const { keep } = project.options;
  const days = typeof keep === 'object' ? keep.days : undefined;
  const gone = new Set(back.filter(({ left }) => !left).map(({ id }) => id));
  const old = kept.filter((one) => !gone.has(one.id) && isOlder(one, days));
  for (const one of old) await dropKept(one, opened, session);
  return back;
}
