import type { ColumnType, TableRef } from '../../../../schema/schema.ts';

/** A column as a statement says it. */
export interface SaidColumn {
  readonly name: string;
  readonly type: ColumnType;
  /** The default's expression; `null`: none, or a literal that an operation holds. */
  readonly defaultSql: string | null;
  readonly identity: boolean;
  readonly stored: boolean;
  /** Constraints that stand in the column's own definition. Operations add them one by one. */
  readonly check: boolean;
  readonly unique: boolean;
  readonly primaryKey: boolean;
}

/** One thing that is done to a database: said by an operation, or read from raw SQL. */
export type Act =
  | { readonly kind: 'create-table'; readonly table: TableRef; readonly columns: readonly SaidColumn[] }
  | { readonly kind: 'create-partition'; readonly table: TableRef; readonly parent: TableRef }
  | { readonly kind: 'unlogged'; readonly table: TableRef }
  | { readonly kind: 'add-column'; readonly table: TableRef; readonly column: SaidColumn }
  | {
      readonly kind: 'change-type';
      readonly table: TableRef;
      readonly column: string;
      readonly to: ColumnType;
      readonly using: string | null;
    }
  | { readonly kind: 'set-not-null'; readonly table: TableRef; readonly column: string }
  | {
      readonly kind: 'create-index';
      readonly table: TableRef;
      readonly concurrently: boolean;
      readonly method: string | null;
      /** True: `ON ONLY`, the index of a partitioned table without those of its partitions. */
      readonly only: boolean;
    }
  | {
      readonly kind: 'drop-index';
      readonly table: TableRef | null;
      readonly name: string;
      readonly concurrently: boolean;
    }
  | { readonly kind: 'reindex'; readonly what: string; readonly concurrently: boolean }
  | { readonly kind: 'add-unique'; readonly table: TableRef; readonly usesIndex: boolean }
  | { readonly kind: 'add-primary-key'; readonly table: TableRef; readonly usesIndex: boolean }
  | { readonly kind: 'add-exclusion'; readonly table: TableRef }
  | {
      readonly kind: 'add-foreign-key';
      readonly table: TableRef;
      readonly parent: TableRef | null;
      readonly valid: boolean;
    }
  | { readonly kind: 'add-check'; readonly table: TableRef; readonly valid: boolean }
  | { readonly kind: 'validate'; readonly table: TableRef; readonly name: string }
  | {
      readonly kind: 'detach-partition';
      readonly table: TableRef;
      readonly partition: TableRef;
      readonly concurrently: boolean;
    }
  | { readonly kind: 'attach-partition'; readonly table: TableRef; readonly partition: TableRef }
  | { readonly kind: 'rewrite'; readonly table: TableRef | null; readonly what: string }
  | {
      readonly kind: 'domain-check';
      readonly domain: string;
      readonly isNew: boolean;
      readonly valid: boolean;
    }
  | {
      readonly kind: 'add-enum-value';
      readonly enum: string;
      readonly value: string;
      readonly isPlaced: boolean;
    }
  | { readonly kind: 'authorize'; readonly what: string }
  | { readonly kind: 'upgrade-extension'; readonly extension: string }
  | { readonly kind: 'create-routine'; readonly name: string }
  /** Another change of a table. */
  | { readonly kind: 'alter-table'; readonly table: TableRef };

export type ActOf<K extends Act['kind']> = Extract<Act, { readonly kind: K }>;
