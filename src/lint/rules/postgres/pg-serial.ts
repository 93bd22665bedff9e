import type { Rule } from '../../rule.ts';
import { isSerial, typesIn } from './reading/types-in.ts';

/**
 * https://www.postgresql.org/docs/current/ddl-identity-columns.html
 */
export const pgSerial: Rule = {
  id: 'pg-serial',
  severity: 'info',
  flavors: ['postgres'],
  summary: 'A column is of type serial: its sequence has rights and a life of its own.',
  isOptIn: true,
  check: (subject) => {
    const found = typesIn(subject).find(({ type }) => isSerial(type));
    if (!found) return null;
    return {
      message: `${found.column} is serial: its sequence needs grants of its own, and anybody may write numbers past it`,
      help: ['Use an identity: t.integer().identity().'],
    };
  },
};
