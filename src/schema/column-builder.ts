import type {
  Check,
  Column,
  ColumnDefault,
  ColumnType,
  Deferrable,
  Flavor,
  ForeignKey,
  Identity,
  Ref,
  ReferentialAction,
} from './schema.ts';
import { toRef } from './schema.ts';

/** SQL text where a value is expected: `sql('CURRENT_TIMESTAMP')`. */
export interface SqlText {
  readonly sql: string;
}

/** Marks a text as SQL, not as a value. */
export function sql(text: string): SqlText {
  return { sql: text };
}

/** A literal, or SQL by `sql('…')`. */
export type DefaultInput = string | number | boolean | bigint | SqlText;

export interface ReferenceOptions {
  readonly name?: string;
  readonly onDelete?: ReferentialAction;
  readonly onUpdate?: ReferentialAction;
  readonly deferrable?: Deferrable;
}

export interface IdentityOptions {
  readonly mode?: Identity['mode'];
  readonly start?: number;
  readonly increment?: number;
}

/** A column with what its author said of it besides: keys, references, checks that become parts of the table. */
export interface ColumnSpec {
  readonly column: Omit<Column, 'name'>;
  readonly primaryKey: boolean;
  /** The name of the key's constraint. */
  readonly primaryKeyName: string | null;
  /** True: said to be nullable although it may stand in a key, which SQLite allows. */
  readonly nullableKey: boolean;
  readonly unique: { readonly name: string | null } | null;
  readonly index: { readonly name: string | null; readonly unique: boolean } | null;
  readonly references: Omit<ForeignKey, 'columns'> | null;
  readonly check: Check | null;
}

/** A column being described. Each method gives a new builder. A column is nullable unless `.notNull()` is said. */
export interface ColumnBuilder {
  readonly spec: ColumnSpec;
  notNull(): ColumnBuilder;
  /** The default. Said of a column of the primary key, it lets the key hold nulls, where a server allows it (SQLite). */
  nullable(): ColumnBuilder;
  /** A literal, or an expression by `sql('…')`. */
  default(value: DefaultInput): ColumnBuilder;
  /** MySQL's ON UPDATE. */
  onUpdate(expression: SqlText): ColumnBuilder;
  primaryKey(name?: string): ColumnBuilder;
  /** Automatic numbers: identity, AUTO_INCREMENT, a rowid. */
  identity(options?: IdentityOptions): ColumnBuilder;
  unique(name?: string): ColumnBuilder;
  index(options?: { readonly name?: string; readonly unique?: boolean }): ColumnBuilder;
  /** `references('user', 'id')`. */
  references(table: string | Ref, column: string, options?: ReferenceOptions): ColumnBuilder;
  check(expression: string, name?: string): ColumnBuilder;
  /** Generated, stored unless `{ stored: false }`. */
  generatedAs(expression: string, options?: { readonly stored?: boolean }): ColumnBuilder;
  collate(collation: string): ColumnBuilder;
  comment(text: string): ColumnBuilder;
}

export function toDefault(value: DefaultInput): ColumnDefault {
  if (typeof value === 'object') return { kind: 'expression', sql: value.sql };
  if (typeof value === 'bigint') return { kind: 'literal', value: value.toString() };
  return { kind: 'literal', value };
}

/** A foreign key of the given columns, with the defaults filled in. */
export function toForeignKey(
  columns: readonly string[],
  target: { readonly table: string | Ref; readonly columns: readonly string[] },
  options: ReferenceOptions & { readonly valid?: boolean } = {},
): ForeignKey {
  return {
    name: options.name ?? null,
    columns,
    references: { table: toRef(target.table), columns: target.columns },
    onDelete: options.onDelete ?? 'no-action',
    onUpdate: options.onUpdate ?? 'no-action',
    deferrable: options.deferrable ?? 'no',
    valid: options.valid ?? true,
  };
}

/** Models have columns by the ten thousand: the methods are shared, where closures would be made anew for each of them. */
class Builder implements ColumnBuilder {
  readonly spec: ColumnSpec;

  constructor(spec: ColumnSpec) {
    this.spec = spec;
  }

  notNull(): ColumnBuilder {
    return more(this, required(this));
  }

  nullable(): ColumnBuilder {
    return more(this, { nullableKey: true, column: { ...this.spec.column, nullable: true } });
  }

  default(value: DefaultInput): ColumnBuilder {
    return column(this, { default: toDefault(value) });
  }

  onUpdate(expression: SqlText): ColumnBuilder {
    return column(this, { onUpdate: expression.sql });
  }

  primaryKey(name?: string): ColumnBuilder {
    return more(this, { ...required(this), primaryKey: true, primaryKeyName: name ?? null });
  }

  identity(options: IdentityOptions = {}): ColumnBuilder {
    const { nullableKey, column } = required(this);
    return more(this, { nullableKey, column: { ...column, identity: toIdentity(options) } });
  }

  unique(name?: string): ColumnBuilder {
    return more(this, { unique: { name: name ?? null } });
  }

  index(options: { readonly name?: string; readonly unique?: boolean } = {}): ColumnBuilder {
    return more(this, { index: { name: options.name ?? null, unique: options.unique ?? false } });
  }

  references(table: string | Ref, target: string, options?: ReferenceOptions): ColumnBuilder {
    const key = toForeignKey([], { table, columns: [target] }, options);
    return more(this, { references: withoutColumns(key) });
  }

  check(expression: string, name?: string): ColumnBuilder {
    return more(this, { check: { name: name ?? null, sql: expression, valid: true } });
  }

  generatedAs(expression: string, options: { readonly stored?: boolean } = {}): ColumnBuilder {
    return column(this, { generated: { sql: expression, stored: options.stored ?? true } });
  }

  collate(collation: string): ColumnBuilder {
    return column(this, { collation });
  }

  comment(comment: string): ColumnBuilder {
    return column(this, { comment });
  }
}

const more = ({ spec }: Builder, changes: Partial<ColumnSpec>) => new Builder({ ...spec, ...changes });

const column = (builder: Builder, changes: Partial<ColumnSpec['column']>) =>
  more(builder, { column: { ...builder.spec.column, ...changes } });

const required = ({ spec }: Builder) => ({
  nullableKey: false,
  column: { ...spec.column, nullable: false },
});

function toIdentity(options: IdentityOptions): Identity {
  return {
    mode: options.mode ?? 'by-default',
    start: options.start ?? null,
    increment: options.increment ?? null,
  };
}

function withoutColumns(key: ForeignKey): NonNullable<ColumnSpec['references']> {
  const { columns: _, ...rest } = key;
  return rest;
}

/** A column of that type, with nothing else said. */
export function columnOf(type: ColumnType): ColumnBuilder {
  return new Builder({
    column: {
      type,
      nullable: true,
      default: null,
      onUpdate: null,
      identity: null,
      generated: null,
      collation: null,
      comment: null,
    },
    primaryKey: false,
    primaryKeyName: null,
    nullableKey: false,
    unique: null,
    index: null,
    references: null,
    check: null,
  });
}

interface Precision {
  readonly precision?: number;
}

const temporal = (kind: 'time' | 'timestamp', options: Precision & { readonly zone?: boolean } = {}) =>
  columnOf({ kind, zone: options.zone ?? false, precision: options.precision ?? null });

/** The column types. Portable ones mean the nearest type of each server; `native` is a server's own. */
export const t = {
  integer: () => columnOf({ kind: 'integer' }),
  smallint: () => columnOf({ kind: 'smallint' }),
  bigint: () => columnOf({ kind: 'bigint' }),
  varchar: (length?: number) => columnOf({ kind: 'varchar', length: length ?? null }),
  char: (length: number) => columnOf({ kind: 'char', length }),
  text: () => columnOf({ kind: 'text' }),
  boolean: () => columnOf({ kind: 'boolean' }),
  numeric: (precision?: number, scale?: number) =>
    columnOf({
      kind: 'numeric',
      precision: precision ?? null,
      scale: scale ?? (precision === undefined ? null : 0),
    }),
  real: () => columnOf({ kind: 'real' }),
  double: () => columnOf({ kind: 'double' }),
  date: () => columnOf({ kind: 'date' }),
  /** Time of day; `{ zone: true }` where the server has it. */
  time: (options?: Precision & { readonly zone?: boolean }) => temporal('time', options),
  /** Date and time; `{ zone: true }`: an instant. */
  timestamp: (options?: Precision & { readonly zone?: boolean }) => temporal('timestamp', options),
  timestamptz: (options?: Precision) => temporal('timestamp', { ...options, zone: true }),
  json: () => columnOf({ kind: 'json' }),
  uuid: () => columnOf({ kind: 'uuid' }),
  binary: (length?: number) => columnOf({ kind: 'binary', length: length ?? null }),
  /** `enum('mood', ['sad', 'ok'])`, or without a name where the server keeps values at the column. */
  enum: (name: string | Ref | null, values: readonly string[]) => {
    const ref = name === null ? { namespace: null, name: null } : toRef(name);
    return columnOf({ kind: 'enum', namespace: ref.namespace, name: ref.name, values });
  },
  /** A server's own type: `native('citext')`, `native({ mysql: 'mediumtext', sqlite: 'text' })`. */
  native: (type: string | Readonly<Partial<Record<Flavor, string>>>) =>
    columnOf({ kind: 'native', sql: type }),
} as const;

/** A builder's column under a name. */
export function toColumn(name: string, builder: ColumnBuilder): Column {
  return { name, ...builder.spec.column };
}
