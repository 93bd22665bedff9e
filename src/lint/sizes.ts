// How large tables are, and what follows. In: counted rows. Out: severities, expected seconds. Must not know rules.

import type { TableSize } from '../dialect/dialect.ts';
import type { TableRef } from '../schema/schema.ts';
import { refKey } from '../schema/schema.ts';
import type { Cost, Severity } from './rule.ts';

/** The sizes of a database, as `surefoot stats` writes them. */
export interface SizeStatistics {
  readonly format: 1;
  /** ISO 8601. */
  readonly takenAt: string;
  readonly product: string;
  readonly tables: readonly TableSize[];
}

/** Looks a table's rows up; `null`: not known. */
export type RowsOf = (table: TableRef) => number | null;

/** Rows by table. */
export function rowsOf(statistics: SizeStatistics | null): RowsOf {
  const sizes = new Map((statistics?.tables ?? []).map((size) => [refKey(size), size.rows]));
  return (table) => sizes.get(refKey(table)) ?? null;
}

/** Where tables stop being small, and begin to be large, in rows. */
export interface SizeLimits {
  readonly small: number;
  readonly large: number;
}

export const defaultLimits: SizeLimits = { small: 10_000, large: 10_000_000 };

/** Rows a second on ordinary hardware: rough, and on the slow side. */
const pace: Readonly<Record<Cost, number>> = { scan: 2_000_000, 'index-build': 500_000, rewrite: 300_000 };

/** How long a statement of that cost takes, in seconds. */
export function expectedSeconds(cost: Cost, rows: number): number {
  return Math.max(0.001, Math.round((rows / pace[cost]) * 1000) / 1000);
}

/** The severity with the size of the table taken into account; `null`: on so few rows it is nothing. */
export function severityAtSize(severity: Severity, rows: number | null, limits: SizeLimits): Severity | null {
  if (rows === null) return severity;
  if (rows <= limits.small) return null;
  return rows >= limits.large ? 'error' : severity;
}
