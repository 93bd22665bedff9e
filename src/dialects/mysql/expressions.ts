import { isPlainName } from '../../schema/identifiers-in-sql.ts';
import type { Lexeme } from './parentheses.ts';
import { withoutNeedlessParentheses } from './parentheses.ts';
import { literal, quote } from './quote.ts';
import type { Token } from './tokens.ts';
import { tokenize, unquoteName, unquoteString } from './tokens.ts';

/** Words that mean something in an expression even where a column has the same name. */
const keywords = new Set(
  (
    'and or not xor in is null true false unknown like rlike regexp between div mod case when then else end ' +
    'interval binary collate as cast convert using exists escape sounds distinct default values row over ' +
    'date time timestamp datetime year quarter month week day hour minute second microsecond signed unsigned ' +
    'integer int char varchar decimal double float real json charset character set member of all any from for ' +
    'leading trailing both separator at zone current_timestamp current_date current_time localtime localtimestamp ' +
    'utc_timestamp utc_date utc_time'
  ).split(' '),
);

/** Functions under two names. */
const synonyms: Readonly<Record<string, string>> = {
  ucase: 'upper',
  lcase: 'lower',
  octet_length: 'length',
  character_length: 'char_length',
  substr: 'substring',
  pow: 'power',
  ceil: 'ceiling',
};

const operators: Readonly<Record<string, string>> = { '!=': '<>', '&&': 'and', '||': 'or' };

type Columns = ReadonlyMap<string, string>;

function nameOf(text: string, columns: Columns): string {
  const name = unquoteName(text);
  return `\`${(columns.get(name.toLowerCase()) ?? name).replaceAll('`', '``')}\``;
}

function wordPiece(text: string, next: Token | undefined, columns: Columns): Lexeme {
  const word = text.toLowerCase();
  const column = columns.get(word);
  // A word before a string belongs to it: b'01', x'ff', n'…'.
  const isName = next?.text !== '(' && next?.kind !== 'string' && !keywords.has(word);
  if (column !== undefined && isName) {
    return { kind: 'name', text: quote(column) };
  }
  const call = next?.text === '(' ? synonyms[word] : undefined;
  return { kind: 'word', text: Object.hasOwn(synonyms, word) && call !== undefined ? call : word };
}

/**
 * Whoever renames a column writes its new name into expressions, in double quotes where it needs some: a text of that
 * kind is the column. A plain name never stands in quotes there.
 */
function isQuotedColumn(text: string, columns: Columns): boolean {
  if (!text.startsWith('"')) return false;
  const name = text.slice(1, -1).replaceAll('""', '"');
  return !isPlainName(name) && columns.get(name.toLowerCase()) === name;
}

const introducer = /^_(utf8mb4|utf8mb3|utf8)$/i;
const asciiLike = /^_(latin1|ascii)$/i;

/** A server that copies a table writes a text anew in the character set that it is compared in. */
function isIntroducer(word: string, next: Token | undefined): boolean {
  if (next?.kind !== 'string') return false;
  return introducer.test(word) || (asciiLike.test(word) && /^[\x20-\x7e]*$/.test(next.text));
}

function pieceOf(token: Token, next: Token | undefined, columns: Columns): Lexeme | null {
  switch (token.kind) {
    case 'string':
      if (isQuotedColumn(token.text, columns))
        return { kind: 'name', text: quote(unquoteString(token.text)) };
      return { kind: 'string', text: literal(unquoteString(token.text)) };
    case 'name':
      return { kind: 'name', text: nameOf(token.text, columns) };
    case 'word':
      if (isIntroducer(token.text, next)) return null;
      return wordPiece(token.text, next, columns);
    case 'number':
      return { kind: 'number', text: token.text.toLowerCase() };
    case 'symbol': {
      const text = Object.hasOwn(operators, token.text) ? operators[token.text] : undefined;
      return text === undefined ? token : { kind: /\w/.test(text) ? 'word' : 'symbol', text };
    }
  }
}

/** The position of the parenthesis that closes the one at `open`; -1 if none does. */
function closing(pieces: readonly Lexeme[], open: number): number {
  let depth = 0;
  for (let i = open; i < pieces.length; i += 1) {
    if (pieces[i]?.text === '(') depth += 1;
    if (pieces[i]?.text === ')') depth -= 1;
    if (depth === 0) return i;
  }
  return -1;
}

function withoutOuterParentheses(pieces: readonly Lexeme[]): readonly Lexeme[] {
  let inner = pieces;
  while (inner.length > 2 && inner[0]?.text === '(' && closing(inner, 0) === inner.length - 1) {
    inner = inner.slice(1, -1);
  }
  return inner;
}

const notFunctions = new Set(
  (
    'and or not xor in is then when else case between like rlike regexp div mod select distinct from where on join ' +
    'inner left right cross natural by having union all except intersect with as using values limit over interval'
  ).split(' '),
);

/** A function's parenthesis stays at its name: the server may tell `f (x)` from `f(x)`. */
function isCall(piece: Lexeme | undefined, before: Lexeme | undefined): boolean {
  if (piece?.kind !== 'word') return false;
  const word = piece.text.toLowerCase();
  // left('x', 1) and mod(1, 2) are calls, LEFT JOIN ( … ) and 5 MOD (2) are not.
  if (['left', 'right', 'mod', 'values', 'interval'].includes(word))
    return !['name', 'number', 'string'].includes(before?.kind ?? '') && before?.text !== ')';
  return !notFunctions.has(word);
}

function gap(pieces: readonly Lexeme[], i: number): string {
  const [earlier, before, after] = [pieces[i - 2], pieces[i - 1], pieces[i]];
  if (after === undefined) return '';
  if (before === undefined || ['(', '.', '@'].includes(before.text) || [',', ')', '.'].includes(after.text))
    return '';
  if (after.text === '(') return isCall(before, earlier) || before.kind === 'name' ? '' : ' ';
  // x'61', b'01', n'…' and _charset'…' are one literal.
  if (after.kind === 'string' && /^([xbn]|_\w+)$/.test(before.text) && before.kind === 'word') return '';
  return ' ';
}

function join(pieces: readonly Lexeme[]): string {
  return pieces.map((piece, i) => gap(pieces, i) + piece.text).join('');
}

/**
 * An expression in one spelling, as far as text alone can tell: case of keywords, quotes, blanks, introducers of the
 * connection's own character set, outer parentheses. It stays executable, and equal only where it surely means the same.
 */
export function foldExpression(sql: string, columnNames: readonly string[] = []): string {
  const columns: Columns = new Map(columnNames.map((name) => [name.toLowerCase(), name]));
  const tokens = tokenize(sql);
  const pieces = tokens
    .map((token, i) => pieceOf(token, tokens[i + 1], columns))
    .filter((piece) => piece !== null);
  return join(withoutNeedlessParentheses(withoutOuterParentheses(pieces)));
}

/** A query in one spelling: blanks, comments, introducers, the last semicolon. Its words keep their case. */
export function foldQuery(sql: string): string {
  const tokens = tokenize(sql);
  const pieces = tokens
    .filter((token, i) => !isIntroducer(token.text, tokens[i + 1]))
    .map(
      (token): Lexeme =>
        token.kind === 'string' ? { kind: 'string', text: literal(unquoteString(token.text)) } : token,
    );
  const last = pieces.findLastIndex((piece) => piece.text !== ';');
  return join(pieces.slice(0, last + 1));
}

/** The literal that an expression is, if it is nothing else: `('x')`, `5`, `-1.5`. */
export function literalOf(sql: string): string | number | null {
  const folded = foldExpression(sql);
  const tokens = tokenize(folded);
  const [first, second] = tokens;
  if (tokens.length === 1 && first?.kind === 'string') return unquoteString(first.text);
  if (tokens.length === 1 && first?.kind === 'number' && !first.text.startsWith('0x'))
    return numeric(first.text);
  if (tokens.length === 2 && second?.kind === 'number' && /^[+-]$/.test(first?.text ?? '')) {
    return numeric(first?.text === '-' ? `-${second.text}` : second.text);
  }
  return null;
}

function numeric(text: string): string | number {
  const value = Number(text);
  return String(value) === text ? value : text;
}
