// In: any value. Out: whether it is an operation, with all that it needs. Must not know where it was written.

import type { Form, FormsOf } from '../kernel/form.ts';
import {
  anyOf,
  formOf,
  isAnything,
  isNumber,
  isRecord,
  isText,
  isTruth,
  listOf,
  mapOf,
  oneOf,
  optional,
  orNull,
  recordOf,
} from '../kernel/form.ts';
import {
  columnForms,
  isCheck,
  isColumn,
  isEnum,
  isForeignKey,
  isIndex,
  isPrimaryKey,
  isRef,
  isRoutine,
  isRoutineName,
  isSequence,
  isTable,
  isTrigger,
  isUnique,
  isView,
} from '../schema/forms.ts';
import type {
  ColumnDependants,
  Operation,
  OperationKind,
  OperationOf,
  RowChange,
  RunReference,
  WalkPace,
} from './operation.ts';

const names = listOf(isText);
const textOrNull = orNull(isText);
/** An operation within an operation. */
const isEffect: Form = (value) => isOperation(value);

const isChanges: Form = recordOf(
  Object.fromEntries(Object.entries(columnForms).map(([name, form]) => [name, optional(form)])),
);
const isDependants: Form = formOf<ColumnDependants>({
  uniques: listOf(isUnique),
  foreignKeys: listOf(isForeignKey),
  checks: listOf(isCheck),
  indexes: listOf(isIndex),
  primaryKey: optional(isPrimaryKey),
  nullable: optional(names),
});
const isRunReference: Form = formOf<RunReference>({
  list: oneOf('upgrade', 'downgrade'),
  index: isNumber,
  description: isText,
  repeatable: isTruth,
  inverse: anyOf(isNumber, oneOf('nothing', null)),
});
const isCount: Form = (value) => typeof value === 'number' && Number.isSafeInteger(value) && value > 0;
const isMs: Form = (value) => typeof value === 'number' && Number.isFinite(value) && value >= 0;
const isRowChange: Form = formOf<RowChange>({
  set: (value) => listOf(recordOf({ column: isText, sql: isText }))(value) && (value as []).length > 0,
  where: textOrNull,
});
const isPace: Form = formOf<WalkPace>({
  batch: isCount,
  pauseMs: isMs,
  rowsPerSecond: orNull(isCount),
  maxLagMs: orNull(isMs),
});
const isCell: Form = anyOf(
  isText,
  isNumber,
  isTruth,
  oneOf(null),
  recordOf({ hex: isText }),
  recordOf({ json: isAnything }),
);

const byName = recordOf({ name: isText });
const isTarget: Form = anyOf(byName, recordOf({ columns: names }));
const isCheckTarget: Form = anyOf(byName, recordOf({ sql: isText }));
const table = { table: isRef };
const column = { ...table, column: isText };
const rows = { ...table, rows: listOf(mapOf(isCell)), key: orNull(names) };
const texts = { from: textOrNull, to: textOrNull };

type FormsOfKind<K extends OperationKind> = FormsOf<Omit<OperationOf<K>, 'kind'>>;

const forms: { readonly [K in OperationKind]: FormsOfKind<K> } = {
  createTable: { table: isTable },
  dropTable: { ...table, was: orNull(isTable), triggers: listOf(isTrigger), erase: optional(isTruth) },
  renameTable: { from: isRef, to: isRef },
  setTableComment: { ...table, ...texts },
  addColumn: { ...table, column: isColumn },
  dropColumn: { ...column, was: orNull(isColumn), lost: isDependants, erase: optional(isTruth) },
  renameColumn: { ...table, from: isText, to: isText },
  alterColumn: { ...column, changes: isChanges, was: orNull(isChanges), using: textOrNull },
  setColumnComment: { ...column, ...texts },
  createIndex: { ...table, index: isIndex, concurrently: isTruth },
  dropIndex: { ...table, target: isTarget, was: orNull(isIndex), concurrently: isTruth },
  addPrimaryKey: { ...table, primaryKey: isPrimaryKey, nullable: names },
  dropPrimaryKey: { ...table, was: orNull(isPrimaryKey), nullable: optional(names) },
  addUnique: { ...table, unique: isUnique },
  dropUnique: { ...table, target: isTarget, was: orNull(isUnique) },
  addForeignKey: { ...table, foreignKey: isForeignKey },
  dropForeignKey: { ...table, target: isTarget, was: orNull(isForeignKey) },
  addCheck: { ...table, check: isCheck },
  dropCheck: { ...table, target: isCheckTarget, was: orNull(isCheck) },
  validateConstraint: {
    ...table,
    target: anyOf(isTarget, isCheckTarget),
    was: orNull(anyOf(isForeignKey, isCheck)),
  },
  createEnum: { enum: isEnum },
  dropEnum: { enum: isRef, was: orNull(isEnum) },
  addEnumValue: { enum: isRef, value: isText, before: textOrNull, after: textOrNull },
  createNamespace: { namespace: isText },
  dropNamespace: { namespace: isText },
  createView: { view: isView },
  dropView: { view: isRef, was: orNull(isView) },
  createTrigger: { trigger: isTrigger },
  dropTrigger: { ...table, trigger: isText, was: orNull(isTrigger) },
  createRoutine: { routine: isRoutine },
  dropRoutine: { routine: isRoutineName, was: orNull(isRoutine) },
  createSequence: { sequence: isSequence },
  dropSequence: { sequence: isRef, was: orNull(isSequence) },
  execute: {
    sql: isText,
    inverse: orNull(names),
    effect: orNull(listOf(isEffect)),
    transaction: isTruth,
  },
  run: { run: isRunReference, effect: listOf(isEffect) },
  insertRows: rows,
  deleteRows: rows,
  backfill: {
    ...table,
    change: isRowChange,
    pace: isPace,
    inverse: anyOf(oneOf('nothing', null), isRowChange),
  },
  assert: { sql: isText, message: isText },
};

const byKind: ReadonlyMap<unknown, Readonly<Record<string, Form>>> = new Map(Object.entries(forms));

/** The members of an operation that are missing or not of their form; `kind` where that is the trouble. */
export function wrongMembers(value: unknown): readonly string[] {
  const members = isRecord(value) ? byKind.get(value['kind']) : undefined;
  if (!isRecord(value) || !members) return ['kind'];
  const own = (name: string): unknown => (Object.hasOwn(value, name) ? value[name] : undefined);
  return Object.entries(members).flatMap(([name, form]) => (form(own(name)) ? [] : [name]));
}

/** True for an operation that has all its members, each of its form; further ones do no harm. */
export function isOperation(value: unknown): value is Operation {
  return wrongMembers(value).length === 0;
}
