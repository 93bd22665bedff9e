import type { Rule } from '../../rule.ts';
import { isNative, typesIn } from './reading/types-in.ts';

/**
 * https://www.postgresql.org/docs/current/datatype-json.html
 */
export const pgJsonColumn: Rule = {
  id: 'pg-json-column',
  severity: 'info',
  flavors: ['postgres'],
  summary: 'A column is of type json: it has no equality, and is parsed at every read.',
  check: (subject) => {
    const found = typesIn(subject).find(({ type }) => isNative(type, 'json'));
    if (!found) return null;
    return {
      message: `${found.column} is json: DISTINCT, GROUP BY and UNION fail on it, and no index serves it`,
      help: ['Use jsonb: t.json().'],
    };
  },
};
