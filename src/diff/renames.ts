import { SurefootError } from '../kernel/errors.ts';
import { canonicalJson } from '../kernel/hash.ts';
import { invariant } from '../kernel/invariant.ts';
import { applyAll, applyTo } from '../operations/apply.ts';
import type { Operation } from '../operations/operation.ts';
import type { SchemaDraft } from '../schema/draft.ts';
import { closeDraft, openDraft } from '../schema/draft.ts';
import type { Ref, Schema, Table, TableRef } from '../schema/schema.ts';
import { displayRef, findTable, refKey, sameRef } from '../schema/schema.ts';
import { mentionsName } from './order.ts';

/** What was given another name: decided before, never guessed here. */
export interface Renames {
  readonly tables: readonly { readonly from: TableRef; readonly to: TableRef }[];
  /** `table` is the table's new name. */
  readonly columns: readonly { readonly table: TableRef; readonly from: string; readonly to: string }[];
}

export const noRenames: Renames = { tables: [], columns: [] };

interface Step {
  readonly from: string;
  readonly to: string;
}

/** The steps in an order in which no name is taken twice; names that change places go over one that is free. */
function orderSteps(
  steps: readonly Step[],
  taken: Iterable<string>,
  spare: (from: string, n: number) => string,
): readonly Step[] {
  const names = new Set(taken);
  const waiting = [...steps];
  const done: Step[] = [];
  const take = (step: Step) => {
    names.delete(step.from);
    names.add(step.to);
    done.push(step);
  };
  while (waiting.length > 0) {
    const at = waiting.findIndex(({ to }) => !names.has(to));
    const [step] = waiting.splice(Math.max(at, 0), 1);
    if (!step) break;
    if (at >= 0) {
      take(step);
      continue;
    }
    let n = 1;
    while (names.has(spare(step.from, n))) n += 1;
    take({ from: step.from, to: spare(step.from, n) });
    waiting.push({ from: spare(step.from, n), to: step.to });
  }
  return done;
}

const spareName = (_: string, n: number): string => `surefoot_rename_${n}`;

function tableSteps(from: Schema, renames: Renames): readonly Operation[] {
  const refs = new Map<string, Ref>();
  const know = (ref: Ref): string => {
    refs.set(refKey(ref), ref);
    return refKey(ref);
  };
  const refAt = (key: string): Ref => {
    const ref = refs.get(key);
    invariant(ref, `a rename leads to ${key}, which nobody named`);
    return ref;
  };
  const steps = renames.tables.map((one) => ({ from: know(one.from), to: know(one.to) }));
  const spare = (key: string, n: number) => know({ ...refAt(key), name: spareName(key, n) });
  return orderSteps(steps, from.tables.map(refKey), spare).map((step) => ({
    kind: 'renameTable',
    from: refAt(step.from),
    to: refAt(step.to),
  }));
}

function columnSteps(table: Table, to: TableRef, renames: Renames): readonly Operation[] {
  const own = renames.columns.filter((one) => sameRef(one.table, to));
  const names = table.columns.map((column) => column.name);
  return orderSteps(own, names, spareName).map((step) => ({ kind: 'renameColumn', table: to, ...step }));
}

/** The table's name before renames. */
export function nameBefore(ref: TableRef, renames: Renames): TableRef {
  return renames.tables.find((one) => sameRef(one.to, ref))?.from ?? ref;
}

/** The table's name after renames. */
export function nameAfter(ref: TableRef, renames: Renames): TableRef {
  return renames.tables.find((one) => sameRef(one.from, ref))?.to ?? ref;
}

/** The renames as operations. */
export function renameOperations(from: Schema, renames: Renames): readonly Operation[] {
  return [
    ...tableSteps(from, renames),
    ...from.tables.flatMap((table) => columnSteps(table, nameAfter(table, renames), renames)),
  ];
}

function unknown(
  kind: 'renameTable' | 'renameColumn',
  object: string,
  side: 'before' | 'after',
): SurefootError {
  return new SurefootError('operation/unknown-object', `${kind}: there is no ${object} ${side} the change`, {
    details: { operation: kind, object },
    hint: 'A rename takes what is there before to what is there after: check both names.',
  });
}

const columnNames = (table: Table | undefined): readonly string[] =>
  table?.columns.map((one) => one.name) ?? [];

/** Refuses renames of what is not there, or to what is not wanted. */
export function checkRenames(from: Schema, to: Schema, renames: Renames): void {
  const [before, after] = [openDraft(from).tables, openDraft(to).tables];
  for (const one of renames.tables) {
    if (!before.has(refKey(one.from)))
      throw unknown('renameTable', `table ${displayRef(one.from)}`, 'before');
    if (!after.has(refKey(one.to))) throw unknown('renameTable', `table ${displayRef(one.to)}`, 'after');
  }
  for (const one of renames.columns) {
    const source = before.get(refKey(nameBefore(one.table, renames)));
    const column = (name: string) => `column ${displayRef(one.table)}.${name}`;
    if (!columnNames(source).includes(one.from)) throw unknown('renameColumn', column(one.from), 'before');
    const target = after.get(refKey(one.table));
    if (!columnNames(target).includes(one.to)) throw unknown('renameColumn', column(one.to), 'after');
  }
}

/** Without columns that are computed on both sides, as something else: they hold nothing that a rename would keep. */
export function withoutComputed(from: Schema, to: Schema, renames: Renames): Renames {
  const columnIn = (schema: Schema, ref: TableRef, name: string) =>
    findTable(schema, ref)?.columns.find((column) => column.name === name);
  const isOther = (one: Renames['columns'][number]): boolean => {
    const old = columnIn(from, nameBefore(one.table, renames), one.from);
    const fresh = columnIn(to, one.table, one.to);
    if (!old?.generated || !fresh?.generated) return false;
    return canonicalJson(old.type) !== canonicalJson(fresh.type);
  };
  return { ...renames, columns: renames.columns.filter((one) => !isOther(one)) };
}

function dropTableAt(draft: SchemaDraft, table: Table): void {
  applyTo(draft, { kind: 'dropTable', table, was: null, triggers: [] });
  for (const [key, other] of draft.tables) {
    const foreignKeys = other.foreignKeys.filter((one) => !sameRef(one.references.table, table));
    draft.tables.set(key, { ...other, foreignKeys });
  }
  dropViewsOn(draft, table.name);
}

function dropColumnAt(draft: SchemaDraft, table: Table, column: string): void {
  const lost = { uniques: [], foreignKeys: [], checks: [], indexes: [] };
  applyTo(draft, { kind: 'dropColumn', table, column, was: null, lost });
  for (const [key, other] of draft.tables) {
    const foreignKeys = other.foreignKeys.filter(
      (one) => !sameRef(one.references.table, table) || !one.references.columns.includes(column),
    );
    draft.tables.set(key, { ...other, foreignKeys });
  }
  dropViewsOn(draft, column);
}

function dropViewsOn(draft: SchemaDraft, name: string): void {
  for (const [key, view] of draft.views) if (mentionsName(view.sql, name)) draft.views.delete(key);
}

/** The schema without the tables and columns whose names others are to take, and without what rests on them. */
export function makeWay(from: Schema, renames: Renames): Schema {
  if (renames.tables.length + renames.columns.length === 0) return from;
  const draft = openDraft(from);
  const moved = new Set(renames.tables.map((one) => refKey(one.from)));
  for (const { to } of renames.tables) {
    const table = draft.tables.get(refKey(to));
    if (table && !moved.has(refKey(to))) dropTableAt(draft, table);
  }
  for (const { table: ref, to } of renames.columns) {
    const table = draft.tables.get(refKey(nameBefore(ref, renames)));
    const isMoved = renames.columns.some((one) => sameRef(one.table, ref) && one.from === to);
    if (table && !isMoved && columnNames(table).includes(to)) dropColumnAt(draft, table, to);
  }
  return closeDraft(draft);
}

/** The schema after operations. */
export function after(from: Schema, operations: readonly Operation[]): Schema {
  const draft = openDraft(from);
  applyAll(draft, operations);
  return closeDraft(draft);
}
