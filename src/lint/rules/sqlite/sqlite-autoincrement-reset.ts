import { nameOf, tableBefore } from '../../parts.ts';
import type { Rule } from '../../rule.ts';
import { rawRebuild } from './raw-rebuild.ts';

/** The sequence of an AUTOINCREMENT table goes. */
export const sqliteAutoincrementReset: Rule = {
  id: 'sqlite-autoincrement-reset',
  severity: 'warning',
  flavors: ['sqlite'],
  summary: 'A table with AUTOINCREMENT is rebuilt by hand; numbers of deleted rows are given out again.',

  check: (subject) => {
    const rebuild = rawRebuild(subject);
    const options = rebuild ? tableBefore(subject, rebuild.table)?.options : undefined;
    if (!rebuild || options?.['autoincrement'] !== true) return null;
    if (rebuild.statements.some((text) => /sqlite_sequence/i.test(text))) return null;
    return {
      message: `the counter of ${nameOf(rebuild.table)} falls back to its largest number: those of rows that were deleted are given out again`,
      help: [
        "Copy the counter: INSERT INTO sqlite_sequence SELECT 'new_…', seq FROM sqlite_sequence WHERE name = ….",
        'Or say what changes: op.alterColumn(…) carries it over.',
      ],
    };
  },
};
