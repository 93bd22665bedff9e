import { nameOf } from '../../parts.ts';
import type { LintSubject, Rule } from '../../rule.ts';
import { ofKind } from '../../rule.ts';

const isVolatile = /\b(?:uuid|uuid_short|sys_guid|rand|random_bytes)\s*\(/i;

/** MariaDB computes a constant once, and puts it beside the rows. */
function isInstant(sql: string, { traits }: LintSubject): boolean {
  if (/^\(?\s*(?:current_timestamp|now|localtime|localtimestamp)\b/i.test(sql)) return true;
  return traits.flavor === 'mariadb' && !isVolatile.test(sql);
}

/** ADD COLUMN DEFAULT (expression). */
export const myExpressionDefault: Rule = {
  id: 'my-expression-default',
  severity: 'warning',
  flavors: ['mysql', 'mariadb'],
  summary: 'A column comes with a default that has to be computed; every row is written for it.',

  check: (subject) => {
    const own = ofKind(subject, 'addColumn');
    if (!own || own.isNew(own.operation.table)) return null;
    const { table, column } = own.operation;
    if (column.default?.kind !== 'expression' || isInstant(column.default.sql, subject)) return null;
    const isRefused = subject.traits.flavor === 'mysql' && isVolatile.test(column.default.sql);
    return {
      message: isRefused
        ? `the server may refuse it (error 1674): a value that differs from row to row cannot be replicated as a statement`
        : `${nameOf(table)} is copied to compute the default for every row`,
      help: [
        'Add the column without a default, or with a literal.',
        `Fill it in batches, then: op.alterColumn('${nameOf(table)}', '${column.name}', { default: sql(…) }).`,
      ],
      table,
      cost: 'rewrite',
    };
  },
};
