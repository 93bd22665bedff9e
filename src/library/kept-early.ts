// What is to come back and cannot wait for the end of the run, since later steps give it another name or type, drop it, or
// move its values on: it comes back before them. In: a run and its steps. Out: what came back. Must not plan anything.

import { canonicalJson } from '../kernel/hash.ts';
import type { Operation } from '../operations/operation.ts';
import type { Plan, Step } from '../plan/plan.ts';
import { openWhereabouts } from '../plan/whereabouts.ts';
import { appliedFrom } from '../revisions/graph.ts';
import type { LockedSession } from '../runner/session.ts';
import type { Schema, Table } from '../schema/schema.ts';
import { refOf, sameRef } from '../schema/schema.ts';
import type { Rest } from './kept.ts';
import { bringBack, isNewIn, isUndone, taker, whereaboutsAfter, withValues } from './kept.ts';
import type { Kept } from './kept-choices.ts';
import type { Stored } from './kept-store.ts';
import { readKept, setAside } from './kept-store.ts';
import type { Opened } from './open.ts';
import { readSchema, scopeOf } from './open.ts';
import type { Project } from './project.ts';

interface Run {
  readonly opened: Opened;
  readonly project: Project;
  readonly session: LockedSession;
  readonly plan: Plan;
  readonly live: Schema;
  readonly namespaces: readonly string[];
}

/** An operation that a step will carry out. */
interface Later {
  readonly operation: Operation;
  readonly step: Step;
}

const laterIn = (steps: readonly Step[]): readonly Later[] =>
  steps.flatMap((step) =>
    step.operations.flatMap(({ operation, standing }) =>
      standing === 'pending' ? [{ operation, step }] : [],
    ),
  );

const isMoving = ({ operation }: Later): boolean =>
  ['renameTable', 'renameColumn', 'dropTable', 'dropColumn', 'execute', 'run'].includes(operation.kind) ||
  (operation.kind === 'alterColumn' && operation.changes.type !== undefined);

const columnsOf = ({ what }: Stored) =>
  (what.column ? [what.column] : what.columns).filter(({ generated }) => generated === null);

/** The table that takes all of it, as it stands. */
function fullTaker(one: Stored, live: Schema): Table | null {
  const table = taker(one, live);
  const has = (name: string) => table?.columns.some((column) => column.name === name) === true;
  return table && columnsOf(one).every(({ name }) => has(name)) ? table : null;
}

/** What later operations do to what is kept of a table. */
interface Fate {
  /** Columns that get another name or type, or go. */
  readonly touched: readonly string[];
  readonly dropped: readonly string[];
}

function fateOf(one: Stored, table: Table, later: readonly Later[]): Fate {
  const whereabouts = openWhereabouts([table]);
  for (const { operation } of later) whereabouts.advance(operation);
  const now = whereabouts.table(table);
  const names = columnsOf(one).map(({ name }) => name);
  if (now === null) return { touched: names, dropped: names };
  const becomes = (name: string) => whereabouts.column(table, name);
  const type = (name: string) => table.columns.find((column) => column.name === name)?.type;
  const isAsItIs = (name: string) =>
    becomes(name)?.name === name && canonicalJson(becomes(name)?.type) === canonicalJson(type(name));
  return {
    touched: sameRef(now, table) ? names.filter((name) => !isAsItIs(name)) : names,
    dropped: names.filter((name) => becomes(name) === null),
  };
}

const isDropOf = ({ operation }: Later, table: Table, column: string | null): boolean =>
  (operation.kind === 'dropTable' && sameRef(operation.table, table)) ||
  (operation.kind === 'dropColumn' && sameRef(operation.table, table) && operation.column === column);

/** What later steps drop of what came back was counted, and asked for, before it was back: it stays kept, as theirs. */
function restOf(one: Stored, table: Table, left: readonly string[], later: readonly Later[]): Rest {
  const { what } = one;
  const drops = left.map((name) => later.find((each) => isDropOf(each, table, name)));
  const isErased = (drop: Later | undefined) =>
    drop !== undefined && 'erase' in drop.operation && drop.operation.erase === true;
  const stay = left.filter((_, i) => !isErased(drops[i]));
  const [name] = stay;
  const drop = name === undefined ? undefined : drops[left.indexOf(name)];
  if (drop === undefined) return { left: stay, handedOn: null };
  const { revision, direction } = drop.step;
  if (drop.operation.kind === 'dropTable') return { left: stay, handedOn: { what, revision, direction } };
  const column = columnsOf(one).find((each) => each.name === name);
  const isByKey = stay.length === 1 && what.key.length > 0 && !what.key.includes(name ?? '');
  if (!column || !isByKey) return { left: stay, handedOn: null };
  return { left: stay, handedOn: { what: { ...what, column, columns: [] }, revision, direction } };
}

interface Candidate {
  readonly one: Stored;
  readonly table: Table;
  readonly fate: Fate;
}

/** With those that have to be there before: the rows of a column's table, and what rows refer to. */
function withNeeded(candidates: readonly Candidate[], moved: ReadonlySet<Candidate>): ReadonlySet<Candidate> {
  const needs = ({ table }: Candidate, { one, table: other }: Candidate): boolean =>
    one.what.column === null &&
    (sameRef(other, table) ||
      table.foreignKeys.some(({ references }) => sameRef(references.table, refOf(other))));
  const more = candidates.filter((one) => !moved.has(one) && [...moved].some((other) => needs(other, one)));
  return more.length === 0 ? moved : withNeeded(candidates, new Set([...moved, ...more]));
}

async function movedOf(candidates: readonly Candidate[], opened: Opened): Promise<ReadonlySet<Candidate>> {
  const moved = new Set<Candidate>();
  for (const candidate of candidates) {
    const { one, fate } = candidate;
    if ((await withValues(one, fate.touched, opened)).length > 0) moved.add(candidate);
  }
  return withNeeded(candidates, moved);
}

interface Moment {
  readonly kept: readonly Stored[];
  /** Before which step. */
  readonly index: number;
}

/** Puts back what is undone by now and cannot wait; gives what is not kept as it was any more. */
async function backBefore(run: Run, { kept, index }: Moment): Promise<Map<Stored, Kept | null>> {
  const { opened, session, project, plan, namespaces } = run;
  const done = new Map<Stored, Kept | null>();
  const heads = index === 0 ? plan.heads.before : (plan.steps[index - 1]?.heads ?? []);
  const graph = await project.graph();
  const applied = new Set(appliedFrom(graph, heads));
  const undone = kept.filter((one) => isUndone(one, graph, applied));
  const later = laterIn(plan.steps.slice(index));
  if (undone.length === 0 || !later.some(isMoving)) return done;
  const live = await readSchema(opened, scopeOf(opened.names, namespaces));
  const candidates = undone.flatMap((one): readonly Candidate[] => {
    const table = fullTaker(one, live);
    return table ? [{ one, table, fate: fateOf(one, table, later) }] : [];
  });
  const moved = await movedOf(candidates, opened);
  const whereabouts = whereaboutsAfter({
    plan: { ...plan, steps: plan.steps.slice(0, index) },
    live: run.live,
  });
  const seen = new Set<string>();
  for (const candidate of candidates.filter((each) => moved.has(each))) {
    const { one, table, fate } = candidate;
    const isNew = isNewIn(whereabouts, one);
    const left = await withValues(one, fate.dropped, opened);
    const rest = restOf(one, table, left, later);
    if (seen.has(one.object)) {
      await setAside(one, opened, session);
      done.set(one, null);
    } else done.set(one, await bringBack(one, table, { opened, session, isNew, rest }));
    seen.add(one.object);
  }
  return done;
}

/** What is done before each step of a run that puts back what it can. */
export function backBeforeSteps(run: Run & { readonly early: Kept[] }): (step: Step) => Promise<void> {
  const { plan, opened, early } = run;
  const isNeeded = laterIn(plan.steps).some(isMoving);
  let kept: readonly Stored[] | null = null;
  return async (step) => {
    if (!isNeeded) return;
    kept ??= (await readKept(opened)).filter(({ what }) => what.stale !== true);
    if (kept.length === 0) return;
    const done = await backBefore(run, { kept, index: plan.steps.indexOf(step) });
    kept = kept.filter((one) => !done.has(one));
    for (const one of done.values()) if (one) early.push(one);
  };
}
