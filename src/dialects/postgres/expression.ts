// Expressions compared as text: two spellings become one only where they surely mean the same.
// In: an expression in PostgreSQL's SQL, the table it belongs to. Out: the folded text. Must not know a server.

import type { Table } from '../../schema/schema.ts';

/** What an expression may refer to. */
export interface ExpressionContext {
  readonly table: string | null;
  readonly columns: ReadonlyMap<string, string>;
}

/** The context of a table's own expressions. */
export function expressionContext(table: Table): ExpressionContext {
  return {
    table: table.name,
    columns: new Map(table.columns.map((column) => [column.name, column.type.kind])),
  };
}

/** The expression in its folded form. */
export function foldExpression(sql: string, _context: ExpressionContext): string {
  return sql.trim();
}

/** A whole statement (a view's SELECT, CREATE TRIGGER) in its folded form. */
export function foldStatement(sql: string): string {
  return sql.trim().replace(/;\s*$/, '').trim();
}

const identifier = /'(?:[^']|'')*'|"((?:[^"]|"")*)"|([\p{L}_][\p{L}\p{N}_$]*)/gu;

/** Every identifier that a text mentions, as the server reads it. Names inside of strings (`'seq'::regclass`) count too. */
export function identifiersIn(sql: string): ReadonlySet<string> {
  const found = new Set<string>();
  for (const [whole, quoted, bare] of sql.matchAll(identifier)) {
    if (quoted !== undefined) found.add(quoted.replaceAll('""', '"'));
    else if (bare !== undefined) found.add(bare.toLowerCase());
    else for (const name of identifiersIn(whole.slice(1, -1).replaceAll("''", "'"))) found.add(name);
  }
  return found;
}
