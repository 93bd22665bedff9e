import type { Rule } from '../../rule.ts';
import { ofKind } from '../../rule.ts';

/** An index that is wider than queries are. */
export const wideIndex: Rule = {
  id: 'wide-index',
  severity: 'info',
  flavors: 'all',
  summary: 'An index over more than three columns: costly to keep, and rarely used beyond its first ones.',
  isOptIn: true,
  check: (subject) => {
    const own = ofKind(subject, 'createIndex');
    if (!own || own.operation.index.unique || own.operation.index.parts.length <= 3) return null;
    return {
      message: `the index over ${own.operation.index.parts.length} columns is written with every row; queries use as many of its first columns as they compare`,
      help: ['Index the columns that tell rows apart best, the most selective first.'],
    };
  },
};
