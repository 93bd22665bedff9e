// Cuts a script into statements.
// In: SQL text and its syntax. Out: statements with their lines. Must not know what they do.

import type { CompoundTracker } from './sql-compound.ts';
import { trackCompound } from './sql-compound.ts';
import type { SqlScanner, SqlSyntax, SqlToken } from './sql-scan.ts';
import { isCode, openScanner } from './sql-scan.ts';

/** A statement without its delimiter and without the comments around it; `line` counts from 1. */
export interface SqlStatement {
  readonly sql: string;
  readonly line: number;
}

interface Script {
  readonly sql: string;
  readonly syntax: SqlSyntax;
  readonly scanner: SqlScanner;
  delimiter: string;
}

/** Counts lines while offsets only grow. */
function lineCounter(text: string): (offset: number) => number {
  let line = 1;
  let next = text.indexOf('\n');
  return (offset) => {
    for (; next >= 0 && next < offset; next = text.indexOf('\n', next + 1)) line++;
    return line;
  };
}

/** Takes a line `DELIMITER //` in, which the mysql client understands and no server does. */
function takeDelimiterLine(script: Script, token: SqlToken): boolean {
  if (!script.syntax.hashComments || !/^delimiter$/i.test(token.text)) return false;
  const lineEnd = script.sql.indexOf('\n', token.end);
  const end = lineEnd < 0 ? script.sql.length : lineEnd;
  const delimiter = script.sql.slice(token.end, end).trim().split(/\s/)[0] ?? '';
  if (delimiter === '') return false;
  script.delimiter = delimiter;
  script.scanner.seek(end);
  return true;
}

/** Where the delimiter stands in or at a token; -1: not there. Text in quotes never holds it. */
function delimiterIn(script: Script, token: SqlToken): number {
  if (token.kind === 'string' || token.kind === 'identifier') return -1;
  if (script.delimiter === ';') return token.text === ';' ? token.start : -1;
  if (script.sql.startsWith(script.delimiter, token.start)) return token.start;
  const inside = token.text.indexOf(script.delimiter);
  return inside < 0 ? -1 : token.start + inside;
}

interface Extent {
  /** Of the first code token; -1: there is none. */
  start: number;
  end: number;
  /** False at the end of the script. */
  more: boolean;
}

/** Takes a code token into the statement. True: it holds the delimiter, and the statement ends. */
function takeToken(script: Script, token: SqlToken, context: { extent: Extent; tracker: CompoundTracker }) {
  const { extent, tracker } = context;
  const delimiter = delimiterIn(script, token);
  const ends = delimiter >= 0 && !(script.delimiter === ';' && tracker.open);
  if (ends) script.scanner.seek(delimiter + script.delimiter.length);
  else if (token.kind !== 'marker') tracker.feed(token);
  if (ends && delimiter === token.start) return true;
  if (extent.start < 0) extent.start = token.start;
  extent.end = ends ? delimiter : token.end;
  return ends;
}

/** Reads up to the next delimiter. */
function readStatement(script: Script): Extent {
  const tracker = trackCompound(script.syntax);
  const extent: Extent = { start: -1, end: -1, more: false };
  for (let token = script.scanner.next(); token; token = script.scanner.next()) {
    if (!isCode(token)) continue;
    if (extent.start < 0 && takeDelimiterLine(script, token)) continue;
    if (takeToken(script, token, { extent, tracker })) return { ...extent, more: true };
  }
  return extent;
}

/**
 * Cuts a script at its semicolons, or at what `DELIMITER` says. A semicolon inside quotes, comments or the body of a
 * trigger or routine does not count. Comments stay inside a statement; what consists of comments only is left out.
 */
export function splitStatements(sql: string, syntax: SqlSyntax): readonly SqlStatement[] {
  const script: Script = { sql, syntax, scanner: openScanner(sql, syntax), delimiter: ';' };
  const lineOf = lineCounter(sql);
  const statements: SqlStatement[] = [];
  for (let more = true; more; ) {
    const extent = readStatement(script);
    more = extent.more;
    if (extent.start < 0) continue;
    statements.push({ sql: sql.slice(extent.start, extent.end), line: lineOf(extent.start) });
  }
  return statements;
}
