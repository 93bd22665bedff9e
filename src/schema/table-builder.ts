import type { ColumnBuilder, DefaultInput } from './column-builder.ts';
import { toColumn, toForeignKey } from './column-builder.ts';
import type { Check, ForeignKey, Index, IndexPart, Ref, Table, TableOptions, Unique } from './schema.ts';
import { toRef } from './schema.ts';

export type { DefaultInput };

/** A column name, or more of a part of an index. */
export type IndexPartInput =
  | string
  | (Partial<Omit<IndexPart, 'column' | 'sql'>> & ({ readonly column: string } | { readonly sql: string }));

export interface IndexOptions {
  readonly name?: string;
  readonly unique?: boolean;
  /** A partial index's condition. */
  readonly where?: string;
  readonly method?: string;
  readonly include?: readonly string[];
  readonly nullsNotDistinct?: boolean;
}

export interface UniqueOptions {
  readonly name?: string;
  readonly nullsNotDistinct?: boolean;
  readonly deferrable?: Unique['deferrable'];
}

/** A check with its name; `valid: false` leaves present rows unchecked. */
interface CheckInput {
  readonly name?: string;
  readonly sql: string;
  readonly valid?: boolean;
}

/** What a table has besides its columns. */
export interface TableExtras {
  readonly primaryKey?: readonly string[] | { readonly name?: string; readonly columns: readonly string[] };
  readonly uniques?: readonly (
    | readonly string[]
    | (UniqueOptions & { readonly columns: readonly string[] })
  )[];
  readonly foreignKeys?: readonly (Parameters<typeof toForeignKey>[2] & {
    readonly columns: readonly string[];
    readonly references: { readonly table: string | Ref; readonly columns: readonly string[] };
  })[];
  readonly checks?: readonly (string | CheckInput)[];
  readonly indexes?: readonly (
    | readonly string[]
    | (IndexOptions & { readonly columns: readonly IndexPartInput[] })
  )[];
  readonly comment?: string;
  readonly options?: TableOptions;
}

function toIndexPart(input: IndexPartInput): IndexPart {
  const given = typeof input === 'string' ? { column: input } : input;
  return {
    column: 'column' in given ? given.column : null,
    sql: 'sql' in given ? given.sql : null,
    descending: ('descending' in given ? given.descending : undefined) ?? false,
    nulls: ('nulls' in given ? given.nulls : undefined) ?? null,
    collation: ('collation' in given ? given.collation : undefined) ?? null,
    operatorClass: ('operatorClass' in given ? given.operatorClass : undefined) ?? null,
    length: ('length' in given ? given.length : undefined) ?? null,
  };
}

/** An index over columns or parts, with the defaults filled in. */
export function toIndex(columns: readonly IndexPartInput[], options: IndexOptions = {}): Index {
  return {
    name: options.name ?? null,
    parts: columns.map(toIndexPart),
    unique: options.unique ?? false,
    where: options.where ?? null,
    method: options.method ?? null,
    include: options.include ?? [],
    nullsNotDistinct: options.nullsNotDistinct ?? false,
    valid: true,
  };
}

/** A unique constraint, with the defaults filled in. */
export function toUnique(columns: readonly string[], options: UniqueOptions = {}): Unique {
  return {
    name: options.name ?? null,
    columns,
    nullsNotDistinct: options.nullsNotDistinct ?? false,
    deferrable: options.deferrable ?? 'no',
  };
}

/** What one column brings along: unique, index, reference, check. */
export function partsOfColumn(
  name: string,
  builder: ColumnBuilder,
): Pick<Table, 'uniques' | 'foreignKeys' | 'checks' | 'indexes'> {
  const { unique, index, references, check } = builder.spec;
  return {
    uniques: unique ? [toUnique([name], unique.name === null ? {} : { name: unique.name })] : [],
    foreignKeys: references ? [{ ...references, columns: [name] }] : [],
    checks: check ? [check] : [],
    indexes: index ? [{ ...toIndex([name], { unique: index.unique }), name: index.name }] : [],
  };
}

function toPrimaryKey(
  columns: Readonly<Record<string, ColumnBuilder>>,
  extras: TableExtras,
): Table['primaryKey'] {
  const given = extras.primaryKey;
  if (given !== undefined)
    return 'columns' in given
      ? { name: given.name ?? null, columns: given.columns }
      : { name: null, columns: given };
  const named = Object.entries(columns).filter(([, { spec }]) => spec.primaryKey);
  if (named.length === 0) return null;
  const name = named.map(([, { spec }]) => spec.primaryKeyName).find((one) => one !== null);
  return { name: name ?? null, columns: named.map(([column]) => column) };
}

const isList = <T>(value: readonly T[] | object): value is readonly T[] => Array.isArray(value);

const toCheck = (given: string | CheckInput): Check =>
  typeof given === 'string'
    ? { name: null, sql: given, valid: true }
    : { name: given.name ?? null, sql: given.sql, valid: given.valid ?? true };

const toKey = (given: NonNullable<TableExtras['foreignKeys']>[number]): ForeignKey =>
  toForeignKey(given.columns, given.references, given);

/** A table from column builders and what it has besides. */
export function toTable(
  name: string | Ref,
  columns: Readonly<Record<string, ColumnBuilder>>,
  extras: TableExtras = {},
): Table {
  const own = Object.entries(columns).map(([column, builder]) => partsOfColumn(column, builder));
  const primaryKey = toPrimaryKey(columns, extras);
  const uniques = (extras.uniques ?? []).map((u) => (isList(u) ? toUnique(u) : toUnique(u.columns, u)));
  const indexes = (extras.indexes ?? []).map((i) => (isList(i) ? toIndex(i) : toIndex(i.columns, i)));
  return {
    ...toRef(name),
    columns: Object.entries(columns).map(([column, builder]) => {
      const plain = toColumn(column, builder);
      const isRequired = primaryKey?.columns.includes(column) && !builder.spec.nullableKey;
      return isRequired ? { ...plain, nullable: false } : plain;
    }),
    primaryKey,
    uniques: [...own.flatMap((parts) => parts.uniques), ...uniques],
    foreignKeys: [...own.flatMap((parts) => parts.foreignKeys), ...(extras.foreignKeys ?? []).map(toKey)],
    checks: [...own.flatMap((parts) => parts.checks), ...(extras.checks ?? []).map(toCheck)],
    indexes: [...own.flatMap((parts) => parts.indexes), ...indexes],
    comment: extras.comment ?? null,
    options: extras.options ?? {},
  };
}
