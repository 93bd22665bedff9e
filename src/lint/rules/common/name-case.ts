import { newNames } from '../../new-names.ts';
import type { Rule } from '../../rule.ts';

/** A name with capitals. */
export const nameCase: Rule = {
  id: 'name-case',
  severity: 'info',
  flavors: 'all',
  summary: 'A name in mixed case: servers and systems disagree on what it means without quotes.',
  isOptIn: true,
  check: (subject) => {
    const mixed = newNames(subject.operation).find((name) => name !== name.toLowerCase());
    if (mixed === undefined) return null;
    return {
      message: `${mixed} holds capitals: without quotes it is ${mixed.toLowerCase()} on PostgreSQL, and as a table of MySQL it depends on the file system`,
      help: [
        `Call it ${mixed.replaceAll(/(?<=[\p{Ll}\p{N}])(?=\p{Lu})/gu, '_').toLowerCase()}, and keep the other name in the model.`,
      ],
    };
  },
};
