import type { SqlSyntax } from '../../../kernel/sql-text.ts';
import { tokenize } from '../../../kernel/sql-text.ts';
import { displayRef } from '../../../schema/schema.ts';
import type { Rule } from '../../rule.ts';
import { onOldTable } from './reading/acts-of.ts';

/** Functions whose value is the same for all rows of a statement. What is not among them counts as volatile. */
const stable: ReadonlySet<string> = new Set(
  `now transaction_timestamp statement_timestamp current_timestamp localtimestamp current_time localtime current_setting
  to_timestamp date_trunc timezone lower upper length coalesce concat md5 abs round floor ceil ceiling greatest least nullif
  json_build_object jsonb_build_object jsonb_build_array to_json to_jsonb array_fill make_date make_interval make_timestamp
  make_timestamptz make_time cast extract date_part decode encode repeat replace interval numeric varchar char character
  timestamp timestamptz time bit varbit decimal`.split(/\s+/),
);

function mayBeVolatile(sql: string, syntax: SqlSyntax): boolean {
  const tokens = tokenize(sql, syntax).filter(({ kind }) => kind !== 'space' && kind !== 'comment');
  return tokens.some(({ kind, text }, i) => {
    if ((kind !== 'word' && kind !== 'identifier') || tokens[i + 1]?.text !== '(') return false;
    return !stable.has(text.toLowerCase());
  });
}

/**
 * A constant default, or now(), is kept once for all rows; a volatile one is computed for each.
 * https://www.postgresql.org/docs/current/sql-altertable.html#SQL-ALTERTABLE-NOTES
 */
export const pgVolatileDefault: Rule = {
  id: 'pg-volatile-default',
  severity: 'warning',
  flavors: ['postgres'],
  summary:
    'A column is added with a default that differs from row to row; every row is written anew meanwhile.',
  check: (subject) => {
    const act = onOldTable(subject, 'add-column').find((one) =>
      mayBeVolatile(one.column.defaultSql ?? '', subject.syntax),
    );
    if (!act) return null;
    const { table, column } = act;
    return {
      message: `reads and writes of ${displayRef(table)} wait while every row is written anew for the default of ${column.name}`,
      help: [
        `Add ${column.name} without the default.`,
        `Give it the default, which is for new rows: op.alterColumn('${displayRef(table)}', '${column.name}', { default: … }).`,
        'Fill present rows in batches, each in a transaction of its own.',
      ],
      table,
      cost: 'rewrite',
    };
  },
};
