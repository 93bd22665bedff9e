// A column under another name or with another type, in two halves: a second column beside it, kept alike by triggers, filled
// batch by batch, that takes its place.
// In: the column as it is and as it is to be. Out: both halves and what undoes the second, or a refusal. Must not know files.

import type { Dialect } from '../dialect/dialect.ts';
import type { DualWrite } from '../dialect/dual-write.ts';
import type { Conversion, Retyping } from '../dialect/retyping.ts';
import { SurefootError } from '../kernel/errors.ts';
import { hashText, sameJson } from '../kernel/hash.ts';
import type { Operation, OperationOf, WalkPace } from '../operations/operation.ts';
import type { Naming } from '../schema/naming.ts';
import type { Column, Schema, Table, TableRef } from '../schema/schema.ts';
import { displayRef, refOf } from '../schema/schema.ts';
import { hindrancesOf } from './online-hindrance.ts';
import type { Carried } from './online-parts.ts';
import { carryParts } from './online-parts.ts';

/** One change in two halves. */
export interface Half {
  readonly expand: readonly Operation[];
  readonly contract: readonly Operation[];
  /** The column that the first half adds. */
  readonly twin?: string;
  /** What undoes the second half; absent: its operations undone; `null`: nothing. */
  readonly undo?: readonly Operation[] | null;
}

export interface ColumnChange {
  readonly schema: Schema;
  readonly table: Table;
  readonly column: Column;
  readonly wanted: Column;
}

export interface ColumnMeans {
  readonly dialect: Dialect;
  readonly naming: Naming;
}

const pace: WalkPace = { batch: 1000, pauseMs: 10, rowsPerSecond: null, maxLagMs: 10_000 };

/** Fills a column where it is NULL. */
export function fill(
  table: TableRef,
  column: string,
  { sql, where }: { sql: string; where: string },
): Operation {
  return { kind: 'backfill', table, change: { set: [{ column, sql }], where }, pace, inverse: 'nothing' };
}

/** Changes a column. */
export const alter = (
  table: TableRef,
  column: string,
  changes: OperationOf<'alterColumn'>['changes'],
): Operation => ({ kind: 'alterColumn', table, column, changes, was: null, using: null });

/** Why it is not written in two halves. */
export function notOnline(object: string, reasons: readonly string[]): SurefootError {
  return new SurefootError(
    'autogenerate/not-online',
    `${object} cannot be changed while the release before runs: ${reasons.join('; ')}`,
    {
      details: { object, reasons },
      hint: 'Nothing was written. Change what stands in the way in a revision before, write this one by hand (docs/big-tables.md), or leave --online out and stop the release before first.',
    },
  );
}

const longest = 48;

/** Within the shortest limit of all, in bytes. */
function shortened(name: string, room: number): string {
  if (Buffer.byteLength(name) <= room) return name;
  const head = Buffer.from(name)
    .subarray(0, room - 9)
    .toString('utf8')
    .replace(/\uFFFD/g, '');
  return `${head}_${hashText(name).slice(0, 8)}`;
}

function freeNameFor(taken: ReadonlySet<string>): (name: string) => string {
  const given = new Set(taken);
  return (name) => {
    const base = shortened(name, 55);
    let free = `${base}_new`;
    for (let i = 2; given.has(free); i += 1) free = `${base}_new${i}`;
    given.add(free);
    return free;
  };
}

function namesIn({ tables, triggers, routines }: Schema): ReadonlySet<string> {
  const named = tables.flatMap((table) => [
    table,
    ...table.columns,
    ...table.indexes,
    ...table.uniques,
    ...table.checks,
    ...table.foreignKeys,
  ]);
  return new Set([...named, ...triggers, ...routines].flatMap(({ name }) => name ?? []));
}

/** Of the triggers: what a family puts behind it must be free, too. */
function triggerName(table: Table, twin: string, taken: ReadonlySet<string>): string {
  const base = shortened(`dual_${table.name}_${twin}`, longest - 3);
  const isTaken = (name: string) => ['', '_ins', '_upd'].some((end) => taken.has(name + end));
  let name = base;
  for (let i = 2; isTaken(name); i += 1) name = `${base}_${i}`;
  return name;
}

/** What takes triggers away, last first. */
function gone(made: readonly Operation[]): readonly Operation[] {
  return made.toReversed().flatMap((one): readonly Operation[] => {
    if (one.kind === 'createTrigger') {
      const { table, name } = one.trigger;
      return [{ kind: 'dropTrigger', table, trigger: name, was: one.trigger }];
    }
    if (one.kind !== 'createRoutine') return [];
    const { namespace, name, kind, signature } = one.routine;
    return [{ kind: 'dropRoutine', routine: { namespace, name, kind, signature }, was: one.routine }];
  });
}

/** Its values live in the other column, and what was kept of them would be older than those. */
const dropColumn = (table: TableRef, column: string): Operation => ({
  kind: 'dropColumn',
  erase: true,
  table,
  column,
  was: null,
  lost: { uniques: [], foreignKeys: [], checks: [], indexes: [] },
});

const asItIs: Conversion = {
  forward: (value) => value,
  back: null,
  fitsAlways: true,
  staysUnique: true,
  isAlike: true,
};

/** A change with all that its halves are made of. */
interface Work extends ColumnChange {
  readonly dialect: Dialect;
  readonly retyping: Retyping;
  readonly ref: TableRef;
  /** The second column, as it stands beside the first. */
  readonly twin: Column;
  readonly conversion: Conversion;
  /** True: values may not fit. */
  readonly converts: boolean;
  readonly carried: Carried;
  readonly made: readonly Operation[];
  readonly guard: string;
}

function conversionOf({ column, wanted }: ColumnChange, retyping: Retyping): Conversion | null {
  const isSame = sameJson(column.type, wanted.type) && column.collation === wanted.collation;
  return isSame ? asItIs : retyping.conversion(column, wanted);
}

function triggersOf(
  { table, column, schema }: ColumnChange,
  { dialect, twin, conversion }: Pick<Work, 'dialect' | 'twin' | 'conversion'>,
): readonly Operation[] {
  const at = (name: string) => `NEW.${dialect.quote(name)}`;
  const request: DualWrite = {
    table: refOf(table),
    from: column.name,
    to: twin.name,
    forward: conversion === asItIs ? null : conversion.forward(at(column.name)),
    back: conversion.back?.(at(twin.name)) ?? null,
    name: triggerName(table, twin.name, namesIn(schema)),
  };
  return dialect.dualWrite?.(request) ?? [];
}

/** The pieces; what stands in the way instead. */
function prepare(change: ColumnChange, { dialect, naming }: ColumnMeans): Work | readonly string[] {
  const { retyping } = dialect;
  if (retyping === null || dialect.dualWrite === null)
    return ['a trigger of this database cannot change the row that is written'];
  const { schema, table, column, wanted } = change;
  const conversion = conversionOf(change, retyping);
  if (conversion === null) return ['how its values become those of the new type is not known'];
  const freeName = freeNameFor(namesIn(schema));
  const isSwap = wanted.name === column.name;
  const name = isSwap ? freeName(column.name) : wanted.name;
  const twin: Column = { ...wanted, name, nullable: true, default: null };
  const named = dialect.nameParts(table, null, naming);
  const final = wanted.name;
  const carried = carryParts({
    table,
    named,
    from: column.name,
    twin,
    final,
    conversion,
    retyping,
    freeName,
  });
  const hindrances = [...hindrancesOf(table, column, schema), ...carried.hindrances];
  if (column.nullable && !wanted.nullable)
    hindrances.push('it becomes NOT NULL at the same time, which belongs into a revision before');
  if (hindrances.length > 0) return hindrances;
  const made = triggersOf(change, { dialect, twin, conversion });
  const converts = !conversion.fitsAlways;
  const guard = `${triggerName(table, name, namesIn(schema))}_fits`;
  return {
    ...change,
    dialect,
    retyping,
    ref: refOf(table),
    twin,
    conversion,
    converts,
    carried,
    made,
    guard,
  };
}

/** Rows whose value did not become one of the twin's. */
const misfits = ({ dialect, column, twin }: Work): string =>
  `${dialect.quote(column.name)} IS NOT NULL AND ${dialect.quote(twin.name)} IS NULL`;

function fillTwin(work: Work): Operation {
  const { dialect, ref, column, twin, conversion } = work;
  return fill(ref, twin.name, { sql: conversion.forward(dialect.quote(column.name)), where: misfits(work) });
}

const isSwapped = ({ column, wanted }: Work): boolean => column.name === wanted.name;

function expandOf(work: Work): readonly Operation[] {
  const { ref, column, twin, made, carried } = work;
  // The release to come does not give it.
  const loosened = !isSwapped(work) && !column.nullable;
  return [
    ...(loosened ? [alter(ref, column.name, { nullable: true })] : []),
    { kind: 'addColumn', table: ref, column: twin },
    ...made,
    fillTwin(work),
    ...carried.build,
  ];
}

function tableSql({ dialect, ref }: Work): string {
  return `${ref.namespace === null ? '' : `${dialect.quote(ref.namespace)}.`}${dialect.quote(ref.name)}`;
}

/**
 * Values that do not fit are for people to correct: nothing is dropped as long as there are any. It is asked again by a run
 * that goes on where another died. A column that is gone by then is found in the row beside, where everything fits; and where
 * both have changed places already, the question is past.
 */
function assertFits(work: Work): readonly Operation[] {
  if (!work.converts) return [];
  const { dialect, ref, column, twin, retyping } = work;
  const beside = `SELECT NULL AS ${dialect.quote(column.name)}, 1 AS ${dialect.quote(twin.name)}`;
  const fits = `NOT EXISTS (SELECT 1 FROM ${tableSql(work)} WHERE ${misfits(work)})`;
  const past = isSwapped(work) ? (retyping.isExchanged?.(ref, column.name, twin.name) ?? null) : null;
  return [
    {
      kind: 'assert',
      sql: `SELECT ${fits}${past === null ? '' : ` OR ${past}`} FROM (${beside}) AS gone`,
      message: `${displayRef(ref)}.${column.name} has values that are none of the new type: correct them first (${misfits(work)})`,
    },
  ];
}

/** A check that is added first, for what comes from now on, and proven while everybody works. */
function proven(work: Work): { readonly prove: readonly Operation[]; readonly done: readonly Operation[] } {
  const { dialect, ref, column, twin, wanted, guard, converts } = work;
  const none = { prove: converts ? [...assertFits(work), fillTwin(work)] : [], done: [] };
  if (!work.retyping.proves || (wanted.nullable && !converts)) return none;
  const holds = `${dialect.quote(twin.name)} IS NOT NULL`;
  const sql = wanted.nullable ? `${dialect.quote(column.name)} IS NULL OR ${holds}` : holds;
  return {
    prove: [
      ...assertFits(work),
      { kind: 'addCheck', table: ref, check: { name: guard, sql, valid: false } },
      fillTwin(work),
      { kind: 'validateConstraint', table: ref, target: { name: guard }, was: null },
    ],
    done: [{ kind: 'dropCheck', table: ref, target: { name: guard }, was: null }],
  };
}

const failIfMisfit = (work: Work, where: string): Operation => ({
  kind: 'execute',
  sql: work.retyping.failIf(`SELECT 1 FROM ${tableSql(work)} WHERE ${where}`),
  inverse: [],
  effect: [],
  transaction: true,
});

/** Both columns change names in one statement, their triggers at work; then the old one goes. */
function exchanged(work: Work): readonly Operation[] | null {
  const { dialect, ref, table, column, twin, wanted, carried, made, retyping } = work;
  if (retyping.exchange === null || !isSwapped(work)) return null;
  const both: Table = { ...table, columns: [...table.columns, twin] };
  const { prove } = proven(work);
  const lost = `${dialect.quote(twin.name)} IS NOT NULL AND ${dialect.quote(column.name)} IS NULL`;
  return [
    ...prove,
    ...retyping.exchange({ table: both, twin: twin.name, wanted, indexes: carried.indexes }),
    failIfMisfit(work, lost),
    ...gone(made),
    dropColumn(ref, twin.name),
  ];
}

function contractOf(work: Work): readonly Operation[] {
  const swapped = exchanged(work);
  if (swapped !== null) return swapped;
  const { ref, column, twin, wanted, carried, made, retyping, converts } = work;
  const { prove, done } = proven(work);
  const { nullable, default: value } = wanted;
  const settled = { ...(nullable ? {} : { nullable }), ...(value === null ? {} : { default: value }) };
  return [
    ...prove,
    ...(converts && !retyping.proves ? [failIfMisfit(work, misfits(work))] : []),
    ...gone(made),
    ...(Object.keys(settled).length === 0 ? [] : [alter(ref, twin.name, settled)]),
    ...done,
    dropColumn(ref, column.name),
    ...(isSwapped(work)
      ? [{ kind: 'renameColumn', table: ref, from: twin.name, to: wanted.name } as const]
      : []),
    ...carried.settle,
  ];
}

/** The change the other way, and the first half again. */
function swapUndone(work: Work, means: ColumnMeans): readonly Operation[] | null {
  const { schema, table, column, wanted } = work;
  const columns = table.columns.map((one) => (one === column ? wanted : one));
  const after: Table = { ...table, columns };
  const tables = schema.tables.map((one) => (one === table ? after : one));
  const back = prepare(
    { schema: { ...schema, tables }, table: after, column: wanted, wanted: column },
    means,
  );
  if (!('dialect' in back)) return null;
  // An assertion is asked when a step begins, and here the column that it is about is not there yet.
  const contract = contractOf(back).filter(({ kind }) => kind !== 'assert');
  return [...expandOf(back), ...contract, ...expandOf(work)];
}

/** The old column again, filled from the new one, with its parts. */
function renameUndone(work: Work): readonly Operation[] | null {
  const { dialect, ref, column, twin, wanted, carried, made, retyping } = work;
  const back = conversionOf({ ...work, column: wanted, wanted: column }, retyping);
  if (back === null) return null;
  const { nullable, default: value } = wanted;
  const unsettled = { ...(nullable ? {} : { nullable: true }), ...(value === null ? {} : { default: null }) };
  const missing = `${dialect.quote(column.name)} IS NULL AND ${dialect.quote(twin.name)} IS NOT NULL`;
  return [
    ...carried.unsettle,
    ...(Object.keys(unsettled).length === 0 ? [] : [alter(ref, twin.name, unsettled)]),
    { kind: 'addColumn', table: ref, column: { ...column, nullable: true } },
    ...made,
    fill(ref, column.name, { sql: back.forward(dialect.quote(twin.name)), where: missing }),
    ...carried.rebuild,
  ];
}

/** The column's change in two halves; refused where the release before would not survive it. */
export function columnInHalves(change: ColumnChange, means: ColumnMeans): Half {
  const work = prepare(change, means);
  if (!('dialect' in work)) throw notOnline(`${displayRef(change.table)}.${change.column.name}`, work);
  return {
    expand: expandOf(work),
    contract: contractOf(work),
    twin: work.twin.name,
    undo: isSwapped(work) ? swapUndone(work, means) : renameUndone(work),
  };
}
