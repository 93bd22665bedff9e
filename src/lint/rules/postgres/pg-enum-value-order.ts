import type { Rule } from '../../rule.ts';
import { actsOfKind } from './reading/acts-of.ts';

/**
 * https://www.postgresql.org/docs/current/sql-altertype.html
 */
export const pgEnumValueOrder: Rule = {
  id: 'pg-enum-value-order',
  severity: 'info',
  flavors: ['postgres'],
  summary: 'An enum gets a value without a place; it is sorted behind all others.',
  check: (subject) => {
    const act = actsOfKind(subject, 'add-enum-value').find(({ isPlaced }) => !isPlaced);
    if (!act) return null;
    return {
      message: `'${act.value}' is sorted behind every other value of ${act.enum}, and cannot be moved later`,
      help: [
        `If its place matters: op.addEnumValue('${act.enum}', '${act.value}', { before: … } or { after: … }).`,
      ],
    };
  },
};
