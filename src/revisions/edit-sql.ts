// Puts other statements in the place of one, in a revision in SQL.
// In: its text, statements by their position. Out: the text. Must not know what they do.

import type { SqlStatement } from '../kernel/sql-text.ts';
import { splitStatements } from '../kernel/sql-text.ts';
import type { LoadTarget } from './loaded-revision.ts';
import type { SqlFile } from './sql-file.ts';
import { readSqlFile, sectionFor } from './sql-file.ts';

/** Statements instead of the one at a position of the upgrade. */
export interface StatementEdit {
  readonly position: number;
  /** The last one without its semicolon. */
  readonly sql: string;
}

/** The file as it is to become. */
export interface SqlEdit {
  readonly file: string;
  readonly target: LoadTarget;
  readonly edits: readonly StatementEdit[];
  /** True: what is put there must run outside a transaction. */
  readonly alone: boolean;
}

interface Upgrade {
  readonly file: SqlFile;
  /** Where the section's text begins. */
  readonly offset: number;
  readonly text: string;
  readonly statements: readonly SqlStatement[];
}

function lineOffset(text: string, line: number): number {
  let at = 0;
  for (let n = 0; n < line; n++) at = text.indexOf('\n', at) + 1 || text.length;
  return at;
}

function readUpgrade(text: string, file: string, target: LoadTarget): Upgrade | null {
  const read = readSqlFile(text, file);
  const section = sectionFor(read, { kind: 'upgrade', direction: 'upgrade' }, target);
  if (section === null) return null;
  const statements = splitStatements(section.text, target.syntax);
  return { file: read, offset: lineOffset(text, section.line), text: section.text, statements };
}

/** Why its statements cannot be told in other words; `null`: they can. */
export function sqlObstacle(text: string, file: string, target: LoadTarget): string | null {
  const read = readSqlFile(text, file);
  const effect = sectionFor(read, { kind: 'effect', direction: 'upgrade' }, target);
  return effect === null ? null : 'the file declares its effect, which would have to be declared anew';
}

/** True where there is nothing else in the file that would lose its transaction. */
export function standsAlone(text: string, file: string, target: LoadTarget): boolean {
  const read = readSqlFile(text, file);
  const isOne = (direction: 'upgrade' | 'downgrade') => {
    const section = sectionFor(read, { kind: direction, direction }, target);
    return section === null || splitStatements(section.text, target.syntax).length <= 1;
  };
  return read.transaction === 'none' || (isOne('upgrade') && isOne('downgrade'));
}

/** The file's text with a header line that says so. */
function withoutTransaction(text: string): string {
  const said = /^--[ \t]*transaction[ \t]*:.*$/im;
  if (said.test(text)) return text.replace(said, '-- transaction: none');
  const lines = text.split('\n');
  const marker = lines.findIndex((line) => /^--[ \t]*upgrade\b/i.test(line));
  const head = lines.slice(0, marker);
  const last = head.findLastIndex((line) => /^--[ \t]*[A-Za-z][A-Za-z -]*:/.test(line));
  return [...lines.slice(0, last + 1), '-- transaction: none', ...lines.slice(last + 1)].join('\n');
}

/** The text with the edits made, its line ends as they were; `null`: a statement is not found. */
export function editSql(raw: string, { file, target, edits, alone }: SqlEdit): string | null {
  const hasCrlf = raw.includes('\r\n');
  const text = raw.replaceAll('\r\n', '\n');
  if (hasCrlf && text.replaceAll('\n', '\r\n') !== raw) return null;
  const upgrade = readUpgrade(text.replace(/^\ufeff/, ' '), file, target);
  if (upgrade === null) return null;
  let result = text;
  for (const { position, sql } of edits.toSorted((a, b) => b.position - a.position)) {
    const statement = upgrade.statements[position];
    if (statement === undefined) return null;
    const at = upgrade.text.indexOf(statement.sql, lineOffset(upgrade.text, statement.line - 1));
    if (at < 0) return null;
    const start = upgrade.offset + at;
    result = result.slice(0, start) + sql + result.slice(start + statement.sql.length);
  }
  if (alone && upgrade.file.transaction !== 'none') result = withoutTransaction(result);
  return hasCrlf ? result.replaceAll('\n', '\r\n') : result;
}
