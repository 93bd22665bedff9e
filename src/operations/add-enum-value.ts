import type { SchemaDraft } from '../schema/draft.ts';
import type { Column, ColumnType, Enum, Ref, Table, TableRef } from '../schema/schema.ts';
import { displayRef, refKey, refOf } from '../schema/schema.ts';
import type { ObjectRef, OperationHandler } from './handler.ts';
import { tableObject } from './handler.ts';
import type { OperationOf } from './operation.ts';

/** A column's type that is an enum. */
export type EnumType = Extract<ColumnType, { readonly kind: 'enum' }>;

/** The values with the new one in its place; as they are, if it is there already. */
export function withValue(
  values: readonly string[],
  operation: OperationOf<'addEnumValue'>,
): readonly string[] {
  const { value, before, after } = operation;
  if (values.includes(value)) return values;
  const place =
    before !== null ? values.indexOf(before) : after !== null ? values.indexOf(after) + 1 : values.length;
  return place < 0 ? [...values, value] : [...values.slice(0, place), value, ...values.slice(place)];
}

function usesEnum(column: Column, ref: Ref): boolean {
  return (
    column.type.kind === 'enum' && column.type.name === ref.name && column.type.namespace === ref.namespace
  );
}

function withType(table: Table, ref: Ref, change: (values: readonly string[]) => readonly string[]): Table {
  if (!table.columns.some((column) => usesEnum(column, ref))) return table;
  return {
    ...table,
    columns: table.columns.map((column) =>
      column.type.kind === 'enum' && usesEnum(column, ref)
        ? { ...column, type: { ...column.type, values: change(column.type.values) } }
        : column,
    ),
  };
}

function applyValue(draft: SchemaDraft, operation: OperationOf<'addEnumValue'>): void {
  const known: Enum | undefined = draft.enums.get(refKey(operation.enum));
  const change = (values: readonly string[]) => withValue(values, operation);
  if (known) draft.enums.set(refKey(known), { ...known, values: change(known.values) });
  for (const [key, table] of draft.tables) draft.tables.set(key, withType(table, operation.enum, change));
}

export const addEnumValue: OperationHandler<'addEnumValue'> = {
  role: 'alter',
  apply: applyValue,
  // No server takes a value out of an enum; rows may hold it by now.
  invert: () => null,
  describe: (operation) => `add value '${operation.value}' to enum ${displayRef(operation.enum)}`,
  touches: (operation): readonly ObjectRef[] => [{ kind: 'enum', ref: operation.enum }],
};

/** The tables with a column of that enum: what else the operation touches where values stand at each column. */
export function tablesOfEnum(draft: SchemaDraft, ref: Ref): readonly ObjectRef[] {
  return [...draft.tables.values()]
    .filter((table) => table.columns.some((column) => usesEnum(column, ref)))
    .map(tableObject);
}

/** The columns of that enum, each with its type. */
export function columnsOfEnum(
  draft: SchemaDraft,
  ref: Ref,
): readonly { readonly table: TableRef; readonly column: string; readonly type: EnumType }[] {
  return [...draft.tables.values()].flatMap((table) =>
    table.columns.flatMap((column) =>
      column.type.kind === 'enum' && usesEnum(column, ref)
        ? [{ table: refOf(table), column: column.name, type: column.type }]
        : [],
    ),
  );
}
