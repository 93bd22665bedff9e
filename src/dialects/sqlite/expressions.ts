// Expressions: folded so that two spellings of one become the same text, and asked for what they mention.
// In: SQL text and the names of a table. Out: text. Must not know what an expression computes.

import { isCallKeyword, isExpressionKeyword, isReserved } from './keywords.ts';
import { foldName, literal, sameName, spellIdentifier } from './quote.ts';
import { isName, isSymbol, isWord, type Token, tokenize } from './tokens.ts';

/** The names that an expression may mention. */
export interface Names {
  readonly table: string;
  /** The columns by folded name. */
  readonly columns: ReadonlyMap<string, string>;
}

export function namesOf(table: {
  readonly name: string;
  readonly columns: readonly { name: string }[];
}): Names {
  return { table: table.name, columns: new Map(table.columns.map(({ name }) => [foldName(name), name])) };
}

const symbols: Readonly<Record<string, string>> = { '==': '=', '!=': '<>' };

/** A token with the text that it is written as once folded. */
interface Piece {
  readonly text: string;
  readonly kind: 'name' | 'call' | 'keyword' | 'value' | 'symbol';
}

function columnPiece(token: Token, names: Names): Piece | null {
  const column = names.columns.get(foldName(token.value));
  return column === undefined ? null : { text: spellIdentifier(column), kind: 'name' };
}

function wordPiece(token: Token, next: Token | undefined, names: Names): Piece {
  if (isExpressionKeyword(token.text)) {
    const call = isCallKeyword(token.text) && isSymbol(next, '(');
    return { text: token.text.toUpperCase(), kind: call ? 'call' : 'keyword' };
  }
  if (isSymbol(next, '(')) return { text: foldName(token.text), kind: 'call' };
  return columnPiece(token, names) ?? { text: token.text, kind: 'name' };
}

/** True for a name in double quotes that can be nothing but a string: SQLite takes "x" so where x is no column. */
function isString(tokens: readonly Token[], at: number): boolean {
  const [before, token, next] = [tokens[at - 1], tokens[at], tokens[at + 1]];
  if (token === undefined || !token.text.startsWith('"')) return false;
  if (/^(rowid|_rowid_|oid)$/i.test(token.value)) return false;
  const named = isWord(before, 'COLLATE') || isWord(before, 'AS') || isSymbol(before, '.');
  return !named && !isSymbol(next, '.') && !isSymbol(next, '(');
}

interface Place {
  readonly tokens: readonly Token[];
  readonly at: number;
  readonly names: Names;
}

function toPiece(token: Token, { tokens, at, names }: Place): Piece {
  if (token.kind === 'word') return wordPiece(token, tokens[at + 1], names);
  if (token.kind === 'quoted') {
    const text = isString(tokens, at) ? literal(token.value) : token.text;
    return columnPiece(token, names) ?? { text, kind: 'name' };
  }
  if (token.kind === 'symbol') return { text: symbols[token.text] ?? token.text, kind: 'symbol' };
  return { text: token.kind === 'string' ? token.text : foldName(token.text), kind: 'value' };
}

/** Leaves out the table's own name before its columns: a rebuilt table has another name for a while. */
function withoutOwnTable(tokens: readonly Token[], names: Names): readonly Token[] {
  const isOwn = (at: number) =>
    isName(tokens[at]) &&
    sameName(tokens[at].value, names.table) &&
    isSymbol(tokens[at + 1], '.') &&
    isName(tokens[at + 2]) &&
    !isSymbol(tokens[at - 1], '.');
  return tokens.filter((_, at) => !isOwn(at) && !isOwn(at - 1));
}

function closes(tokens: readonly Token[]): number {
  let depth = 0;
  for (const [at, token] of tokens.entries()) {
    if (isSymbol(token, '(')) depth += 1;
    if (isSymbol(token, ')')) depth -= 1;
    if (depth === 0) return at;
  }
  return -1;
}

/** Leaves out parentheses around the whole. */
function withoutOuterParentheses(tokens: readonly Token[]): readonly Token[] {
  let inner = tokens;
  while (inner.length > 2 && isSymbol(inner[0], '(') && closes(inner) === inner.length - 1) {
    // `(1, 2)` is a row value, and `(SELECT …)` is nothing without them.
    const body = inner.slice(1, -1);
    if (isWord(body[0], 'SELECT') || isWord(body[0], 'WITH') || hasTopLevelComma(body)) break;
    inner = body;
  }
  return inner;
}

function hasTopLevelComma(tokens: readonly Token[]): boolean {
  let depth = 0;
  return tokens.some((token) => {
    if (isSymbol(token, '(')) depth += 1;
    if (isSymbol(token, ')')) depth -= 1;
    return depth === 0 && isSymbol(token, ',');
  });
}

function isSign(piece: Piece | undefined): boolean {
  return piece?.kind === 'symbol' && /^[-+~]$/.test(piece.text);
}

/** True for the sign of a value: nothing stands before it that could be an operand. */
function isUnary(pieces: readonly Piece[], at: number): boolean {
  const before = pieces[at - 1];
  if (!isSign(pieces[at])) return false;
  if (before === undefined || before.kind === 'keyword') return true;
  return before.kind === 'symbol' && before.text !== ')';
}

function needsSpace(pieces: readonly Piece[], at: number): boolean {
  const [before, piece] = [pieces[at - 1], pieces[at]];
  if (before === undefined || piece === undefined) return false;
  if (piece.kind === 'symbol' && /^[),.]$/.test(piece.text)) return false;
  if (before.kind === 'symbol' && /^[(.]$/.test(before.text)) return false;
  if (piece.text === '(' && piece.kind === 'symbol') return before.kind !== 'call';
  // Two signs in a row would become a comment.
  return !isUnary(pieces, at - 1) || isSign(piece);
}

/** An expression in the one spelling that equal ones share: equal text means surely equal, not the reverse. */
export function foldExpression(sql: string, names: Names): string {
  const tokens = withoutOuterParentheses(withoutOwnTable(tokenize(sql), names));
  const pieces = tokens.map((token, at) => toPiece(token, { tokens, at, names }));
  return pieces.map((piece, at) => (needsSpace(pieces, at) ? ` ${piece.text}` : piece.text)).join('');
}

/** The words of a text that can be names: those in quotes, and those that mean nothing to SQLite. */
export function nameTokens(sql: string): readonly Token[] {
  return tokenize(sql).filter(isGiven);
}

const isGiven = (token: Token): boolean =>
  isName(token) && !(token.kind === 'word' && isReserved(token.text));

/** The names in a text that can be columns: a bare word before a parenthesis is a function. */
export function columnTokens(sql: string): readonly Token[] {
  const tokens = tokenize(sql);
  return tokens.filter(
    (token, at) => isGiven(token) && !(token.kind === 'word' && isSymbol(tokens[at + 1], '(')),
  );
}

/** True if the text holds the name as an identifier, in any case. */
export function mentions(sql: string, name: string): boolean {
  return nameTokens(sql).some((token) => sameName(token.value, name));
}

/** True if the text may hold the name as that of a column. */
export function mentionsColumn(sql: string, name: string): boolean {
  return columnTokens(sql).some((token) => sameName(token.value, name));
}

const beforeTables: ReadonlySet<string> = new Set(['from', 'into', 'join', 'update']);

/** Where a statement surely names a table: after FROM and its like, and after the first ON of a CREATE TRIGGER. */
function tablePlaces(sql: string): ReadonlySet<number> {
  const tokens = tokenize(sql);
  const words = tokens.map(({ kind, value }) => (kind === 'word' ? value.toLowerCase() : ''));
  const isTrigger = words[0] === 'create' && words.slice(0, 3).includes('trigger');
  const on = isTrigger ? words.indexOf('on') : -1;
  const found = tokens.filter((_, at) => at > 0 && (beforeTables.has(words[at - 1] ?? '') || at - 1 === on));
  return new Set(found.map(({ start }) => start));
}

/** True if a statement may hold the name as that of a column, and not of a table only. */
export function readsColumn(sql: string, name: string): boolean {
  const tables = tablePlaces(sql);
  return columnTokens(sql).some((token) => sameName(token.value, name) && !tables.has(token.start));
}

/** The columns that the text mentions, in the table's order. */
export function mentionedColumns(sql: string, names: Names): readonly string[] {
  const found = new Set(columnTokens(sql).map((token) => foldName(token.value)));
  return [...names.columns].filter(([folded]) => found.has(folded)).map(([, name]) => name);
}
