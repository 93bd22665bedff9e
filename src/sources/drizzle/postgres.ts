// What `drizzle-orm/pg-core` does in its own way.
// In: its exports, a pen. Out: Core. Must not know where models stand.

import type { AnyColumn, SQL } from 'drizzle-orm';
import type {
  Column,
  ColumnType,
  Enum,
  Identity,
  Index,
  IndexPart,
  Sequence,
  UnsupportedObject,
} from '../../schema/schema.ts';
import { plainPart } from '../../schema/schema.ts';
import type { Entity } from './entities.ts';
import { operatorClassOf, partOfText } from './index-parts.ts';
import type { Core, Library, ModelColumn, ModelTable, ModelView, ReadTable, Rest } from './model.ts';
import type { Pen } from './pen.ts';
import { isSql } from './pen.ts';
import { plainIndex } from './table.ts';

interface SequenceOptions {
  readonly increment?: number | string | undefined;
  readonly minValue?: number | string | undefined;
  readonly maxValue?: number | string | undefined;
  readonly startWith?: number | string | undefined;
  readonly cache?: number | string | undefined;
  readonly cycle?: boolean | undefined;
}

interface PgEnum {
  readonly enumName: string;
  readonly enumValues: readonly string[];
  readonly schema: string | undefined;
}

interface PgSequence {
  readonly seqName: string;
  readonly seqOptions: SequenceOptions | undefined;
  readonly schema: string | undefined;
}

interface PgIndexColumn {
  readonly name: string;
  readonly indexConfig: {
    readonly order: string;
    readonly nulls: string;
    readonly opClass: string | undefined;
  };
}

interface PgIndex {
  readonly config: {
    readonly name: string | undefined;
    readonly columns: readonly (PgIndexColumn | SQL)[];
    readonly unique: boolean;
    readonly method: string;
    readonly where: SQL | undefined;
    readonly with: object | undefined;
  };
}

/** A table of this core has more than the others'. */
interface PgTable extends ModelTable<PgIndex> {
  readonly policies: readonly { readonly name: string }[];
  readonly enableRLS: boolean;
}

type PgColumn = Omit<ModelColumn, 'baseColumn' | 'generatedIdentity'> & {
  readonly enum?: PgEnum;
  readonly baseColumn?: PgColumn;
  readonly generatedIdentity:
    | { readonly type: string; readonly sequenceOptions?: SequenceOptions }
    | undefined;
};

const numberOf = (value: number | string | undefined): number | null =>
  value === undefined ? null : Number(value);

const enumOf = ({ enumName, enumValues, schema }: PgEnum): Enum => ({
  namespace: schema ?? null,
  name: enumName,
  values: enumValues,
});

function elementSql(column: PgColumn, quote: (name: string) => string): string {
  if (column.baseColumn) return elementSql(column.baseColumn, quote);
  if (!column.enum) return column.getSQLType();
  const { namespace, name } = enumOf(column.enum);
  return namespace === null ? quote(name) : `${quote(namespace)}.${quote(name)}`;
}

/** Dimensions and sizes of arrays are not kept by the server. */
function typeOf(column: PgColumn, quote: (name: string) => string): ColumnType {
  if (column.baseColumn) return { kind: 'native', sql: `${elementSql(column, quote)}[]` };
  return column.enum
    ? { kind: 'enum', ...enumOf(column.enum) }
    : { kind: 'native', sql: column.getSQLType() };
}

function identityOf({ generatedIdentity }: PgColumn): Identity | null {
  if (!generatedIdentity) return null;
  const { startWith, increment } = generatedIdentity.sequenceOptions ?? {};
  const mode = generatedIdentity.type === 'always' ? 'always' : 'by-default';
  return { mode, start: numberOf(startWith), increment: numberOf(increment) };
}

function sequenceOf({ seqName, schema, seqOptions = {} }: PgSequence): Sequence {
  const increment = numberOf(seqOptions.increment) ?? 1;
  const [minimum, maximum] = [numberOf(seqOptions.minValue), numberOf(seqOptions.maxValue)];
  const start = increment > 0 ? (minimum ?? 1) : (maximum ?? -1);
  return {
    namespace: schema ?? null,
    name: seqName,
    start: numberOf(seqOptions.startWith) ?? start,
    increment,
    minimum,
    maximum,
    cycle: seqOptions.cycle ?? false,
  };
}

/** Drizzle puts nulls last in either direction, where nothing is said; the server does so in the ascending one. */
function nullsOf({ order, nulls }: PgIndexColumn['indexConfig']): IndexPart['nulls'] {
  const usual = order === 'desc' ? 'first' : 'last';
  return nulls === usual ? null : nulls === 'first' ? 'first' : 'last';
}

function partOf(part: PgIndexColumn | SQL, index: PgIndex, { table, pen }: Place): IndexPart {
  if (isSql(part)) return partOfText(pen.expression(part));
  const { order, opClass } = part.indexConfig;
  const column = table.columns.find(({ name }) => name === part.name);
  const { method } = index.config;
  const isOrdered = method === 'btree';
  return {
    ...plainPart,
    column: column ? pen.nameOf(column) : part.name,
    descending: isOrdered && order === 'desc',
    nulls: isOrdered ? nullsOf(part.indexConfig) : null,
    operatorClass: operatorClassOf(opClass, method),
  };
}

interface Place {
  readonly table: ModelTable;
  readonly pen: Pen;
}

/** Drizzle names an index of plain columns; one with an expression has to be named by its author. */
function indexName(table: ModelTable, parts: readonly IndexPart[]): string | null {
  const columns = parts.map(({ column }) => column);
  return columns.includes(null) ? null : `${table.name}_${columns.join('_')}_index`;
}

function indexOf(index: PgIndex, place: Place): Index {
  const { name, columns, unique, method, where } = index.config;
  const parts = columns.map((part) => partOf(part, index, place));
  const given = name ?? indexName(place.table, parts);
  return {
    ...plainIndex,
    name: given === null ? null : place.pen.fit(given),
    parts,
    unique,
    method: method === 'btree' ? null : method,
    where: where === undefined ? null : place.pen.expression(where),
  };
}

const beyond = (kind: string, table: ModelTable, name: string, reason: string): UnsupportedObject => ({
  kind,
  namespace: table.schema ?? null,
  name: `${table.name}.${name}`,
  reason,
});

/** What a table has that the model has no word for. */
function beyondTable(table: PgTable, pen: Pen): readonly UnsupportedObject[] {
  const columns = table.columns.filter((column) => {
    const { generatedIdentity } = column as PgColumn;
    const { minValue, maxValue, cache, cycle } = generatedIdentity?.sequenceOptions ?? {};
    return minValue !== undefined || maxValue !== undefined || Number(cache ?? 1) > 1 || cycle === true;
  });
  const built = table.indexes.filter((index) => index.config.with !== undefined);
  return [
    ...table.policies.map(({ name }) => beyond('policy', table, name, 'a row security policy')),
    ...columns.map((column) =>
      beyond('identity', table, pen.nameOf(column), 'bounds, cache or cycle of an identity'),
    ),
    ...built.map(({ config }) => beyond('index', table, config.name ?? '', 'storage parameters of an index')),
  ];
}

interface Exported {
  readonly name?: string;
  readonly _existing?: boolean;
  readonly schemaName?: string;
}

function beyondExport({ whole, value }: Entity): readonly UnsupportedObject[] {
  const { name = '', _existing: isThere = false } = value as Exported;
  const object = { namespace: null, name };
  if (whole === 'role' && !isThere) return [{ ...object, kind: 'role', reason: 'a role' }];
  if (whole === 'policy') return [{ ...object, kind: 'policy', reason: 'a row security policy' }];
  const options = (value as Partial<PgSequence>).seqOptions;
  if (whole !== 'sequence' || Number(options?.cache ?? 1) <= 1) return [];
  const { seqName, schema } = value as PgSequence;
  return [{ kind: 'sequence', namespace: schema ?? null, name: seqName, reason: 'the cache of a sequence' }];
}

function enumsOf(column: PgColumn): readonly PgEnum[] {
  if (column.baseColumn) return enumsOf(column.baseColumn);
  return column.enum ? [column.enum] : [];
}

/** Types of columns are made also where nobody exports them. */
function restOf(entities: readonly Entity[], tables: readonly ReadTable[], pen: Pen): Rest {
  const of = (whole: Entity['whole']) =>
    entities.filter((one) => one.whole === whole).map(({ value }) => value);
  const columns = tables.flatMap(({ model }) => model.columns as readonly PgColumn[]);
  const enums = [...of('enum').map((one) => one as unknown as PgEnum), ...columns.flatMap(enumsOf)].map(
    enumOf,
  );
  const models = tables.map(({ model }) => model as PgTable);
  return {
    namespaces: of('namespace').map((one) => (one as Exported).schemaName ?? ''),
    enums,
    sequences: of('sequence').map((one) => sequenceOf(one as PgSequence)),
    unsupported: [...models.flatMap((table) => beyondTable(table, pen)), ...entities.flatMap(beyondExport)],
  };
}

/** PostgreSQL's core. */
export function postgresCore(library: Library, pen: Pen, quote: (name: string) => string): Core {
  return {
    name: 'pg-core',
    pen,
    hasNamespaces: true,
    tableConfig: (table) => library.getTableConfig(table),
    viewConfig: (view, isMaterialized): ModelView => {
      const read = isMaterialized ? library.getMaterializedViewConfig : library.getViewConfig;
      return read?.(view) ?? library.getViewConfig(view);
    },
    typeOf: (column: AnyColumn) => typeOf(column as PgColumn, quote),
    refine: (column, plain: Column) => ({ ...plain, identity: identityOf(column as PgColumn) }),
    primaryKey: (columns, name) => ({ name, columns }),
    indexOf: (index, table) => indexOf(index as PgIndex, { table, pen }),
    namesForeignKeys: true,
    uniquesAreIndexes: false,
    uniquesOf: () => [],
    optionsOf: (table) => {
      const { enableRLS, policies } = table as PgTable;
      return enableRLS || policies.length > 0 ? { rowSecurity: true } : {};
    },
    viewOptions: (view) => {
      const given = { ...view, withNoData: undefined } as Readonly<Record<string, unknown>>;
      return ['with', 'using', 'tablespace'].filter((option) => given[option] !== undefined);
    },
    restOf: (entities, tables) => restOf(entities, tables, pen),
  };
}
