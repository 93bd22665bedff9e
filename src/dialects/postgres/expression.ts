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
  let columns: ReadonlyMap<string, string> | null = null;
  return {
    table: table.name,
    // Most tables have no expression that asks for it.
    get columns() {
      columns ??= new Map(table.columns.map((column) => [column.name, typeIn(column.type)]));
      return columns;
    },
  };
}

function typeIn(type: Table['columns'][number]['type']): string {
  if (type.kind === 'native' && typeof type.sql !== 'string' && type.sql.postgres === undefined) return '';
  return displayType(type);
}

const marks = /'(?:[^']|'')*'|"(?:[^"]|"")*"|[()]/g;

/** Where each parenthesis closes, by where it opens. */
function pairs(text: string): ReadonlyMap<number, number> {
  const open: number[] = [];
  const found = new Map<number, number>();
  for (const mark of text.matchAll(marks)) {
    if (mark[0] === '(') open.push(mark.index);
    const start = mark[0] === ')' ? open.pop() : undefined;
    if (start !== undefined) found.set(start, mark.index);
  }
  return found;
}

/** `((a) > (b))` without the parentheses around all of it. */
function bare(sql: string): string {
  const closes = pairs(sql);
  let start = 0;
  let end = sql.length;
  const trim = () => {
    while (start < end && /\s/.test(sql[start] ?? '')) start += 1;
    while (end > start && /\s/.test(sql[end - 1] ?? '')) end -= 1;
  };
  for (trim(); closes.get(start) === end - 1; trim()) {
    start += 1;
    end -= 1;
  }
  return sql.slice(start, end);
}

/** By its tree; `null` where it has none, or one too deep to walk. */
function foldedTree(sql: string, context: ExpressionContext): string | null {
  const tokens = tokensOf(sql);
  try {
    const tree = tokens === null ? null : parseExpression(tokens);
    return tree === null ? null : write(fold(tree, context));
  } catch (error) {
    if (error instanceof RangeError) return null;
    throw error;
  }
}

/** The expression in its folded form: by its tree where it has one, else without outer parentheses. */
export function foldExpression(sql: string, context: ExpressionContext): string {
  return foldedTree(sql, context) ?? bare(sql);
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
