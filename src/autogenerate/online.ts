// Operations in two halves: what may happen while the release before still runs, and what waits until it is gone.
// In: completed operations, the schema before them, a dialect. Out: both halves, and what has no safe form. Must not know files.

import { compareSchemas } from '../diff/compare.ts';
import { applyAll, completeAndApply, describe, invertAll } from '../operations/apply.ts';
import { dependantsOf } from '../operations/drop-column.ts';
import type { Operation, OperationOf } from '../operations/operation.ts';
import { closeDraft, openDraft } from '../schema/draft.ts';
import type { Column, Schema, Table } from '../schema/schema.ts';
import { displayRef, findTable, refOf, sameRef } from '../schema/schema.ts';
import type { ColumnMeans, Half } from './online-column.ts';
import { alter, columnInHalves, fill, notOnline } from './online-column.ts';

/** What is done before the deployment, and after it. */
export interface Halves {
  readonly expand: readonly Operation[];
  /** What undoes the first half; `auto`: its operations undone. */
  readonly back: 'auto' | readonly Operation[];
  readonly contract: readonly Operation[];
  /** What undoes the second half; `auto`: its operations undone; `null`: nothing does. */
  readonly undo: 'auto' | readonly Operation[] | null;
  /** What the release before does not survive, in words. */
  readonly notOnline: readonly string[];
}

export interface OnlineMeans extends ColumnMeans {
  readonly before: Schema;
}

/** A column of a table that is there before, under its name of then, with what several operations change of it. */
interface Change {
  readonly operation: Operation;
  readonly column: { readonly table: Table; readonly column: Column; readonly wanted: Column } | null;
}

type Columnar = OperationOf<'renameColumn' | 'alterColumn' | 'dropColumn'>;

const isColumnar = (operation: Operation): operation is Columnar =>
  operation.kind === 'renameColumn' || operation.kind === 'alterColumn' || operation.kind === 'dropColumn';

function found(operation: Columnar, before: Schema): { table: Table; column: Column } | null {
  const name = operation.kind === 'renameColumn' ? operation.from : operation.column;
  const table = findTable(before, operation.table);
  const column = table?.columns.find((one) => one.name === name);
  return table && column ? { table, column } : null;
}

type Altered = OperationOf<'alterColumn'>;

/** What alters the column once it has its new name. */
const alterationsOf = (
  { table, to }: OperationOf<'renameColumn'>,
  operations: readonly Operation[],
): readonly Altered[] =>
  operations.filter(
    (one): one is Altered => one.kind === 'alterColumn' && one.column === to && sameRef(one.table, table),
  );

/** The column as one operation, and those that belong to it, leave it. */
function wantedBy(operation: Columnar, column: Column, belonging: readonly Altered[]): Column {
  const renamed = operation.kind === 'renameColumn' ? { ...column, name: operation.to } : column;
  const own = operation.kind === 'alterColumn' ? [operation] : [];
  return Object.assign({}, renamed, ...[...own, ...belonging].map(({ changes }) => changes));
}

/** Another name and another type of one column are one change. */
function foldChanges(operations: readonly Operation[], before: Schema): readonly Change[] {
  const folded = new Set<Operation>();
  return operations.flatMap((operation): readonly Change[] => {
    if (folded.has(operation)) return [];
    const there = isColumnar(operation) ? found(operation, before) : null;
    if (there === null || !isColumnar(operation)) return [{ operation, column: null }];
    const belonging = operation.kind === 'renameColumn' ? alterationsOf(operation, operations) : [];
    for (const one of belonging) folded.add(one);
    return [{ operation, column: { ...there, wanted: wantedBy(operation, there.column, belonging) } }];
  });
}

function literalOf({ default: value }: Column, { dialect }: OnlineMeans): string | null {
  if (value?.kind !== 'literal') return null;
  return typeof value.value === 'string' ? dialect.literal(value.value) : String(value.value);
}

/** Every row has a value before none may be without; what the release before leaves out meanwhile is filled again. */
function notNullInHalves(
  { table, column: name, changes }: OperationOf<'alterColumn'>,
  wanted: Column,
  means: OnlineMeans,
): Half {
  const { dialect } = means;
  const { nullable: _, ...others } = changes;
  const value = literalOf(wanted, means);
  const where = `${dialect.quote(name)} IS NULL`;
  const filled = value === null ? [] : [fill(table, name, { sql: value, where })];
  const settled = alter(table, name, { nullable: false });
  const expand = [...(Object.keys(others).length === 0 ? [] : [alter(table, name, others)]), ...filled];
  if (!dialect.retyping?.proves) return { expand, contract: [...filled, settled] };
  // Proven while everybody works, in a transaction behind the one that adds it: then NOT NULL looks at no row.
  const target = { name: `dual_${name}`.slice(0, 40).concat('_not_null') };
  const sql = `${dialect.quote(name)} IS NOT NULL`;
  return {
    expand,
    contract: [
      // Before the check, which refuses each change of a row that is still to be filled.
      ...filled,
      { kind: 'addCheck', table, check: { ...target, sql, valid: false } },
      ...filled,
      { kind: 'validateConstraint', table, target, was: null },
      settled,
      { kind: 'dropCheck', table, target, was: null },
    ],
    undo: [alter(table, name, { nullable: true })],
  };
}

function alteredInHalves(
  operation: OperationOf<'alterColumn'>,
  { table, column, wanted }: NonNullable<Change['column']>,
  means: OnlineMeans,
): Half | null {
  const { type, nullable } = operation.changes;
  const isInPlace = type === undefined || isQuiet(column, wanted, means);
  if (!isInPlace) return columnInHalves({ schema: means.before, table, column, wanted }, means);
  return nullable === false && column.nullable ? notNullInHalves(operation, wanted, means) : null;
}

/** True: the server changes the type at once, and the release before goes on with it. */
const isQuiet = (column: Column, wanted: Column, { dialect }: OnlineMeans): boolean =>
  dialect.retyping?.isInPlace(column, wanted) ?? false;

/** One operation in two halves; `null`: it is as it was. */
function halved({ operation, column }: Change, means: OnlineMeans): Half | null {
  const { before } = means;
  if (operation.kind === 'dropTable')
    return findTable(before, operation.table) ? { expand: [], contract: [operation] } : null;
  if (column === null) return null;
  switch (operation.kind) {
    case 'dropColumn':
      return { expand: [], contract: [operation] };
    case 'renameColumn':
      return columnInHalves({ schema: before, ...column }, means);
    case 'alterColumn':
      return alteredInHalves(operation, column, means);
    default:
      return null;
  }
}

/** What stays in the first half, and takes from the release before what it uses. */
function isBreaking({ operation, column }: Change, means: OnlineMeans): boolean {
  const { before } = means;
  if (operation.kind === 'renameTable') return findTable(before, operation.from) !== undefined;
  if (operation.kind === 'alterColumn' && operation.changes.type !== undefined)
    return column === null
      ? findTable(before, refOf(operation.table)) !== undefined
      : !isQuiet(column.column, column.wanted, means);
  return operation.kind === 'renameColumn' && findTable(before, operation.table) !== undefined;
}

/** True if both halves end where the operations do. */
function endsAlike(
  operations: readonly Operation[],
  { expand, contract }: Pick<Half, 'expand' | 'contract'>,
  { before, dialect }: OnlineMeans,
): boolean {
  const [plain, halfwise] = [openDraft(before), openDraft(before)];
  applyAll(plain, operations);
  completeAndApply([...expand, ...contract], halfwise);
  const [a, b] = [plain, halfwise].map((draft) => dialect.normalize(closeDraft(draft)));
  return a !== undefined && b !== undefined && compareSchemas(a, b).every(({ kind }) => kind === 'unsure');
}

/** The last half undone first; where each is undone by its operations, nothing has to be said. */
function undoOf(halves: readonly Half[], expand: readonly Operation[], before: Schema): Halves['undo'] {
  if (halves.every(({ undo }) => undo === undefined)) return 'auto';
  const draft = openDraft(before);
  completeAndApply(expand, draft);
  const undone = halves.map(({ contract, undo }) => {
    const completed = completeAndApply(contract, draft);
    return undo === undefined ? invertAll(completed) : undo;
  });
  return undone.every((one) => one !== null) ? undone.toReversed().flat() : null;
}

/** Nothing of a second column is kept where it goes: its values live in the first. */
function backOf(halves: readonly Half[], expand: readonly Operation[], before: Schema): Halves['back'] {
  const twins = new Set(halves.flatMap(({ twin }) => twin ?? []));
  const undone = twins.size === 0 ? null : invertAll(completeAndApply(expand, openDraft(before)));
  return (
    undone?.map((one) =>
      one.kind === 'dropColumn' && twins.has(one.column) ? { ...one, erase: true } : one,
    ) ?? 'auto'
  );
}

type Parted = { readonly change: Change; readonly half: Half | null };

/** A part over two columns, both with a second one beside them, would have to change twice. */
function refuseShared(parted: readonly Parted[]): void {
  const seen = new Map<unknown, string>();
  for (const { change, half } of parted) {
    if (half?.twin === undefined || change.column === null) continue;
    const { table, column } = change.column;
    const { uniques, indexes, checks, foreignKeys } = dependantsOf(table, column.name);
    for (const part of [...uniques, ...indexes, ...checks, ...foreignKeys]) {
      const other = seen.get(part);
      if (other !== undefined)
        throw notOnline(`${displayRef(table)}.${column.name}`, [
          `${part.name ?? 'an index'} is about ${other}, too, which changes at the same time: one of both belongs into a revision of its own`,
        ]);
      seen.set(part, column.name);
    }
  }
}

/** The operations in two halves; all of them in the first where they cannot be parted. */
export function inHalves(operations: readonly Operation[], means: OnlineMeans): Halves {
  const { before } = means;
  const parted = foldChanges(operations, before).map((change) => ({ change, half: halved(change, means) }));
  refuseShared(parted);
  const expand = parted.flatMap(({ change, half }) => half?.expand ?? [change.operation]);
  const halves = parted.flatMap(({ half }) => half ?? []);
  const contract = halves.flatMap((half) => half.contract);
  const isWhole = endsAlike(operations, { expand, contract }, means);
  const twinned = parted.find(
    ({ change, half }) => half !== null && change.operation.kind !== 'dropTable' && half.undo !== undefined,
  );
  if (!isWhole && twinned?.change.column) {
    const { table, column } = twinned.change.column;
    const reason =
      'other changes of the models lie on the same parts: they belong into a revision of their own';
    throw notOnline(`${displayRef(table)}.${column.name}`, [reason]);
  }
  const told = parted.filter(({ half }) => !isWhole || half === null).map(({ change }) => change);
  const notOnlineThen = told
    .filter((change) => isBreaking(change, means))
    .map(({ operation }) => `${describe(operation)}: the release before does not survive it`);
  if (!isWhole)
    return { expand: operations, contract: [], back: 'auto', undo: 'auto', notOnline: notOnlineThen };
  const back = backOf(halves, expand, before);
  return { expand, contract, back, undo: undoOf(halves, expand, before), notOnline: notOnlineThen };
}
