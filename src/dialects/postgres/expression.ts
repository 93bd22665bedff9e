// Expressions compared as text: two spellings become one only where they surely mean the same.
// In: an expression in PostgreSQL's SQL, the table it belongs to. Out: the folded text. Must not know a server.

import type { Table } from '../../schema/schema.ts';
import type { ExpressionContext } from './expression-fold.ts';
import { fold } from './expression-fold.ts';
import { parseExpression } from './expression-parse.ts';
import { tokensOf } from './expression-tokens.ts';
import { write } from './expression-write.ts';
import { displayType } from './types.ts';

export type { ExpressionContext } from './expression-fold.ts';

/** The context of a table's own expressions. Its types are folded already. */
export function expressionContext(table: Table): ExpressionContext {
  const columns = table.columns.map((column): [string, string] => [column.name, typeIn(column.type)]);
  return { table: table.name, columns: new Map(columns) };
}

function typeIn(type: Table['columns'][number]['type']): string {
  if (type.kind === 'native' && typeof type.sql !== 'string' && type.sql.postgres === undefined) return '';
  return displayType(type);
}

const marks = /'(?:[^']|'')*'|"(?:[^"]|"")*"|[()]/g;

/** Where the first parenthesis closes. */
function firstClose(text: string): number {
  let depth = 0;
  for (const mark of text.matchAll(marks)) {
    if (mark[0] === '(') depth += 1;
    if (mark[0] === ')') depth -= 1;
    if (depth === 0) return mark.index;
  }
  return -1;
}

/** `((a) > (b))` without the parentheses around all of it. */
function bare(sql: string): string {
  const text = sql.trim();
  return text.startsWith('(') && firstClose(text) === text.length - 1 ? bare(text.slice(1, -1)) : text;
}

/** The expression in its folded form: by its tree where it has one, else without outer parentheses. */
export function foldExpression(sql: string, context: ExpressionContext): string {
  const tokens = tokensOf(sql);
  const tree = tokens === null ? null : parseExpression(tokens);
  return tree === null ? bare(sql) : write(fold(tree, context));
}

/** A whole statement (a view's SELECT, CREATE TRIGGER): only what ends it is folded; `spell` settles the rest. */
export function foldStatement(sql: string): string {
  return sql.trim().replace(/;\s*$/, '').trim();
}

const identifier = /'(?:[^']|'')*'|"((?:[^"]|"")*)"|([\p{L}_][\p{L}\p{N}_$]*)/gu;

/** Every identifier that a text mentions, as the server reads it. Names inside of strings (`'seq'::regclass`) count too. */
export function identifiersIn(sql: string): ReadonlySet<string> {
  const found = new Set<string>();
  for (const [whole, quoted, word] of sql.matchAll(identifier)) {
    if (quoted !== undefined) found.add(quoted.replaceAll('""', '"'));
    else if (word !== undefined) found.add(word.toLowerCase());
    else for (const name of identifiersIn(whole.slice(1, -1).replaceAll("''", "'"))) found.add(name);
  }
  return found;
}
