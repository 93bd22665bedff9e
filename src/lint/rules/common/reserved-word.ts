import { newNames } from '../../new-names.ts';
import type { Rule } from '../../rule.ts';

/** Words that the standard or one of the servers reserves. */
const reserved = new Set(
  `all alter analyze and any array as asc between both by case cast check collate column constraint create cross
  current_date current_time current_timestamp current_user default delete desc distinct drop else end except exists
  explain false fetch for foreign from full grant group groups having in index inner insert intersect interval into is
  join key keys leading left like limit lock natural not null offset on only or order outer over primary rank read
  references release return right row rows schema select session_user set show some table then to trailing trigger
  true union unique update user using values when where window with write`.split(/\s+/),
);

/** A name that SQL has taken. */
export const reservedWord: Rule = {
  id: 'reserved-word',
  severity: 'info',
  flavors: 'all',
  summary: 'A name is a word of SQL; raw queries must quote it.',
  isOptIn: true,
  check: (subject) => {
    const word = newNames(subject.operation).find((name) => reserved.has(name.toLowerCase()));
    if (word === undefined) return null;
    return {
      message: `${word} is a word of SQL: whoever writes it without quotes gets an error, or something else`,
      help: ['Choose another name, like the plural, or one that says more.'],
    };
  },
};
