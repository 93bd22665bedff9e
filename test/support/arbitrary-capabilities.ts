import type {
  Column,
  ColumnDefault,
  ColumnType,
  Deferrable,
  IndexPart,
  ReferentialAction,
  Routine,
  Table,
  TableRef,
  Trigger,
} from '../../src/schema/schema.ts';

/** A way to index a column that only some servers and types have. */
export interface IndexForm {
  readonly part: Partial<IndexPart>;
  readonly method?: string;
  /** True: the index may be unique, too. */
  readonly unique?: boolean;
}

/** Something computed from one column. */
export interface Computation {
  readonly sql: string;
  readonly type: ColumnType;
}

/**
 * What a server can hold, for the generator. Start from `everything` (what the model can say) and take away:
 *
 * ```ts
 * const onSqlite = arbitrarySchema({ ...everything, namedEnums: false, namespaces: false, routine: null, … });
 * ```
 */
export interface Capabilities {
  /** True: enums are objects; false: their values stand at each column. */
  readonly namedEnums: boolean;
  readonly namespaces: boolean;
  readonly sequences: boolean;
  readonly views: boolean;
  readonly materializedViews: boolean;
  readonly comments: boolean;
  readonly partialIndexes: boolean;
  readonly expressionIndexes: boolean;
  readonly includeColumns: boolean;
  readonly nullsNotDistinct: boolean;
  /** NULLS FIRST and LAST in indexes. */
  readonly nullsOrder: boolean;
  /** Methods besides the server's own. */
  readonly indexMethods: readonly string[];
  readonly deferrable: readonly Deferrable[];
  readonly actions: readonly ReferentialAction[];
  /** True: foreign keys and checks that present rows need not keep. */
  readonly notValid: boolean;
  /** Which columns count by themselves: any integer, only one that is the whole primary key, or none. */
  readonly identity: 'any' | 'key' | 'none';
  readonly generated: readonly ('stored' | 'virtual')[];
  readonly onUpdate: boolean;
  /** True: the columns of a primary key may be nullable. */
  readonly nullableKeys: boolean;
  readonly collations: readonly string[];
  /** What a column has in common on both sides of a pair, because the server cannot change it or convert its values. */
  readonly fixed: readonly ('type' | 'generated' | 'identity' | 'parent' | 'key')[];
  /** Types to draw from. Enums of a name come from the schema; those without one are left out where `namedEnums` holds. */
  readonly types: readonly ColumnType[];
  /** Types that may stand in keys and indexes. */
  readonly isKeyable: (type: ColumnType) => boolean;
  /** Types of columns that foreign keys refer to. */
  readonly isReferable: (type: ColumnType) => boolean;
  /** Types that take a literal default. */
  readonly takesDefault: (type: ColumnType) => boolean;
  readonly tableOptions: readonly Table['options'][];
  /** Names that the server can hold; everything else is left out. */
  readonly isName: (name: string) => boolean;
  /** Names that the server takes for one are equal. */
  readonly foldName: (name: string) => string;
  /** An identifier in the SQL of expressions and views. */
  readonly quote: (identifier: string) => string;
  /** A whole CREATE TRIGGER; `null`: no triggers. `n` makes different texts. */
  readonly trigger: ((trigger: Omit<Trigger, 'sql'>, n: number) => string) | null;
  /** A routine without arguments; `null`: none. */
  readonly routine: ((ref: TableRef, n: number) => Routine) | null;
  /** Defaults that fit the type, instead of the generator's own few. */
  readonly defaults?: (type: ColumnType) => readonly ColumnDefault[];
  /** Conditions on a column, for checks and partial indexes, instead of the generator's own. */
  readonly conditions?: (column: Column) => readonly string[];
  /** What may be computed from a column, instead of a sum. */
  readonly computations?: (column: Column) => readonly Computation[];
  /** Ways to index a column besides the plain one. */
  readonly indexForms?: (column: Column) => readonly IndexForm[];
  /** Views over a table or view, of these columns (those of a view: the one that it gives), instead of a plain SELECT. */
  readonly viewTexts?: (
    source: string,
    columns: readonly Pick<Column, 'name' | 'type'>[],
  ) => readonly string[];
}

/** Every portable kind of type, in the lengths that every server has. */
export const portableTypes: readonly ColumnType[] = [
  { kind: 'smallint' },
  { kind: 'integer' },
  { kind: 'integer' },
  { kind: 'bigint' },
  { kind: 'text' },
  { kind: 'boolean' },
  { kind: 'real' },
  { kind: 'double' },
  { kind: 'date' },
  { kind: 'json' },
  { kind: 'uuid' },
  { kind: 'varchar', length: 40 },
  { kind: 'varchar', length: 80 },
  { kind: 'char', length: 4 },
  { kind: 'numeric', precision: 10, scale: 2 },
  { kind: 'numeric', precision: 20, scale: 0 },
  { kind: 'time', zone: false, precision: null },
  { kind: 'timestamp', zone: false, precision: null },
  { kind: 'timestamp', zone: true, precision: 3 },
  { kind: 'binary', length: 16 },
  { kind: 'enum', namespace: null, name: null, values: ['on', 'off'] },
];

const quote = (identifier: string): string => `"${identifier.replaceAll('"', '""')}"`;

/** All that the model can say. No server holds all of it. */
export const everything: Capabilities = {
  namedEnums: true,
  namespaces: true,
  sequences: true,
  views: true,
  materializedViews: true,
  comments: true,
  partialIndexes: true,
  expressionIndexes: true,
  includeColumns: true,
  nullsNotDistinct: true,
  nullsOrder: true,
  indexMethods: ['hash'],
  deferrable: ['no', 'initially-immediate', 'initially-deferred'],
  actions: ['no-action', 'restrict', 'cascade', 'set-null', 'set-default'],
  notValid: true,
  identity: 'any',
  generated: ['stored', 'virtual'],
  onUpdate: true,
  nullableKeys: true,
  fixed: [],
  collations: ['C', 'nocase'],
  types: [
    ...portableTypes,
    { kind: 'native', sql: 'tsvector' },
    { kind: 'native', sql: { postgres: 'inet', mysql: 'mediumint' } },
    { kind: 'varchar', length: null },
    { kind: 'numeric', precision: null, scale: null },
    { kind: 'binary', length: null },
  ],
  isKeyable: ({ kind }) => kind !== 'json' && kind !== 'native',
  isReferable: () => true,
  takesDefault: () => true,
  tableOptions: [{}, {}, {}, { strict: true }],
  isName: () => true,
  foldName: (name) => name,
  quote,
  trigger: ({ name, table }, n) =>
    `CREATE TRIGGER ${quote(name)} AFTER INSERT ON ${quote(table.name)} BEGIN SELECT ${n}; END`,
  routine: ({ namespace, name }, n) => ({
    namespace,
    name,
    kind: n % 2 === 0 ? 'function' : 'procedure',
    signature: n % 3 === 0 ? 'integer' : '',
    sql: `CREATE FUNCTION ${quote(name)}() RETURNS integer LANGUAGE sql AS 'SELECT ${n}'`,
  }),
};
