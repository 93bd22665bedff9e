import { SurefootError } from '../../kernel/errors.ts';
import { isName, isSymbol, isWord, type Token, tokenize } from './tokens.ts';

/** A place in SQL text that moves forward as a parser reads. */
export interface Cursor {
  readonly sql: string;
  readonly tokens: readonly Token[];
  at: number;
}

export function openCursor(sql: string): Cursor {
  return { sql, tokens: tokenize(sql), at: 0 };
}

export function peek(cursor: Cursor, ahead = 0): Token | undefined {
  return cursor.tokens[cursor.at + ahead];
}

/** Stops a parser: the text says something that it does not know. */
export function fail(cursor: Cursor, wanted: string): never {
  const found = peek(cursor)?.text ?? 'the end';
  const problem = `expected ${wanted}, found ${found}`;
  throw new SurefootError('schema/invalid', `The definition cannot be read: ${problem}.`, {
    details: { object: '', problem },
    hint: 'Surefoot leaves such an object alone; make it again in plainer SQL if it is to be looked after.',
  });
}

/** Goes past these words if they come next. */
export function accept(cursor: Cursor, ...words: readonly string[]): boolean {
  if (!words.every((word, at) => isWord(peek(cursor, at), word))) return false;
  cursor.at += words.length;
  return true;
}

export function acceptSymbol(cursor: Cursor, symbol: string): boolean {
  if (!isSymbol(peek(cursor), symbol)) return false;
  cursor.at += 1;
  return true;
}

export function expectSymbol(cursor: Cursor, symbol: string): void {
  if (!acceptSymbol(cursor, symbol)) fail(cursor, symbol);
}

function canName(token: Token): boolean {
  return token.kind === 'string' || isName(token);
}

/** A name: bare, quoted, or (SQLite allows it) a string. */
export function readName(cursor: Cursor): string {
  const token = peek(cursor);
  if (token === undefined || !canName(token)) fail(cursor, 'a name');
  cursor.at += 1;
  return token.value;
}

/** The text from one token up to another, as it was written. */
export function textBetween(cursor: Cursor, from: number, to: number): string {
  const [first, last] = [cursor.tokens[from], cursor.tokens[to - 1]];
  return first === undefined || last === undefined || to <= from
    ? ''
    : cursor.sql.slice(first.start, last.end);
}

/** Goes to the closing parenthesis or to a comma outside of any, whichever comes first. */
export function skipExpression(cursor: Cursor): void {
  let depth = 0;
  for (; cursor.at < cursor.tokens.length; cursor.at += 1) {
    const token = peek(cursor);
    if (depth === 0 && (isSymbol(token, ',') || isSymbol(token, ')'))) return;
    if (isSymbol(token, '(')) depth += 1;
    if (isSymbol(token, ')')) depth -= 1;
  }
}

/** What stands in parentheses, without them. */
export function readParenthesised(cursor: Cursor): string {
  expectSymbol(cursor, '(');
  const from = cursor.at;
  do {
    skipExpression(cursor);
  } while (acceptSymbol(cursor, ','));
  const text = textBetween(cursor, from, cursor.at);
  expectSymbol(cursor, ')');
  return text;
}

/** Reads one thing after another, divided by commas, in parentheses. */
export function readList<T>(cursor: Cursor, read: (cursor: Cursor) => T): readonly T[] {
  expectSymbol(cursor, '(');
  const list: T[] = [];
  do {
    list.push(read(cursor));
  } while (acceptSymbol(cursor, ','));
  expectSymbol(cursor, ')');
  return list;
}
