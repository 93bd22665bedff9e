import type { Rule } from '../../rule.ts';
import { typesIn } from './reading/types-in.ts';

/**
 * https://www.postgresql.org/docs/current/datatype-character.html
 */
export const pgCharType: Rule = {
  id: 'pg-char-type',
  severity: 'info',
  flavors: ['postgres'],
  summary: 'A column is of type char(n): it is padded with blanks.',
  isOptIn: true,
  check: (subject) => {
    const found = typesIn(subject).find(({ type }) => type.kind === 'char');
    if (!found) return null;
    return {
      message: `${found.column} is padded with blanks up to its length, which comparisons pass over`,
      help: ['Use text, with a check where the length matters.'],
    };
  },
};
