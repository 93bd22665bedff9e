/** SQL for Surefoot's own three tables. Every family has the same columns. */
export interface Bookkeeping {
  /** Creates journal and lock tables; losing a race counts as "there". Each statement may fail with `isDuplicate`. */
  createTables(names: BookkeepingNames): readonly string[];
  /** Creates the version table: one column `version_num`, varchar(255), binary collation, primary key. */
  createVersionTable(names: BookkeepingNames): readonly string[];
  /** True if the error says that the object is there already. */
  isDuplicate(error: unknown): boolean;
  /** True if the error says that a table is not there. */
  isMissingTable(error: unknown): boolean;
  /** Of the version table: its columns and the width of `version_num`; gives no row where it is not there. */
  describeVersionTable(names: BookkeepingNames): string;
  /** An expression: the server's clock, in milliseconds since 1970, as an integer. */
  readonly nowMs: string;
  /** One query whose single value (column `fingerprint`) changes whenever the schema changes. */
  readonly fingerprint: string;
}

export interface BookkeepingNames {
  readonly namespace: string | null;
  readonly version: string;
  readonly journal: string;
  readonly lock: string;
}
