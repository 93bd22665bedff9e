import type { Rule } from '../../rule.ts';
import { actsOfKind } from './reading/acts-of.ts';

/**
 * https://www.postgresql.org/docs/release/14.4/
 */
export const pgIndexCorruption14: Rule = {
  id: 'pg-index-corruption-14',
  severity: 'error',
  flavors: ['postgres'],
  summary: 'An index is built concurrently on PostgreSQL 14.0 to 14.3, where it may come out corrupt.',
  check: (subject) => {
    const [major, minor] = subject.traits.version;
    if (major !== 14 || minor >= 4) return null;
    const acts = actsOfKind(subject, 'create-index', 'reindex');
    if (!acts.some(({ concurrently }) => concurrently)) return null;
    return {
      message: `on PostgreSQL 14.${minor} an index that is built concurrently may miss rows that were updated meanwhile`,
      help: ['Bring the server to 14.4 or later first.'],
    };
  },
};
