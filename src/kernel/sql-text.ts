// SQL as text: tokens, statements, comparison. In: text and a family's syntax. Out: text.
// Must not know a dialect: who has one hands its syntax in.

import type { SqlSyntax, SqlToken } from './sql-scan.ts';
import { isCode, openScanner } from './sql-scan.ts';

export type { SqlSyntax, SqlToken, SqlTokenKind } from './sql-scan.ts';
export { isCode, tokenize } from './sql-scan.ts';
export type { SqlStatement } from './sql-split.ts';
export { splitStatements } from './sql-split.ts';

/** Names that mean something else, or nothing, without their quotes. */
const reserved = new Set(
  `all analyse analyze and any array as asc asymmetric authorization between binary both by case cast check collate
  collation column concurrently constraint create cross current_catalog current_date current_role current_schema
  current_time current_timestamp current_user default deferrable desc distinct div do else end except exists false
  fetch for foreign freeze from full glob grant group having if ilike in initially inner intersect interval into is
  isnull join key lateral leading left like limit localtime localtimestamp match mod natural new not notnull null
  offset old on only or order outer over overlaps placing primary raise references regexp returning right rlike row
  select session_user set similar some symmetric system_user table tablesample then to trailing true union unique
  unknown update user using utc_date utc_time utc_timestamp values variadic verbose when where window with xor`.split(
    /\s+/,
  ),
);

/** The text between the quotes of an identifier. */
function unquoted(token: string): string {
  const close = token.at(-1) ?? '';
  return token.slice(1, -1).replaceAll(close + close, close);
}

function canonicalIdentifier(token: string, syntax: SqlSyntax): string {
  if (/^u&/i.test(token)) return token;
  const name = syntax.dollarQuotes ? unquoted(token) : unquoted(token).toLowerCase();
  if (/^[a-z_][a-z0-9_]*$/.test(name) && !reserved.has(name)) return name;
  return `"${name.replaceAll('"', '""')}"`;
}

function canonicalToken(token: SqlToken, syntax: SqlSyntax): string {
  if (token.kind === 'identifier') return canonicalIdentifier(token.text, syntax);
  return token.kind === 'string' ? token.text : token.text.toLowerCase();
}

/**
 * A spelling that is equal for two texts only if they surely mean the same: without comments, spaces, the case of
 * words and needless quotes around identifiers; strings and the order of tokens stay as they are. Where the server
 * minds the case of a bare table name (MySQL on Linux), two names that differ in nothing else are taken as one.
 */
export function canonicalText(sql: string, syntax: SqlSyntax): string {
  const parts: string[] = [];
  const scanner = openScanner(sql, syntax);
  for (let token = scanner.next(); token; token = scanner.next()) {
    if (isCode(token)) parts.push(canonicalToken(token, syntax));
  }
  while (parts.at(-1) === ';') parts.pop();
  return parts.join(' ');
}

/** The bare words a statement starts with, in lower case, at most eight; reads no further than that. */
export function firstKeywords(sql: string, syntax: SqlSyntax): readonly string[] {
  const words: string[] = [];
  const scanner = openScanner(sql, syntax);
  for (let token = scanner.next(); token && words.length < 8; token = scanner.next()) {
    if (token.kind === 'word') words.push(token.text.toLowerCase());
    else if (isCode(token) && token.kind !== 'marker' && !(words.length === 0 && token.text === '(')) break;
  }
  return words;
}
