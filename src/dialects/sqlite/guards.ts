// What keeps a session safe: around a rebuild, and inside the transaction of a data step.
// In: statements and settings. Out: SQL, or a reason against a statement. Must not know a connection.

import type { Row } from '../../dialect/connection.ts';
import type { RebuildGuard } from '../../dialect/dialect.ts';
import { numberOf } from '../../dialect/rows.ts';
import { literal } from './quote.ts';
import { isSymbol, isWord, tokenize } from './tokens.ts';

const settings = ['foreign_keys', 'legacy_alter_table'] as const;

const value = (setting: string) => `(SELECT ${setting} FROM pragma_${setting})`;

function leave(state: Row | undefined): readonly string[] {
  // What nobody read is put back to what a session of Surefoot has.
  const usual = { foreign_keys: 1, legacy_alter_table: 0 };
  return settings.map(
    (setting) => `PRAGMA ${setting} = ${(numberOf(state, setting) ?? usual[setting]) === 1 ? 'ON' : 'OFF'}`,
  );
}

/** `Dialect.rebuild` of SQLite. Inside a transaction the first setting cannot be changed, and nothing says so. */
export const rebuildGuard: RebuildGuard = {
  state: `SELECT ${settings.map((setting) => `${value(setting)} AS ${setting}`).join(', ')}`,
  enter: ['PRAGMA foreign_keys = OFF', 'PRAGMA legacy_alter_table = ON'],
  refusal: `SELECT 'the session keeps its settings' AS refusal
    WHERE ${value('foreign_keys')} <> 0 OR ${value('legacy_alter_table')} <> 1`,
  // A virtual table has no references, and cannot be asked for them where its module is not loaded.
  referrers: `SELECT m.name AS name FROM main.sqlite_schema AS m
    WHERE m.type = 'table' AND m.sql NOT LIKE 'CREATE VIRTUAL%' AND EXISTS (SELECT 1 FROM pragma_foreign_key_list(m.name))`,
  // Table by table: one whose references cannot be looked up would hide those of all others.
  violations: (
    table,
  ) => `SELECT "table" || coalesce(' row ' || rowid, '') || ' refers to no row of ' || parent AS violation
    FROM pragma_foreign_key_check(${literal(table)}, 'main') LIMIT 100`,
  isKeyless: (message) => /foreign key mismatch/i.test(message),
  leave,
};

const ending = ['BEGIN', 'COMMIT', 'END', 'VACUUM', 'ATTACH', 'DETACH'];

/** Settings that a database keeps, and which a rollback takes back. */
const kept = ['USER_VERSION', 'APPLICATION_ID'];

/** `Dialect.refuseInData` of SQLite. DDL may stand there: it is undone like anything else. */
export function refuseInData(sql: string): string | null {
  const tokens = tokenize(sql);
  const [first, second, third, fourth] = tokens;
  const word = ending.find((one) => isWord(first, one));
  if (word !== undefined) return `${word} does not belong inside the transaction of the step`;
  if (isWord(first, 'ROLLBACK')) {
    const partial = isWord(second, 'TO') || (isWord(second, 'TRANSACTION') && isWord(third, 'TO'));
    return partial ? null : 'ROLLBACK would undo what was done before it, and its journal entry';
  }
  if (!isWord(first, 'PRAGMA') || !tokens.some((token) => isSymbol(token, '='))) return null;
  const setting = (isSymbol(third, '.') ? fourth : second)?.value ?? '';
  return kept.includes(setting.toUpperCase()) ? null : `PRAGMA ${setting} is not undone with the transaction`;
}
