import { conversionOf } from '../../../dialects/postgres/type-change.ts';
import { displayType, serialBase } from '../../../dialects/postgres/types.ts';
import type { Column, ColumnType } from '../../../schema/schema.ts';
import { displayRef, refKey } from '../../../schema/schema.ts';
import type { LintSubject, Rule } from '../../rule.ts';
import type { ActOf } from './reading/act.ts';
import { onOldTable } from './reading/acts-of.ts';

/** USING with the column itself converts nothing. */
const isBare = (using: string | null, column: string): boolean =>
  using === null || using.replaceAll('"', '').trim().toLowerCase() === column.toLowerCase();

const columnOf = ({ before }: LintSubject, { table, column }: ActOf<'change-type'>): Column | undefined =>
  before.tables.get(refKey(table))?.columns.find(({ name }) => name === column);

/** A serial is an integer with a default. */
const stored = (type: ColumnType): ColumnType => {
  const kind = serialBase(type);
  return kind === null ? type : { kind };
};

/** What nobody knows is taken for a rewrite. */
const rewrites = ({ to, using, column }: ActOf<'change-type'>, from: Column | undefined): boolean =>
  !from || conversionOf(stored(from.type), stored(to)).rewrites || !isBare(using, column);

/**
 * Types that are stored alike (varchar to text) change without a rewrite.
 * https://www.postgresql.org/docs/current/sql-altertable.html#SQL-ALTERTABLE-NOTES
 */
export const pgTypeRewrite: Rule = {
  id: 'pg-type-rewrite',
  severity: 'warning',
  flavors: ['postgres'],
  summary:
    'A column of a table in use gets a type that is stored differently; every row is written anew meanwhile.',
  check: (subject) => {
    const act = onOldTable(subject, 'change-type').find((one) => rewrites(one, columnOf(subject, one)));
    if (!act) return null;
    const { table, column } = act;
    const from = columnOf(subject, act);
    const was = from ? `${displayType(from.type)} to ` : '';
    return {
      message: `reads and writes of ${displayRef(table)} wait while every row is written anew (${column}: ${was}${displayType(act.to)}), and its indexes are built again`,
      help: [
        `Add a column of the new type beside ${column}, kept up to date by a trigger or by code.`,
        'Fill present rows in batches, each in a transaction of its own, and build its indexes concurrently.',
        `Rename ${column} out of the way and the new column to ${column}, in one revision; drop the old one later.`,
      ],
      table,
      cost: 'rewrite',
    };
  },
};
