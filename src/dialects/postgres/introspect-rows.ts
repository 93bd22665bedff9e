/** The rows of the catalogue query, as the server writes them. Large integers come as text. */
export interface Answer {
  readonly namespaces: readonly string[];
  readonly enums: readonly {
    readonly ns: string | null;
    readonly name: string;
    readonly values: readonly string[] | null;
  }[];
  readonly sequences: readonly SequenceRow[];
  readonly tables: readonly TableRow[];
  readonly columns: readonly ColumnRow[];
  readonly constraints: readonly ConstraintRow[];
  readonly indexes: readonly IndexRow[];
  readonly views: readonly ViewRow[];
  readonly routines: readonly RoutineRow[];
  readonly triggers: readonly TriggerRow[];
  readonly unsupported: readonly {
    readonly kind: string;
    readonly ns: string | null;
    readonly name: string;
    readonly reason: string;
  }[];
}

export interface SequenceRow {
  readonly ns: string | null;
  readonly name: string;
  /** The owning column, if any: `a` by a serial, `i` by an identity. */
  readonly table: string | null;
  readonly column: number | null;
  readonly owned: 'a' | 'i' | null;
  /** The default expression that takes its next value. */
  readonly nextval: string;
  readonly type: string;
  readonly start: string;
  readonly increment: string;
  readonly minimum: string;
  readonly maximum: string;
  readonly cycle: boolean;
}

export interface TableRow {
  readonly oid: string;
  readonly ns: string | null;
  readonly name: string;
  readonly unlogged: boolean;
  readonly options: readonly string[] | null;
  readonly rowSecurity: boolean;
  readonly forceRowSecurity: boolean;
  readonly partitionBy: string | null;
  readonly replicaIdentity: string | null;
  readonly inherits: string | null;
  readonly comment: string | null;
}

export interface ColumnRow {
  readonly table: string;
  readonly position: number;
  readonly name: string;
  readonly type: string;
  readonly notNull: boolean;
  /** NOT NULL, but never proven for the rows that are there. */
  readonly unproven: boolean;
  /** How it is stored and counted, where that is not the usual; else empty. */
  readonly tuning: string;
  readonly enum: { readonly ns: string | null; readonly name: string } | null;
  readonly default: string | null;
  readonly identity: '' | 'a' | 'd';
  readonly generated: '' | 's' | 'v';
  readonly collation: string | null;
  readonly comment: string | null;
}

export interface ConstraintRow {
  readonly table: string;
  readonly name: string;
  readonly type: 'p' | 'u' | 'f' | 'c' | 'x';
  readonly columns: readonly string[] | null;
  readonly parent: {
    readonly ns: string | null;
    readonly name: string;
    readonly columns: readonly string[];
  } | null;
  readonly onDelete: string;
  readonly onUpdate: string;
  readonly deferrable: boolean;
  readonly deferred: boolean;
  readonly valid: boolean;
  readonly sql: string | null;
  readonly nullsNotDistinct: boolean;
  /** What the model cannot say of it. */
  readonly beyond: string | null;
}

export interface IndexRow {
  readonly table: string;
  readonly name: string;
  readonly unique: boolean;
  readonly method: string;
  readonly valid: boolean;
  readonly where: string | null;
  readonly nullsNotDistinct: boolean;
  readonly parts: readonly {
    readonly column: string | null;
    readonly sql: string | null;
    readonly descending: boolean;
    readonly nullsFirst: boolean;
    readonly collation: string | null;
    readonly operatorClass: string | null;
  }[];
  readonly include: readonly string[] | null;
  readonly options: readonly string[] | null;
}

export interface ViewRow {
  readonly ns: string | null;
  readonly name: string;
  readonly materialized: boolean;
  readonly sql: string;
  readonly options: readonly string[] | null;
}

export interface RoutineRow {
  readonly ns: string | null;
  readonly name: string;
  readonly kind: 'f' | 'p' | 'w';
  readonly signature: string;
  readonly sql: string;
  readonly qualified: string;
  readonly bare: string;
}

export interface TriggerRow {
  readonly ns: string | null;
  readonly table: string;
  readonly name: string;
  readonly sql: string;
  readonly enabled: string;
}
