// Throw-away databases of SQLite: they live in memory.
// In: a statement. Out: whether it may run there. Must not know what the statement is for.

import type { ScratchSupport } from '../../dialect/scratch.ts';
import { firstKeywords } from '../../kernel/sql-text.ts';
import { sqliteSyntax } from './traits.ts';

/** What reaches files, whatever database it runs in. */
const reaching = /\b(?:load_extension|writefile|edit|fts3_tokenizer)\s*\(/i;

/** `ScratchSupport` of SQLite. */
export const sqliteScratch: ScratchSupport = {
  series: () => 'sqlite',
  defaults: async () => ({}),
  setup: () => [],
  home: null,
  database: null,
  judge: (sql) => {
    const [first, second] = firstKeywords(sql, sqliteSyntax);
    if (first === 'attach') return { kind: 'refuse', reason: 'it opens another database' };
    if (first === 'vacuum' && second !== undefined) return { kind: 'refuse', reason: 'it may write a file' };
    if (reaching.test(sql)) return { kind: 'refuse', reason: 'it may reach files' };
    return first === 'vacuum' ? { kind: 'skip' } : { kind: 'run', sql };
  },
};
