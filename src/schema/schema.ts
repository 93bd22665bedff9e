// The model of a schema: readonly JSON, references by name, hashable.
// In: what introspection, sources and operations build. Out: Schema and its parts. Must not know any server.

/** A name within a namespace. `null` is the connection's default namespace (search_path, current database, main). */
export interface Ref {
  readonly namespace: string | null;
  readonly name: string;
}
export type TableRef = Ref;

/** A database family. A type here; as a value only in `dialects/` and `config/`. */
export type DialectName = 'postgres' | 'mysql' | 'sqlite';
/** A relative within a family. */
export type Flavor = 'postgres' | 'mysql' | 'mariadb' | 'sqlite';

/**
 * A column's type. Portable kinds mean the nearest type of each server; `native` is a server's own spelling,
 * either for the dialect at hand or one per flavor (`mariadb` falls back to `mysql`).
 */
export type ColumnType =
  | {
      readonly kind:
        | 'smallint'
        | 'integer'
        | 'bigint'
        | 'text'
        | 'boolean'
        | 'real'
        | 'double'
        | 'date'
        | 'json'
        | 'uuid';
    }
  | { readonly kind: 'varchar'; readonly length: number | null }
  | { readonly kind: 'char'; readonly length: number }
  | { readonly kind: 'numeric'; readonly precision: number | null; readonly scale: number | null }
  | { readonly kind: 'time' | 'timestamp'; readonly zone: boolean; readonly precision: number | null }
  | { readonly kind: 'binary'; readonly length: number | null }
  | {
      /** `name` refers to a named enum of the schema where the server has such; `values` are those of the enum. */
      readonly kind: 'enum';
      readonly namespace: string | null;
      readonly name: string | null;
      readonly values: readonly string[];
    }
  | { readonly kind: 'native'; readonly sql: string | Readonly<Partial<Record<Flavor, string>>> };

/** A literal default, or an expression in the server's SQL. Integers beyond 2^53 are given as a string. */
export type ColumnDefault =
  | { readonly kind: 'literal'; readonly value: string | number | boolean }
  | { readonly kind: 'expression'; readonly sql: string };

/** Automatic numbers. `start` and `increment` of `null` are the server's own (1). */
export interface Identity {
  readonly mode: 'always' | 'by-default';
  readonly start: number | null;
  readonly increment: number | null;
}

export interface Generated {
  readonly sql: string;
  readonly stored: boolean;
}

export interface Column {
  readonly name: string;
  readonly type: ColumnType;
  readonly nullable: boolean;
  readonly default: ColumnDefault | null;
  /** MySQL's `ON UPDATE CURRENT_TIMESTAMP`, as an expression; elsewhere `null`. */
  readonly onUpdate: string | null;
  readonly identity: Identity | null;
  readonly generated: Generated | null;
  readonly collation: string | null;
  readonly comment: string | null;
}

export interface PrimaryKey {
  readonly name: string | null;
  readonly columns: readonly string[];
}

export interface Unique {
  readonly name: string | null;
  readonly columns: readonly string[];
  readonly nullsNotDistinct: boolean;
  readonly deferrable: Deferrable;
}

export type Deferrable = 'no' | 'initially-immediate' | 'initially-deferred';
export type ReferentialAction = 'no-action' | 'restrict' | 'cascade' | 'set-null' | 'set-default';

export interface ForeignKey {
  readonly name: string | null;
  readonly columns: readonly string[];
  readonly references: { readonly table: TableRef; readonly columns: readonly string[] };
  readonly onDelete: ReferentialAction;
  readonly onUpdate: ReferentialAction;
  readonly deferrable: Deferrable;
  /** False: present rows are not checked (PostgreSQL's NOT VALID). */
  readonly valid: boolean;
}

export interface Check {
  readonly name: string | null;
  readonly sql: string;
  /** False: present rows are not checked (NOT VALID), or not enforced at all (MySQL's NOT ENFORCED). */
  readonly valid: boolean;
}

/** A column or an expression of an index; exactly one of `column` and `sql` is set. */
export interface IndexPart {
  readonly column: string | null;
  readonly sql: string | null;
  readonly descending: boolean;
  /** `null`: the server's default for the direction. */
  readonly nulls: 'first' | 'last' | null;
  readonly collation: string | null;
  readonly operatorClass: string | null;
  /** MySQL's prefix length. */
  readonly length: number | null;
}

/** A part of which nothing is said. */
export const plainPart: IndexPart = {
  column: null,
  sql: null,
  descending: false,
  nulls: null,
  collation: null,
  operatorClass: null,
  length: null,
};

export interface Index {
  readonly name: string | null;
  readonly parts: readonly IndexPart[];
  readonly unique: boolean;
  readonly where: string | null;
  /** `null`: the server's default method (btree). `fulltext` and `spatial` on MySQL, `gin`, `gist`, … on PostgreSQL. */
  readonly method: string | null;
  readonly include: readonly string[];
  readonly nullsNotDistinct: boolean;
  /** False: left over by a failed concurrent build. */
  readonly valid: boolean;
}

/** What only one family has, by its own names: STRICT, WITHOUT ROWID, AUTOINCREMENT, ENGINE, charset, partitioning … */
export type TableOptions = Readonly<Record<string, string | number | boolean>>;

export interface Table {
  readonly namespace: string | null;
  readonly name: string;
  readonly columns: readonly Column[];
  readonly primaryKey: PrimaryKey | null;
  readonly uniques: readonly Unique[];
  readonly foreignKeys: readonly ForeignKey[];
  readonly checks: readonly Check[];
  readonly indexes: readonly Index[];
  readonly comment: string | null;
  readonly options: TableOptions;
}

/** A named enum type. Servers without named enums keep the values at each column. */
export interface Enum extends Ref {
  readonly values: readonly string[];
}

export interface View extends Ref {
  /** The SELECT, without CREATE VIEW … AS. */
  readonly sql: string;
  readonly materialized: boolean;
}

export interface Trigger {
  readonly table: TableRef;
  readonly name: string;
  /** The whole CREATE TRIGGER statement. */
  readonly sql: string;
}

export interface Routine extends Ref {
  /** `procedure` differs only in how it is dropped. */
  readonly kind: 'function' | 'procedure';
  /** Argument types as the server identifies an overload by, without parentheses; empty where names are unique. */
  readonly signature: string;
  /** The whole CREATE statement. */
  readonly sql: string;
}

export interface Sequence extends Ref {
  readonly start: number;
  readonly increment: number;
  readonly minimum: number | null;
  readonly maximum: number | null;
  readonly cycle: boolean;
}

/** Something that the server has and this model cannot express: named, never dropped. */
export interface UnsupportedObject extends Ref {
  readonly kind: string;
  readonly reason: string;
}

export interface Schema {
  /** Namespaces besides the default one. */
  readonly namespaces: readonly string[];
  readonly enums: readonly Enum[];
  readonly sequences: readonly Sequence[];
  readonly tables: readonly Table[];
  readonly views: readonly View[];
  readonly routines: readonly Routine[];
  readonly triggers: readonly Trigger[];
  readonly unsupported: readonly UnsupportedObject[];
}

/** A schema with nothing in it. */
export const emptySchema: Schema = {
  namespaces: [],
  enums: [],
  sequences: [],
  tables: [],
  views: [],
  routines: [],
  triggers: [],
  unsupported: [],
};

/** A key for maps: equal for equal references, whatever characters the names hold. */
export function refKey(ref: Ref): string {
  return ref.namespace === null ? ref.name : `${ref.namespace}\u0000${ref.name}`;
}

/** True if both name the same object. */
export function sameRef(a: Ref, b: Ref): boolean {
  return a.name === b.name && a.namespace === b.namespace;
}

/** The reference alone, without the object. */
export function refOf(object: Ref): Ref {
  return { namespace: object.namespace, name: object.name };
}

/** A reference as people write it; for messages, not for SQL. */
export function displayRef(ref: Ref): string {
  return ref.namespace === null ? ref.name : `${ref.namespace}.${ref.name}`;
}

/** `'name'` or `'namespace.name'` or a Ref, as a Ref. A name that holds a dot is given as a Ref. */
export function toRef(value: string | Ref): Ref {
  if (typeof value !== 'string') return { namespace: value.namespace, name: value.name };
  const dot = value.indexOf('.');
  if (dot <= 0) return { namespace: null, name: value };
  return { namespace: value.slice(0, dot), name: value.slice(dot + 1) };
}

const tablesByKey = new WeakMap<readonly Table[], ReadonlyMap<string, Table>>();

/** From so many on, tables are found by key: lists are never changed. */
const many = 50;

/** The table of that reference. */
export function findTable({ tables }: Pick<Schema, 'tables'>, ref: TableRef): Table | undefined {
  if (tables.length < many) return tables.find((table) => sameRef(table, ref));
  let found = tablesByKey.get(tables);
  if (found === undefined) {
    found = new Map(tables.toReversed().map((table) => [refKey(table), table]));
    tablesByKey.set(tables, found);
  }
  return found.get(refKey(ref));
}
