import { isDataSql, plainSql } from '../../raw-sql.ts';
import type { Rule } from '../../rule.ts';

/** A raw statement whose effect is not known. */
export const rawSqlUnparsed: Rule = {
  id: 'raw-sql-unparsed',
  severity: 'info',
  flavors: 'all',
  summary: 'Nobody knows what a raw statement does to the schema; no rule has looked at that.',

  check: (subject) => {
    const { operation } = subject;
    if (operation.kind !== 'execute' || operation.effect !== null) return null;
    const sql = plainSql(subject) ?? '';
    if (isDataSql(sql)) return null;
    return {
      message: 'what the statement does to the schema is not known here, so that rules about it stay silent',
      help: [
        'Give lint a server: `surefoot lint --url …` tries the statement on a throw-away database.',
        'Or say it: op.execute(…, { effect: (op) => … }).',
      ],
    };
  },
};
