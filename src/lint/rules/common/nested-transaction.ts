import { inSql } from '../../raw-sql.ts';
import type { Rule } from '../../rule.ts';

/** A statement that meddles with transactions. */
export const nestedTransaction: Rule = {
  id: 'nested-transaction',
  severity: 'error',
  flavors: 'all',
  summary: 'A revision begins or ends a transaction by itself; Surefoot does that around it.',

  check: (subject) => {
    const raw = inSql(subject, /^(BEGIN|START TRANSACTION|COMMIT|ROLLBACK|END|ABORT|SAVEPOINT|RELEASE)\b/i);
    if (!raw?.[1]) return null;
    return {
      message: `${raw[1].toUpperCase()} meddles with the transaction that Surefoot holds around the step and its journal`,
      help: [
        'Leave it out: what can stand in a transaction does.',
        'A statement that must stand outside: op.execute(…, { transaction: false }).',
      ],
    };
  },
};
