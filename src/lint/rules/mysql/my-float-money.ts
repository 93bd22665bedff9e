import type { ColumnType } from '../../../schema/schema.ts';
import { newColumns } from '../../new-columns.ts';
import type { Rule } from '../../rule.ts';

const amount = /(?:^|_)(?:price|amount|total|sum|balance|cost|fee|tax|salary|money)(?:_|$)/i;

function isFraction(type: ColumnType): boolean {
  if (type.kind === 'real' || type.kind === 'double') return true;
  return type.kind === 'native' && /^(?:float|double|real)\b/i.test(String(type.sql));
}

/** REAL or DOUBLE for money. */
export const myFloatMoney: Rule = {
  id: 'my-float-money',
  severity: 'info',
  flavors: ['mysql', 'mariadb'],
  summary: 'An amount of money in a binary fraction: sums are off by a little.',

  check: (subject) => {
    const column = newColumns(subject.operation).find(
      ({ name, type }) => isFraction(type) && amount.test(name),
    );
    if (!column) return null;
    return {
      message: `${column.name} looks like an amount, and a binary fraction does not hold 0.10: sums are off, and equal amounts are not equal`,
      help: ['Make it t.numeric(12, 2), or count the smallest unit in t.bigint().'],
    };
  },
};
