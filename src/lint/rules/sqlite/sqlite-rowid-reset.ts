import type { Table } from '../../../schema/schema.ts';
import { nameOf, tableBefore } from '../../parts.ts';
import type { Rule } from '../../rule.ts';
import { rawRebuild } from './raw-rebuild.ts';

/** An integer that is the primary key is the number of the row; a table without row numbers has none to lose. */
function hasOwnNumber({ columns, primaryKey, options }: Table): boolean {
  const [first, ...more] = primaryKey?.columns ?? [];
  const column = columns.find(({ name }) => name === first);
  return (
    options['withoutRowid'] === true ||
    (more.length === 0 && ['integer', 'bigint', 'smallint'].includes(column?.type.kind ?? ''))
  );
}

/** The hidden rowid changes. */
export const sqliteRowidReset: Rule = {
  id: 'sqlite-rowid-reset',
  severity: 'info',
  flavors: ['sqlite'],
  summary: 'A table without an integer primary key is rebuilt by hand; its rows get other numbers.',

  check: (subject) => {
    const rebuild = rawRebuild(subject);
    const whole = rebuild && tableBefore(subject, rebuild.table);
    if (!rebuild || !whole || hasOwnNumber(whole)) return null;
    if (rebuild.statements.some((text) => /\b(?:rowid|_rowid_|oid)\b/i.test(text))) return null;
    return {
      message: `rows of ${nameOf(whole)} get new hidden numbers: whoever has kept a rowid finds another row`,
      help: [
        'Copy rowid, too: INSERT INTO … (rowid, …) SELECT rowid, ….',
        'Or say what changes: op.alterColumn(…) carries it over.',
      ],
    };
  },
};
