// In: any value. Out: whether it has the form of a part of a schema. Must not know where it was written.

import type { Form, FormsOf } from '../kernel/form.ts';
import {
  anyOf,
  formOf,
  isNumber,
  isText,
  isTruth,
  listOf,
  mapOf,
  oneOf,
  orNull,
  recordOf,
} from '../kernel/form.ts';
import type {
  Check,
  Column,
  ColumnType,
  Enum,
  ForeignKey,
  Index,
  IndexPart,
  PrimaryKey,
  Ref,
  Routine,
  Sequence,
  Table,
  Trigger,
  Unique,
  View,
} from './schema.ts';

const textOrNull = orNull(isText);
const numberOrNull = orNull(isNumber);
const names = listOf(isText);
const ref: FormsOf<Ref> = { namespace: textOrNull, name: isText };

export const isRef: Form = formOf<Ref>(ref);

const length = { length: isNumber };
const lengthOrNot = { length: numberOrNull };
const moment = { zone: isTruth, precision: numberOrNull };

const typeForms: { readonly [K in ColumnType['kind']]: Readonly<Record<string, Form>> } = {
  smallint: {},
  integer: {},
  bigint: {},
  text: {},
  boolean: {},
  real: {},
  double: {},
  date: {},
  json: {},
  uuid: {},
  varchar: lengthOrNot,
  char: length,
  numeric: { precision: numberOrNull, scale: numberOrNull },
  time: moment,
  timestamp: moment,
  binary: lengthOrNot,
  enum: { namespace: textOrNull, name: textOrNull, values: names },
  native: { sql: anyOf(isText, mapOf(isText)) },
};

const isColumnType: Form = anyOf(
  ...Object.entries(typeForms).map(([kind, forms]) => recordOf({ kind: oneOf(kind), ...forms })),
);
const isDefault: Form = anyOf(
  recordOf({ kind: oneOf('literal'), value: anyOf(isText, isNumber, isTruth) }),
  recordOf({ kind: oneOf('expression'), sql: isText }),
);

/** The members of a column. */
export const columnForms: FormsOf<Column> = {
  name: isText,
  type: isColumnType,
  nullable: isTruth,
  default: orNull(isDefault),
  onUpdate: textOrNull,
  identity: orNull(
    recordOf({ mode: oneOf('always', 'by-default'), start: numberOrNull, increment: numberOrNull }),
  ),
  generated: orNull(recordOf({ sql: isText, stored: isTruth })),
  collation: textOrNull,
  comment: textOrNull,
};
export const isColumn: Form = formOf<Column>(columnForms);

const isDeferrable: Form = oneOf('no', 'initially-immediate', 'initially-deferred');
const isAction: Form = oneOf('no-action', 'restrict', 'cascade', 'set-null', 'set-default');

export const isPrimaryKey: Form = formOf<PrimaryKey>({ name: textOrNull, columns: names });
export const isUnique: Form = formOf<Unique>({
  name: textOrNull,
  columns: names,
  nullsNotDistinct: isTruth,
  deferrable: isDeferrable,
});
export const isForeignKey: Form = formOf<ForeignKey>({
  name: textOrNull,
  columns: names,
  references: recordOf({ table: isRef, columns: names }),
  onDelete: isAction,
  onUpdate: isAction,
  deferrable: isDeferrable,
  valid: isTruth,
});
export const isCheck: Form = formOf<Check>({ name: textOrNull, sql: isText, valid: isTruth });

const isIndexPart: Form = formOf<IndexPart>({
  column: textOrNull,
  sql: textOrNull,
  descending: isTruth,
  nulls: oneOf('first', 'last', null),
  collation: textOrNull,
  operatorClass: textOrNull,
  length: numberOrNull,
});
export const isIndex: Form = formOf<Index>({
  name: textOrNull,
  parts: listOf(isIndexPart),
  unique: isTruth,
  where: textOrNull,
  method: textOrNull,
  include: names,
  nullsNotDistinct: isTruth,
  valid: isTruth,
});

export const isTable: Form = formOf<Table>({
  ...ref,
  columns: listOf(isColumn),
  primaryKey: orNull(isPrimaryKey),
  uniques: listOf(isUnique),
  foreignKeys: listOf(isForeignKey),
  checks: listOf(isCheck),
  indexes: listOf(isIndex),
  comment: textOrNull,
  options: mapOf(anyOf(isText, isNumber, isTruth)),
});

export const isEnum: Form = formOf<Enum>({ ...ref, values: names });
export const isView: Form = formOf<View>({ ...ref, sql: isText, materialized: isTruth });
export const isTrigger: Form = formOf<Trigger>({ table: isRef, name: isText, sql: isText });
const routineName: FormsOf<Pick<Routine, 'namespace' | 'name' | 'kind' | 'signature'>> = {
  ...ref,
  kind: oneOf('function', 'procedure'),
  signature: isText,
};
export const isRoutineName: Form = recordOf(routineName);
export const isRoutine: Form = formOf<Routine>({ ...routineName, sql: isText });
export const isSequence: Form = formOf<Sequence>({
  ...ref,
  start: isNumber,
  increment: isNumber,
  minimum: numberOrNull,
  maximum: numberOrNull,
  cycle: isTruth,
});
