import type { Rule } from '../../rule.ts';
import { typesIn } from './reading/types-in.ts';

/**
 * https://www.postgresql.org/docs/current/datatype-datetime.html
 */
export const pgTimestampWithoutTz: Rule = {
  id: 'pg-timestamp-without-tz',
  severity: 'info',
  flavors: ['postgres'],
  summary: 'A column is of type timestamp without time zone: it does not say which moment it means.',
  isOptIn: true,
  check: (subject) => {
    const found = typesIn(subject).find(({ type }) => type.kind === 'timestamp' && !type.zone);
    if (!found) return null;
    return {
      message: `${found.column} holds a time of day in no time zone: the session that reads it decides what it means`,
      help: ['Use timestamptz: t.timestamp({ zone: true }).'],
    };
  },
};
