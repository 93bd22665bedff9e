// Two schemas as ordered operations, as far as structure alone can settle it.
// In: two schemas, both raw or both normalised by one dialect; renames decided before; who settles texts.
// Out: operations, the pairs that stay unsure, what no operation expresses. Must not know a dialect or a database.

import { canonicalJson } from '../kernel/hash.ts';
import { completeAndApply } from '../operations/apply.ts';
import type { Operation } from '../operations/operation.ts';
import { closeDraft, openDraft } from '../schema/draft.ts';
import type { Schema, Table, TableRef } from '../schema/schema.ts';
import { displayRef, refKey } from '../schema/schema.ts';
import { alterTable } from './alter-table.ts';
import type { Inexpressible } from './enums.ts';
import { changeEnums, changeSequences, newValues } from './enums.ts';
import {
  changeForeignKeys,
  disturbedColumns,
  findDisturbances,
  isReadyFor,
  stepsAsideFor,
} from './foreign-keys.ts';
import type { Settle, UnsurePair } from './judge.ts';
import { changePrograms } from './programs.ts';
import type { Renames } from './renames.ts';
import {
  after,
  checkRenames,
  makeWay,
  nameBefore,
  noRenames,
  renameOperations,
  withoutComputed,
} from './renames.ts';
import type { Staging } from './stages.ts';
import { openStaging } from './stages.ts';
import type { PlanNotes, TablePlan } from './table-plan.ts';
import { planTable } from './table-plan.ts';
import { createTables, dropTables, partNames } from './whole-tables.ts';

export type { Inexpressible } from './enums.ts';
export type { Settle, UnsurePair } from './judge.ts';
export type { Renames } from './renames.ts';

export interface DiffOptions {
  /** Tables and columns that got another name; without it, what is gone is dropped and what is new is made. */
  readonly renames?: Renames;
  /** Settles pairs that differ by the text of expressions only; without it, they stay unsure. */
  readonly settle?: Settle;
}

export interface Diff {
  /** Complete: both sides are filled, so that `invertAll` gives the way back wherever there is one. */
  readonly operations: readonly Operation[];
  /** Equal but for the text of expressions. No operation touches them. */
  readonly unsure: readonly UnsurePair[];
  /** What differs, and no operation can change. */
  readonly inexpressible: readonly Inexpressible[];
}

// How two schemas become operations:
//
//   1. Tables and columns whose names others are to take make way first: a diff of its own, from the schema to the schema
//      without them.
//   2. Renames and new enum values are applied to what is there, so that the rest is compared under its new names. Lists
//      of parts keep their order in this, which is how a part's old form is found again: it is dropped before renames.
//   3. What no operation can express (enum values that go, table options) is taken as it is.
//   4. Each table that stays is planned by itself: columns, then keys, checks and indexes, paired by name or by slot. A part
//      goes and comes back, although nothing of it changes, where a column that it rests on goes or is computed anew.
//   5. Foreign keys come last, because they look at two tables: those whose columns or keys change step aside.
//   6. Every operation is put into its stage (stages.ts), and the whole list is completed by a fold over `from`.

interface Frame {
  readonly origin: Schema;
  readonly actual: Schema;
  readonly wanted: Schema;
  readonly renames: Renames;
}

/** New values of enums that stay; those of others are no operations. */
function enumValues(from: Schema, to: Schema): readonly Operation[] {
  const wanted = openDraft(to).enums;
  return from.enums.flatMap((one) => {
    const other = wanted.get(refKey(one));
    return other ? newValues(one, other, { actual: from, wanted: to }) : [];
  });
}

function changeNamespaces({ actual, wanted }: Frame, staging: Staging): void {
  for (const namespace of wanted.namespaces.filter((one) => !actual.namespaces.includes(one))) {
    staging.add('createNamespaces', { kind: 'createNamespace', namespace });
  }
  for (const namespace of actual.namespaces.filter((one) => !wanted.namespaces.includes(one))) {
    staging.add('dropNamespaces', { kind: 'dropNamespace', namespace });
  }
}

/** Options that differ stay as they are. */
function checkOptions(plans: readonly TablePlan[]): readonly Inexpressible[] {
  return plans.flatMap(({ sides: { actual, wanted } }) => {
    if (canonicalJson(actual.options) === canonicalJson(wanted.options)) return [];
    const reason = `its options are ${canonicalJson(actual.options)} and cannot become ${canonicalJson(wanted.options)}`;
    return [{ object: `table ${displayRef(wanted)}`, reason }];
  });
}

function planTables({ origin, actual, wanted, renames }: Frame, notes: PlanNotes): readonly TablePlan[] {
  const [before, now] = [openDraft(origin).tables, openDraft(actual).tables];
  return wanted.tables.flatMap((table) => {
    const known = now.get(refKey(table));
    const old = before.get(refKey(nameBefore(table, renames)));
    return known && old ? [planTable({ origin: old, actual: known, wanted: table }, notes)] : [];
  });
}

/** Names that parts get in tables where no part had them. */
function newNames(plans: readonly TablePlan[], created: readonly Table[]): ReadonlySet<string> {
  const own = plans.flatMap(({ sides: { actual, wanted } }) => {
    const known = new Set(partNames(actual));
    return partNames(wanted).filter((name) => !known.has(name));
  });
  return new Set([...own, ...created.flatMap(partNames)]);
}

function changeTables(frame: Frame, plans: readonly TablePlan[], staging: Staging): void {
  const { origin, actual, wanted } = frame;
  const planned = new Map(plans.map((plan) => [refKey(plan.sides.wanted), plan]));
  const before = openDraft(origin).tables;
  const created = wanted.tables.filter((table) => !planned.has(refKey(table)));
  const disturbances = findDisturbances(plans);
  const stepsAside = stepsAsideFor(disturbances);
  createTables(created, (key) => isReadyFor(key, disturbances), staging);
  for (const plan of plans) {
    alterTable(plan, staging);
    changeForeignKeys(plan, stepsAside, staging);
  }
  const gone = actual.tables
    .filter((table) => !planned.has(refKey(table)))
    .map((table) => ({ actual: table, origin: before.get(refKey(table)) ?? table }));
  dropTables(gone, { stepsAside, names: newNames(plans, created) }, staging);
}

function diffStep(origin: Schema, to: Schema, options: Required<DiffOptions>): Diff {
  const { renames, settle } = options;
  const staging = openStaging();
  const renaming = renameOperations(origin, renames);
  staging.add('rename', ...renaming);
  const values = enumValues(origin, to);
  staging.add('enums', ...values);
  const actual = after(origin, [...renaming, ...values]);
  const enums = changeEnums({ actual, wanted: to }, staging);
  const sequences = changeSequences({ actual, wanted: enums.wanted }, staging);
  const frame = { origin, actual, wanted: sequences.wanted, renames };
  const unsure: UnsurePair[] = [];
  const plans = planTables(frame, { settle, unsure });
  changeNamespaces(frame, staging);
  changeTables(frame, plans, staging);
  const homeOf = (table: TableRef) => nameBefore(table, renames);
  changePrograms(
    { ...frame, homeOf, disturbed: disturbedColumns(plans, renames) },
    { settle, unsure },
    staging,
  );
  const inexpressible = [...enums.inexpressible, ...sequences.inexpressible, ...checkOptions(plans)];
  return { operations: staging.inOrder(), unsure, inexpressible };
}

/** What turns `from` into `to`: operations in an order in which their statements run on every family. */
export function diff(from: Schema, to: Schema, options: DiffOptions = {}): Diff {
  const { renames: given = noRenames, settle = () => 'unsure' } = options;
  const [left, right] = [closeDraft(openDraft(from)), closeDraft(openDraft(to))];
  checkRenames(left, right, given);
  const renames = withoutComputed(left, right, given);
  const cleared = makeWay(left, renames);
  const first = cleared === left ? [] : diffStep(left, cleared, { renames: noRenames, settle }).operations;
  const second = diffStep(cleared, right, { renames, settle });
  return { ...second, operations: completeAndApply([...first, ...second.operations], openDraft(left)) };
}
