import type { ForeignKey, Table } from '../schema/schema.ts';
import { refKey, refOf, sameRef } from '../schema/schema.ts';
import { originOf } from './alter-table.ts';
import type { AlteredColumn } from './columns.ts';
import { planParts } from './judge.ts';
import { adding, dropping, validating } from './part-operations.ts';
import type { Disturbed } from './programs.ts';
import type { Renames } from './renames.ts';
import type { Staging } from './stages.ts';
import type { TablePlan } from './table-plan.ts';

// Changes that a server refuses while a foreign key rests on the column.
const disturbing = ['type', 'collation', 'identity', 'generated'] as const;

const isDisturbed = ({ changes }: AlteredColumn): boolean =>
  disturbing.some((member) => changes[member] !== undefined);

/**
 * Columns that come to hold nulls, or no longer do, in a table with checks: MySQL copies such a table, and copies none whose
 * columns change under a foreign key.
 */
function loosened({ sides: { actual, wanted } }: TablePlan): readonly string[] {
  if (actual.checks.length + wanted.checks.length === 0) return [];
  const known = new Map(actual.columns.map((column) => [column.name, column]));
  return wanted.columns
    .filter(({ name, nullable }) => (known.get(name)?.nullable ?? nullable) !== nullable)
    .map(({ name }) => name);
}

const keyOf = (columns: readonly string[]): string => JSON.stringify([...columns].sort());

type KeyPlans = Pick<TablePlan, 'primaryKey' | 'uniques' | 'indexes'>;

/** The keys that go, or those that come, each as its columns in any order. */
function keysOf({ primaryKey, uniques, indexes }: KeyPlans, side: 'dropped' | 'added'): ReadonlySet<string> {
  const unique = indexes[side].filter((index) => index.unique);
  return new Set([
    ...[...primaryKey[side], ...uniques[side]].map((key) => keyOf(key.columns)),
    ...unique.map((index) => keyOf(index.parts.map((part) => part.column ?? ''))),
  ]);
}

/** What a table does to foreign keys of its own, or towards it. */
interface Disturbance {
  readonly columns: ReadonlySet<string>;
  readonly newColumns: ReadonlySet<string>;
  readonly keys: ReadonlySet<string>;
  readonly newKeys: ReadonlySet<string>;
}

function disturbanceOf(plan: TablePlan): Disturbance {
  return {
    columns: new Set([
      ...plan.columns.altered.filter(isDisturbed).map(({ wanted }) => wanted.name),
      ...loosened(plan),
    ]),
    newColumns: new Set(plan.columns.added.map((column) => column.name)),
    keys: keysOf(plan, 'dropped'),
    newKeys: keysOf(plan, 'added'),
  };
}

type Disturbances = ReadonlyMap<string, Disturbance>;

/** What the changes of tables do to foreign keys, by table. */
export function findDisturbances(plans: readonly TablePlan[]): Disturbances {
  return new Map(plans.map((plan) => [refKey(plan.sides.wanted), disturbanceOf(plan)]));
}

/** The columns of each table that no view may rest on while they become something else, or go. */
export function disturbedColumns(plans: readonly TablePlan[], renames: Renames): readonly Disturbed[] {
  return plans.map(({ sides, columns: { altered, dropped } }) => {
    const columns = [...altered.filter(isDisturbed).map(({ wanted }) => wanted), ...dropped];
    const renamed = renames.columns.filter(({ table }) => sameRef(table, sides.wanted));
    return {
      table: sides.wanted.name,
      columns: columns.map(({ name }) => name),
      renamed: renamed.map(({ to }) => to),
      formerly: renamed.map(({ from }) => from),
    };
  });
}

/** True if the parent is as the foreign key needs it before any table is changed. */
export function isReadyFor({ references }: ForeignKey, disturbances: Disturbances): boolean {
  const parent = disturbances.get(refKey(references.table));
  if (!parent || parent.newKeys.has(keyOf(references.columns))) return parent === undefined;
  return !references.columns.some((column) => parent.columns.has(column) || parent.newColumns.has(column));
}

/** Says whether a foreign key of a table must step aside while other things change. */
export type StepsAside = (table: Table, key: ForeignKey) => boolean;

export function stepsAsideFor(disturbances: Disturbances): StepsAside {
  return (table, key) => {
    const own = disturbances.get(refKey(table));
    const parent = disturbances.get(refKey(key.references.table));
    return (
      key.columns.some((column) => own?.columns.has(column)) ||
      key.references.columns.some((column) => parent?.columns.has(column)) ||
      parent?.keys.has(keyOf(key.references.columns)) === true
    );
  };
}

/** The operations for the foreign keys of a table that stays. */
export function changeForeignKeys(plan: TablePlan, stepsAside: StepsAside, staging: Staging): void {
  const { origin, actual, wanted } = plan.sides;
  const lists = { wanted: wanted.foreignKeys, actual: actual.foreignKeys };
  const aside = (key: ForeignKey) => plan.lost.has(key) || stepsAside(actual, key);
  const { dropped, added, validated } = planParts(lists, plan.judge, aside);
  for (const key of dropped) {
    const was = originOf({ origin: origin.foreignKeys, actual: actual.foreignKeys }, key);
    staging.add('dropForeignKeys', dropping.foreignKey(refOf(origin), was));
  }
  staging.add('addForeignKeys', ...added.map((key) => adding.foreignKey(refOf(wanted), key)));
  staging.add('addForeignKeys', ...validated.map((one) => validating(refOf(wanted), one.actual)));
}
