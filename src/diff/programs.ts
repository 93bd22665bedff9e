import type { Operation } from '../operations/operation.ts';
import type { Part } from '../schema/parts.ts';
import { schemaParts } from '../schema/parts.ts';
import type { Routine, Schema, Table, Trigger, View } from '../schema/schema.ts';
import { refKey, refOf, sameRef } from '../schema/schema.ts';
import type { PartsPlan } from './judge.ts';
import { openJudge, planParts } from './judge.ts';
import { mentionsName, mentionsRoutine, needsFirst } from './order.ts';
import type { Staging } from './stages.ts';
import type { PlanNotes } from './table-plan.ts';

export interface ProgramSides {
  /** Before renames: where triggers are dropped. */
  readonly origin: Schema;
  /** After them. */
  readonly actual: Schema;
  readonly wanted: Schema;
}

/** A table with columns that become something else, or go. */
export interface Disturbed {
  readonly table: string;
  readonly columns: readonly string[];
  /** Columns that only get another name: this one. */
  readonly renamed: readonly string[];
  /** What they were called before. */
  readonly formerly: readonly string[];
}

interface Disturbances {
  readonly disturbed: readonly Disturbed[];
}

// What a server keeps as it is when a column is renamed, or cannot write anew.
const winding = /\b(?:with|union|intersect|except|using|natural)\b|\(\s*select\b/i;

/** Servers refuse to change what a view gives (PostgreSQL): the view goes and comes back. */
const rests = (view: View, { table, columns, renamed }: Disturbed): boolean => {
  const says = (column: string) => mentionsName(view.sql, column);
  if (!mentionsName(view.sql, table)) return false;
  if (columns.length > 0 && view.sql.includes('*')) return true;
  return columns.some(says) || (winding.test(view.sql) && renamed.some(says));
};

/** Whose column is meant cannot be told from the text, so that no server's or dialect's rewriting is waited for. */
function isAmbiguous(view: View, { table, renamed, formerly }: Disturbed, tables: readonly Table[]): boolean {
  if (!mentionsName(view.sql, table) || !renamed.some((name) => mentionsName(view.sql, name))) return false;
  const names = new Set([...renamed, ...formerly]);
  const others = tables.filter(({ name }) => name !== table && mentionsName(view.sql, name));
  return others.some(({ columns }) => columns.some(({ name }) => names.has(name)));
}

interface Plans {
  readonly routines: PartsPlan<Routine>;
  readonly views: PartsPlan<View>;
  readonly triggers: PartsPlan<Trigger>;
}

const mentionsAny = (sql: string, things: readonly { readonly name: string }[]): boolean =>
  things.some(({ name }) => mentionsRoutine(sql, name));

/** What is built on something that goes must go with it, and come back if it is still wanted. */
function dependingViews(
  views: readonly View[],
  gone: readonly { readonly name: string }[],
): ReadonlySet<View> {
  const found = new Set<View>();
  let frontier = gone;
  while (frontier.length > 0) {
    const base = frontier;
    const next = views.filter((view) => !found.has(view) && mentionsAny(view.sql, base));
    for (const view of next) found.add(view);
    frontier = next;
  }
  return found;
}

function planPrograms({ actual, wanted, disturbed }: ProgramSides & Disturbances, notes: PlanNotes): Plans {
  const parts: readonly Part[] = [actual, wanted].flatMap((schema) => schemaParts({ ...schema, tables: [] }));
  const judge = openJudge({ ...notes, parts });
  const routines = planParts({ wanted: wanted.routines, actual: actual.routines }, judge, () => false);
  const viewLists = { wanted: wanted.views, actual: actual.views };
  const changedViews = planParts(viewLists, judge, () => false).dropped;
  const resting = actual.views.filter((view) =>
    disturbed.some((one) => rests(view, one) || isAmbiguous(view, one, actual.tables)),
  );
  const above = dependingViews(actual.views, [...changedViews, ...resting, ...routines.dropped]);
  const depending = new Set([...resting, ...above]);
  const views = planParts(viewLists, judge, (view) => depending.has(view));
  const onDroppedView = (trigger: Trigger) => views.dropped.some((view) => sameRef(view, trigger.table));
  const triggers = planParts(
    { wanted: wanted.triggers, actual: actual.triggers },
    judge,
    (trigger) => onDroppedView(trigger) || mentionsAny(trigger.sql, routines.dropped),
  );
  for (const sides of [...routines.unsure, ...views.unsure, ...triggers.unsure]) judge.note(sides);
  return { routines, views, triggers };
}

/** Every expression of a table that a server computes by itself. */
function expressionsOf({ columns, checks, indexes }: Table): readonly string[] {
  return [
    ...columns.flatMap((column) => [
      column.default?.kind === 'expression' ? column.default.sql : [],
      column.generated?.sql ?? [],
      column.onUpdate ?? [],
    ]),
    ...checks.map((check) => check.sql),
    ...indexes.flatMap((index) => [...index.parts.map((part) => part.sql ?? []), index.where ?? []]),
  ].flat();
}

/** Says whether some table of the schema computes with a routine. */
function usersOf(schema: Schema): (routine: Routine) => boolean {
  const text = schema.tables.flatMap(expressionsOf).join('\n;\n');
  return (routine) => mentionsRoutine(text, routine.name);
}

const dropRoutine = (was: Routine): Operation => {
  const { namespace, name, kind, signature } = was;
  return { kind: 'dropRoutine', routine: { namespace, name, kind, signature }, was };
};

/** A server looks into the body of a routine when it is made: what it calls comes first. */
function callsFirst(routines: readonly Routine[]): readonly Routine[] {
  return needsFirst(routines, (routine) =>
    routines.filter((other) => other !== routine && mentionsRoutine(routine.sql, other.name)),
  );
}

function changeRoutines({ dropped, added }: PartsPlan<Routine>, sides: ProgramSides, staging: Staging): void {
  const wasUsed = usersOf(sides.actual);
  const isUsed = usersOf(sides.wanted);
  const late = new Set(dropped.filter(wasUsed).map((one) => refKey(one)));
  for (const one of callsFirst(dropped).toReversed())
    staging.add(wasUsed(one) ? 'dropRoutinesOfTables' : 'dropRoutines', dropRoutine(one));
  for (const routine of callsFirst(added)) {
    const isFirst = isUsed(routine) && !late.has(refKey(routine));
    staging.add(isFirst ? 'createRoutinesForTables' : 'createRoutines', { kind: 'createRoutine', routine });
  }
}

function inOrder(views: readonly View[]): readonly View[] {
  return needsFirst(views, (view) =>
    views.filter((other) => other !== view && mentionsName(view.sql, other.name)),
  );
}

/** They are dropped before tables are renamed, in the words that they have then: completion finds these. */
function changeViews({ dropped, added }: PartsPlan<View>, staging: Staging): void {
  for (const view of inOrder(dropped).toReversed())
    staging.add('dropViews', { kind: 'dropView', view: refOf(view), was: null });
  for (const view of inOrder(added)) staging.add('createViews', { kind: 'createView', view });
}

/** Renaming a table moves its triggers: they are dropped where they stood before. */
function changeTriggers({ dropped, added }: PartsPlan<Trigger>, sides: TriggerHomes, staging: Staging): void {
  for (const { table, name } of dropped) {
    staging.add('dropTriggers', {
      kind: 'dropTrigger',
      table: sides.homeOf(table),
      trigger: name,
      was: null,
    });
  }
  for (const trigger of added) staging.add('createTriggers', { kind: 'createTrigger', trigger });
}

interface TriggerHomes {
  /** The reference of a table before renames. */
  readonly homeOf: (table: Trigger['table']) => Trigger['table'];
}

/** The operations for routines, views and triggers: all that is text to Surefoot, and runs on the server. */
export function changePrograms(
  sides: ProgramSides & TriggerHomes & Disturbances,
  notes: PlanNotes,
  staging: Staging,
): void {
  const plans = planPrograms(sides, notes);
  changeRoutines(plans.routines, sides, staging);
  changeViews(plans.views, staging);
  changeTriggers(plans.triggers, sides, staging);
}
