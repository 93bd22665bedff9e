import { dependantsOf } from '../operations/drop-column.ts';
import { tableParts } from '../schema/parts.ts';
import type { Check, Index, PrimaryKey, Table, Unique } from '../schema/schema.ts';
import type { ColumnsPlan } from './columns.ts';
import { planColumns } from './columns.ts';
import type { Judge, PartsPlan, Settle, UnsurePair } from './judge.ts';
import { openJudge, planParts } from './judge.ts';
import type { TableSides } from './pair.ts';

/** What becomes of a table that stays, but for its foreign keys. */
export interface TablePlan {
  readonly sides: TableSides;
  readonly judge: Judge;
  readonly columns: ColumnsPlan;
  readonly primaryKey: PartsPlan<PrimaryKey>;
  readonly uniques: PartsPlan<Unique>;
  readonly checks: PartsPlan<Check>;
  readonly indexes: PartsPlan<Index>;
  /** Parts as they are that cannot live through what becomes of the columns. */
  readonly lost: ReadonlySet<object>;
  /** Parts as they should be that would be taken for dependants of columns which are still to go. */
  readonly late: ReadonlySet<object>;
  /** True: the primary key must go before columns are altered. */
  readonly dropsKeyFirst: boolean;
}

function dependants(table: Table, columns: readonly string[]): ReadonlySet<object> {
  const lists = columns.map((column) => dependantsOf(table, column));
  return new Set(
    lists.flatMap((list) => [...list.uniques, ...list.foreignKeys, ...list.checks, ...list.indexes]),
  );
}

/** Columns that servers drop and add again when what computes them changes. */
function recomputed(columns: ColumnsPlan): readonly string[] {
  return columns.altered
    .filter(({ changes }) => changes.generated !== undefined)
    .map(({ wanted }) => wanted.name);
}

export interface PlanNotes {
  readonly settle: Settle;
  readonly unsure: UnsurePair[];
}

/** Plans what turns a table into another of the same name, without regard to other tables. */
export function planTable(sides: TableSides, notes: PlanNotes): TablePlan {
  const { actual, wanted } = sides;
  const judge = openJudge({ ...notes, parts: [...tableParts(actual), ...tableParts(wanted)] });
  const columns = planColumns(sides, judge);
  const gone = columns.dropped.map((column) => column.name);
  const again = recomputed(columns);
  const lost = dependants(actual, [...gone, ...again]);
  const aside = (part: object) => lost.has(part);
  const computed = columns.dropped.filter((column) => column.generated !== null).map((column) => column.name);
  const dropsKeyFirst =
    actual.primaryKey?.columns.some((column) => [...again, ...computed].includes(column)) ?? false;
  const keys = {
    wanted: wanted.primaryKey ? [wanted.primaryKey] : [],
    actual: actual.primaryKey ? [actual.primaryKey] : [],
  };
  return {
    sides,
    judge,
    columns,
    primaryKey: planParts(keys, judge, () => dropsKeyFirst),
    uniques: planParts({ wanted: wanted.uniques, actual: actual.uniques }, judge, aside),
    checks: planParts({ wanted: wanted.checks, actual: actual.checks }, judge, aside),
    indexes: planParts({ wanted: wanted.indexes, actual: actual.indexes }, judge, aside),
    lost,
    late: dependants(
      wanted,
      gone.filter((column) => !computed.includes(column)),
    ),
    dropsKeyFirst,
  };
}
