// Builds a table from a seed, in the rules of a server, but for its foreign keys.

import type {
  Check,
  Column,
  ColumnDefault,
  ColumnType,
  Enum,
  Index,
  IndexPart,
  Table,
  TableRef,
  Unique,
} from '../../src/schema/schema.ts';
import type { Capabilities } from './arbitrary-capabilities.ts';
import type { ColumnSeed, PartSeed, TableSeed } from './arbitrary-seeds.ts';

/** Names to hand out, all different; each place takes the same one in every schema built from them. */
export interface Names {
  readonly tables: readonly string[];
  readonly columns: readonly string[];
  readonly parts: readonly string[];
  readonly objects: readonly string[];
}

export interface Builder extends Names {
  readonly can: Capabilities;
}

export const at = <T>(list: readonly T[], n: number): T => {
  const found = list[n % Math.max(list.length, 1)];
  if (found === undefined) throw new Error('nothing to pick from');
  return found;
};

export const present = <T>(slots: readonly (T | null)[]): readonly (readonly [T, number])[] =>
  slots.flatMap((one, i) => (one === null ? [] : [[one, i] as const]));

const integers: ReadonlySet<ColumnType['kind']> = new Set(['smallint', 'integer', 'bigint']);
const texts: ReadonlySet<ColumnType['kind']> = new Set(['text', 'varchar', 'char']);
const reals: ReadonlySet<ColumnType['kind']> = new Set(['real', 'double']);

function literal(type: ColumnType, n: number): ColumnDefault | null {
  if (integers.has(type.kind)) return { kind: 'literal', value: n };
  if (reals.has(type.kind)) return { kind: 'literal', value: n + 0.5 };
  if (type.kind === 'numeric') return { kind: 'literal', value: String(n) };
  if (type.kind === 'boolean') return { kind: 'literal', value: n % 2 === 0 };
  if (type.kind === 'char') return { kind: 'literal', value: 'abcd' };
  if (texts.has(type.kind))
    return { kind: 'literal', value: at(["it's", '', 'a\\b', '100 % "x"', 'é', 'null'], n) };
  if (type.kind === 'date') return { kind: 'literal', value: `2024-02-0${1 + (n % 9)}` };
  return type.kind === 'enum' ? { kind: 'literal', value: at(type.values, n) } : null;
}

/** One of many, from several numbers of a seed: each of them is too small to reach all. */
const variant = ({ value, collation, generated, comment }: ColumnSeed): number =>
  value + 10 * collation + 70 * generated + 560 * comment;

function defaultOf(type: ColumnType, seed: ColumnSeed, { can }: Builder): ColumnDefault | null {
  const n = seed.value;
  if (n < 5) return null;
  const own = can.defaults?.(type);
  if (own) return own.length === 0 ? null : at(own, variant(seed));
  if (type.kind === 'timestamp' && type.precision === null)
    return { kind: 'expression', sql: 'CURRENT_TIMESTAMP' };
  if (integers.has(type.kind) && n === 9 && can.takesDefault(type))
    return { kind: 'expression', sql: '(1 + 1)' };
  return can.takesDefault(type) ? literal(type, n) : null;
}

function typeOf(seed: ColumnSeed, enums: readonly Enum[], { can }: Builder): ColumnType {
  const named = enums.map(
    ({ namespace, name, values }): ColumnType => ({ kind: 'enum', namespace, name, values }),
  );
  // A server has either enums of a name or enums of none. The list is as long in every schema, so that a pick stays the same.
  const text: ColumnType = { kind: 'text' };
  const plain = can.namedEnums ? can.types.filter(({ kind }) => kind !== 'enum') : can.types;
  return at([...plain, ...(can.namedEnums ? [named[0] ?? text, named[1] ?? text] : [])], seed.type);
}

export function plainColumn(name: string, type: ColumnType, nullable: boolean): Column {
  return {
    name,
    type,
    nullable,
    default: null,
    onUpdate: null,
    identity: null,
    generated: null,
    collation: null,
    comment: null,
  };
}

function buildColumn(seed: ColumnSeed, place: number, enums: readonly Enum[], builder: Builder): Column {
  const { can } = builder;
  const type = typeOf(seed, enums, builder);
  const column = plainColumn(at(builder.columns, place), type, seed.nullable);
  const stamped = can.onUpdate && type.kind === 'timestamp' && type.precision === null && seed.value > 6;
  return {
    ...column,
    default: defaultOf(type, seed, builder),
    onUpdate: stamped ? 'CURRENT_TIMESTAMP' : null,
    collation: texts.has(type.kind) ? (can.collations[seed.collation] ?? null) : null,
    comment: can.comments && seed.comment < 2 ? at(["it's", 'said\nso'], seed.comment) : null,
  };
}

interface Computing {
  readonly seed: ColumnSeed;
  readonly before: readonly Column[];
  readonly stored: boolean;
  readonly can: Capabilities;
}

/** A column that is computed from one before it, in the ways that the server has for it. */
function computedBy(column: Column, { seed, before, stored, can }: Computing): Column {
  const sources = before.filter((one) => one.generated === null && one.identity === null);
  const ways = sources.flatMap((one) => can.computations?.(one) ?? []);
  if (ways.length === 0) return column;
  const { sql, type } = at(ways, seed.value + 10 * seed.collation);
  const bare = { default: null, onUpdate: null, collation: null };
  return { ...column, ...bare, type, nullable: true, generated: { sql, stored } };
}

/** A column that is computed from an integer column before it. */
function computed(
  column: Column,
  seed: ColumnSeed,
  before: readonly Column[],
  { can, quote }: Builder & { quote: Capabilities['quote'] },
): Column {
  const source = before.find(
    (one) => integers.has(one.type.kind) && one.generated === null && one.identity === null,
  );
  if (seed.generated > 1 || can.generated.length === 0) return column;
  const stored = at(can.generated, seed.generated) === 'stored';
  if (can.computations) return computedBy(column, { seed, before, stored, can });
  if (!source) return column;
  const sql = `${quote(source.name)} + ${1 + (seed.value % 2)}`;
  return {
    ...column,
    type: { kind: 'bigint' },
    nullable: true,
    default: null,
    onUpdate: null,
    collation: null,
    generated: { sql, stored },
  };
}

function buildColumns(seed: TableSeed, enums: readonly Enum[], builder: Builder): readonly Column[] {
  const columns: Column[] = [];
  for (const [one, place] of present(seed.columns)) {
    const plain = buildColumn(one, place, enums, builder);
    columns.push(computed(plain, one, columns, { ...builder, quote: builder.can.quote }));
  }
  return columns.length > 0 ? columns : [plainColumn(at(builder.columns, 0), { kind: 'integer' }, false)];
}

const distinct = <T>(list: readonly T[], key: (one: T) => string): readonly T[] => [
  ...new Map(list.map((one) => [key(one), one])).values(),
];

/** Some columns of the table that may stand in a key; none twice. */
function keyColumns(seed: PartSeed, columns: readonly Column[], { can }: Builder): readonly string[] {
  const keyable = columns.filter((one) => one.generated === null && can.isKeyable(one.type));
  if (keyable.length === 0) return [];
  return [...new Set(seed.columns.map((n) => at(keyable, n).name))];
}

export interface Draft {
  readonly ref: TableRef;
  readonly place: number;
  readonly seed: TableSeed;
  readonly table: Table;
}

type Kind = 'pk' | 'uq' | 'ck' | 'ix' | 'fk';

/** A name that no other part of the schema has. */
export function partName(kind: Kind, draft: Pick<Draft, 'place'>, slot: number, { parts }: Builder): string {
  return `${kind}${draft.place}${slot} ${at(parts, draft.place + slot)}`;
}

function withKey(
  table: Table,
  draft: { readonly place: number; readonly seed: TableSeed },
  builder: Builder,
): Table {
  const { primaryKey: seed, columns: seeds } = draft.seed;
  const columns = seed === null ? [] : keyColumns(seed, table.columns, builder);
  if (seed === null || columns.length === 0) return anyIdentity(table, seeds, builder);
  const name = seed.named ? partName('pk', draft, 0, builder) : null;
  const keyed = table.columns.map((column) => {
    if (!columns.includes(column.name)) return column;
    const nullable = builder.can.nullableKeys && seed.text === 0 && column.nullable;
    return { ...column, nullable };
  });
  const whole = { ...table, columns: keyed, primaryKey: { name, columns } };
  return columns.length === 1
    ? withIdentity(whole, columns[0] ?? '', seeds, builder)
    : anyIdentity(whole, seeds, builder);
}

function anyIdentity(table: Table, seeds: TableSeed['columns'], builder: Builder): Table {
  const place = seeds.findIndex((one) => one?.identity);
  return builder.can.identity === 'any' && place >= 0
    ? withIdentity(table, at(builder.columns, place), seeds, builder)
    : table;
}

function withIdentity(
  table: Table,
  name: string,
  seeds: TableSeed['columns'],
  { can, columns }: Builder,
): Table {
  const seed = seeds[columns.indexOf(name)];
  const used = table.columns.some((one) => one.generated !== null);
  if (can.identity === 'none' || !seed || used) return table;
  const identity = {
    mode: seed.value % 2 === 0 ? 'always' : 'by-default',
    start: null,
    increment: null,
  } as const;
  const changed = table.columns.map((column) =>
    column.name === name && integers.has(column.type.kind) && seed.identity
      ? { ...column, identity, nullable: false, default: null }
      : column,
  );
  return { ...table, columns: changed };
}

function buildUniques(draft: Draft, builder: Builder): readonly Unique[] {
  const { can } = builder;
  const uniques = present(draft.seed.uniques).map(
    ([seed, slot]): Unique => ({
      name: seed.named ? partName('uq', draft, slot, builder) : null,
      columns: keyColumns(seed, draft.table.columns, builder),
      nullsNotDistinct: can.nullsNotDistinct && seed.text === 0,
      deferrable: at(can.deferrable, seed.flavor),
    }),
  );
  const key = JSON.stringify([...(draft.table.primaryKey?.columns ?? [])].sort());
  const byColumns = ({ columns }: Unique) => JSON.stringify([...columns].sort());
  return distinct(
    uniques.filter((one) => one.columns.length > 0 && byColumns(one) !== key),
    byColumns,
  );
}

function condition(column: Column, n: number, { quote, conditions }: Capabilities): string {
  const own = conditions?.(column) ?? [];
  if (own.length > 0) return at(own, n);
  const it = quote(column.name);
  if (integers.has(column.type.kind)) return at([`${it} > ${n}`, `${it} <> -${n}`, `${it} IS NOT NULL`], n);
  return at([`${it} IS NOT NULL`, `${it} IS NULL OR ${it} IS NOT NULL`, `NOT ${it} IS NULL`], n);
}

function buildChecks(draft: Draft, builder: Builder): readonly Check[] {
  // What counts by itself stands in no check (MySQL).
  const plain = draft.table.columns.filter((one) => one.generated === null && one.identity === null);
  if (plain.length === 0) return [];
  const checks = present(draft.seed.checks).map(
    ([seed, slot]): Check => ({
      name: seed.named ? partName('ck', draft, slot, builder) : null,
      sql: condition(at(plain, seed.columns[0] ?? 0), seed.text + 6 * seed.flavor, builder.can),
      valid: !builder.can.notValid || seed.flavor % 5 !== 0,
    }),
  );
  return distinct(checks, (one) => one.sql);
}

function indexPart(column: Column, seed: PartSeed, { can }: Builder): IndexPart {
  const isText = texts.has(column.type.kind);
  const asText = can.expressionIndexes && isText && seed.text === 1;
  return {
    column: asText ? null : column.name,
    sql: asText ? `lower(${can.quote(column.name)})` : null,
    descending: seed.text === 2,
    nulls: can.nullsOrder && seed.text === 3 ? 'first' : null,
    collation: null,
    operatorClass: null,
    length: null,
  };
}

function buildIndex(seed: PartSeed, slot: number, draft: Draft, builder: Builder): Index {
  const { can } = builder;
  const byName = new Map(draft.table.columns.map((column) => [column.name, column]));
  const columns = keyColumns(seed, draft.table.columns, builder).flatMap((name) => byName.get(name) ?? []);
  const plain = columns.every((column) => !texts.has(column.type.kind) || seed.text !== 1);
  const method =
    plain && !seed.unique && columns.length === 1 && seed.text === 5
      ? (can.indexMethods[seed.flavor % 3] ?? null)
      : null;
  const others = draft.table.columns.filter((one) => !columns.includes(one) && one.generated === null);
  const where = can.partialIndexes && method === null && seed.flavor % 3 === 0 ? columns[0] : undefined;
  return {
    name: seed.named ? partName('ix', draft, slot, builder) : null,
    parts: columns.map((column) => indexPart(column, seed, builder)),
    unique: seed.unique,
    where: where ? condition(where, seed.text + 6 * seed.flavor, can) : null,
    method,
    include:
      can.includeColumns && method === null && seed.flavor % 4 === 0
        ? others.slice(0, 1).map((one) => one.name)
        : [],
    nullsNotDistinct: can.nullsNotDistinct && seed.unique && seed.flavor % 5 === 0,
    valid: true,
  };
}

/** An index over one column in a way that only this server has; `null`: a plain one is asked for. */
function specialIndex(seed: PartSeed, slot: number, draft: Draft, builder: Builder): Index | null {
  const { indexForms } = builder.can;
  if (!indexForms || seed.flavor % 3 !== 1) return null;
  const columns = draft.table.columns.filter((one) => one.generated === null);
  const forms = columns.flatMap((column) => indexForms(column).map((form) => ({ column, form })));
  if (forms.length === 0) return null;
  const { column, form } = at(forms, seed.flavor * 7 + (seed.columns[0] ?? 0));
  const name = form.part.sql === undefined ? column.name : null;
  const bare = { descending: false, nulls: null, collation: null, operatorClass: null, length: null };
  return {
    name: seed.named ? partName('ix', draft, slot, builder) : null,
    parts: [{ ...bare, column: name, sql: null, ...form.part }],
    unique: seed.unique && form.unique === true,
    where: null,
    method: form.method ?? null,
    include: [],
    nullsNotDistinct: false,
    valid: true,
  };
}

function buildIndexes(draft: Draft, builder: Builder): readonly Index[] {
  const indexes = present(draft.seed.indexes).map(
    ([seed, slot]) => specialIndex(seed, slot, draft, builder) ?? buildIndex(seed, slot, draft, builder),
  );
  return distinct(
    indexes.filter((one) => one.parts.length > 0),
    ({ parts, unique, where, method }) => JSON.stringify([parts, unique, where, method]),
  );
}

/** The table of a seed, without foreign keys. */
export function draftTable(
  seed: TableSeed,
  place: number,
  context: { enums: readonly Enum[]; namespaces: readonly string[]; builder: Builder },
): Draft {
  const { enums, namespaces, builder } = context;
  const { can } = builder;
  // The place keeps its namespace, so that a table is the same one in every schema that has the namespace.
  const namespace = [null, null, null, ...namespaces][place] ?? null;
  const ref = { namespace, name: at(builder.tables, place) };
  const bare: Table = {
    ...ref,
    columns: buildColumns(seed, enums, builder),
    primaryKey: null,
    uniques: [],
    foreignKeys: [],
    checks: [],
    indexes: [],
    comment: can.comments && seed.comment < 1 ? "the table's" : null,
    options: at(can.tableOptions, seed.options),
  };
  const draft: Draft = { ref, place, seed, table: withKey(bare, { place, seed }, builder) };
  const unique = { ...draft, table: { ...draft.table, uniques: buildUniques(draft, builder) } };
  return {
    ...unique,
    table: { ...unique.table, checks: buildChecks(unique, builder), indexes: buildIndexes(unique, builder) },
  };
}
