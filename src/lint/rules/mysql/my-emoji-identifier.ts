import { plainSql } from '../../raw-sql.ts';
import type { Rule } from '../../rule.ts';

/** A name with an emoji. */
export const myEmojiIdentifier: Rule = {
  id: 'my-emoji-identifier',
  severity: 'error',
  flavors: ['mysql', 'mariadb'],
  summary: 'A name holds a character beyond the basic ones; MySQL stores a question mark.',

  check: (subject) => {
    const name = /[^\s.,()"]*[\u{10000}-\u{10ffff}][^\s.,()"]*/u.exec(plainSql(subject) ?? '')?.[0];
    if (name === undefined) return null;
    return {
      message: `names hold characters of up to three bytes: MySQL makes ${name.replaceAll(/[\u{10000}-\u{10ffff}]/gu, '?')} of it in silence, MariaDB refuses (error 1300)`,
      help: ['Choose a name without it.'],
    };
  },
};
