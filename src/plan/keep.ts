// What a plan keeps of what its steps destroy. In: a plan with its losses counted, the live schema. Out: the same plan, with
// statements that put aside first, and the losses that stay, with the reason. Must not ask the server anything.

import { keptPrefix } from '../dialect/keeping.ts';
import { canonicalJson } from '../kernel/hash.ts';
import type { Operation, OperationOf } from '../operations/operation.ts';
import type { Column, Table, TableRef } from '../schema/schema.ts';
import { displayRef, refKey, refOf, sameRef } from '../schema/schema.ts';
import type { Course, KeepRequest, KeptObject } from './keep-request.ts';
import { openCourse } from './keep-request.ts';
import type { Planned } from './keep-statements.ts';
import { stepKeeping } from './keep-statements.ts';
import type { Loss, Plan, Step } from './plan.ts';
import type { Whereabouts } from './whereabouts.ts';

type Drop = OperationOf<'dropTable' | 'dropColumn'>;

const isDrop = (operation: Operation): operation is Drop =>
  operation.kind === 'dropTable' || operation.kind === 'dropColumn';

/** The columns by which a row is found again, whatever becomes of the others. */
function keyOf({ primaryKey, uniques, columns }: Table): readonly string[] {
  if (primaryKey) return primaryKey.columns;
  const isSure = (name: string) => columns.some((column) => column.name === name && !column.nullable);
  return uniques.find((unique) => unique.columns.every(isSure))?.columns ?? [];
}

/** What an operation is about, as it stood before the plan; `null`: it was not there. */
interface Subject {
  readonly table: Table;
  /** `null`: all of it. */
  readonly column: string | null;
}

function subjectOf(operation: Drop, whereabouts: Whereabouts): Subject | null {
  const table = whereabouts.origin(operation.table);
  if (!table) return null;
  if (operation.kind === 'dropTable') return { table, column: null };
  const column = whereabouts.originColumn(operation.table, operation.column);
  return column === null ? null : { table, column };
}

const subjectText = ({ table, column }: Subject): string =>
  column === null ? `rows of ${displayRef(table)}` : `values of ${displayRef(table)}.${column}`;

/** True if its columns that are there still have the names and types of before, by which they come back. */
const isUnchanged = (table: Table, { whereabouts }: Course): boolean =>
  table.columns.every(({ name, type }) => {
    const now = whereabouts.column(table, name);
    return now === null || (now.name === name && canonicalJson(now.type) === canonicalJson(type));
  });

/** True for a table that is put aside by another name: nothing refers to it, and it needs nothing that may go. */
function isRenamed(ref: TableRef, { schema }: Course, { dialect, namespace }: KeepRequest): boolean {
  const { rename } = dialect.keeping;
  const table = schema.tables.get(refKey(ref));
  if (rename === null || !table || ref.namespace !== namespace || !rename.can(table)) return false;
  for (const other of schema.tables.values()) {
    if (other !== table && other.foreignKeys.some((key) => sameRef(key.references.table, ref))) return false;
  }
  return true;
}

/** The columns that the plan made, under names that no column of before has. */
function madeOnTheWay(ref: TableRef, there: readonly Column[], { whereabouts, schema }: Course) {
  const columns = schema.tables.get(refKey(ref))?.columns ?? [];
  return columns.filter(
    ({ name }) =>
      whereabouts.originColumn(ref, name) === null && !there.some((column) => column.name === name),
  );
}

/** What is put aside, or why nothing is. */
function objectOf(
  { table, column: name }: Subject,
  { operation, count, side, course }: Asked,
  request: KeepRequest,
): KeptObject | string {
  const { whereabouts } = course;
  const isThere = (column: string) => whereabouts.column(table, column) !== null;
  const key = keyOf(table);
  const plain = { side, table: refOf(table), columns: [] };
  const renamed = name === null && isUnchanged(table, course) && isRenamed(operation.table, course, request);
  // A new name costs nothing, however large the table is.
  if (!renamed && count > request.maxRows) return `it has more than ${request.maxRows} rows`;
  if (name === null) {
    // Columns that went before are kept by themselves; those that the plan made may hold what it moved there.
    const there = table.columns.filter((column) => isThere(column.name));
    const columns = [...there, ...madeOnTheWay(operation.table, there, course)];
    const own = { ...plain, column: null, key: key.every(isThere) ? key : [], columns };
    return renamed ? { ...own, renamed } : own;
  }
  const column = table.columns.find((one) => one.name === name);
  if (!column || column.generated) return 'it is computed';
  if (key.length === 0) return 'the table has no key';
  if (key.includes(name)) return 'it is part of the key';
  if (column.identity?.mode === 'always') return 'the server alone gives its numbers';
  return key.every(isThere) ? { ...plain, column, key } : 'the key of its table goes in the same plan';
}

interface Asked {
  readonly operation: Drop;
  readonly count: number;
  readonly side: string;
  readonly course: Course;
}

interface Decision {
  readonly revision: string;
  readonly subject: string;
  readonly operation: number;
  readonly count: number;
  /** `null`: it is meant to go. A text says why nothing is. */
  readonly kept: KeptObject | string | null;
}

const placeOf = ({ revision, subject }: Pick<Loss, 'revision' | 'subject'>): string =>
  JSON.stringify([revision, subject]);

/** What is kept of each drop of the plan, in its order. What is empty needs no keeping. */
function decide(plan: Plan, request: KeepRequest): readonly Decision[] {
  let { next } = request;
  const counts = new Map(plan.losses.map((loss) => [placeOf(loss), loss.count]));
  const course = openCourse(request.live);
  const consider = (operation: Drop, position: number, { revision }: Step): readonly Decision[] => {
    const found = subjectOf(operation, course.whereabouts);
    if (!found) return [];
    const subject = subjectText(found);
    const count = counts.get(placeOf({ revision, subject })) ?? 0;
    if (count === 0) return [];
    const decision = { revision, subject, operation: position, count };
    if (operation.erase === true) return [{ ...decision, kept: null }];
    const kept = objectOf(found, { operation, count, side: `${keptPrefix}_${next}`, course }, request);
    if (typeof kept !== 'string') next += 1;
    return [{ ...decision, kept }];
  };
  return plan.steps.flatMap((step) =>
    step.operations.flatMap(({ operation, standing }, position) => {
      if (standing !== 'pending') return [];
      const decisions = isDrop(operation) ? consider(operation, position, step) : [];
      course.advance(operation);
      return decisions;
    }),
  );
}

/** Of what is lost otherwise (another type, raw SQL). */
const notDropped = 'only columns and tables that an operation drops are';

function toldOf(loss: Loss, decisions: ReadonlyMap<string, Decision>): Loss {
  const { kept } = decisions.get(placeOf(loss)) ?? { kept: notDropped };
  if (loss.count === 0) return loss;
  if (kept === null) return { ...loss, notKept: 'the revision says erase' };
  return typeof kept === 'string' ? { ...loss, notKept: kept } : { ...loss, kept: kept.side };
}

/** The plan with everything kept that its steps drop, as far as it can be; and of the rest why it cannot. */
export function keepLosses(plan: Plan, request: KeepRequest): Plan {
  const decisions = decide(plan, request);
  const byPlace = new Map(decisions.map((one) => [placeOf(one), one]));
  const losses = plan.losses.map((loss) => toldOf(loss, byPlace));
  const plannedOf = (step: Step) =>
    decisions.flatMap(({ revision, operation, kept, count }): readonly Planned[] =>
      revision === step.revision && kept !== null && typeof kept !== 'string'
        ? [{ operation, kept, count }]
        : [],
    );
  if (losses.every(({ kept }) => kept === undefined)) return { ...plan, losses };
  const keep = stepKeeping(request, openCourse(request.live));
  const steps = plan.steps.map((step) => keep(step, plannedOf(step)));
  return { ...plan, steps, losses, choices: { ...plan.choices, keep: true } };
}
