import type { Rule } from '../../rule.ts';
import { typesIn } from './reading/types-in.ts';

/**
 * https://www.postgresql.org/docs/current/datatype-character.html
 */
export const pgVarcharLimit: Rule = {
  id: 'pg-varchar-limit',
  severity: 'info',
  flavors: ['postgres'],
  summary: 'A column is of type varchar(n): to shorten the limit later, the table is written anew.',
  isOptIn: true,
  check: (subject) => {
    const found = typesIn(subject).find(({ type }) => type.kind === 'varchar' && type.length !== null);
    if (!found) return null;
    return {
      message: `${found.column} has a limit in its type: making it shorter writes the table anew`,
      help: ['Use text with a check: a check is replaced without a rewrite.'],
    };
  },
};
