// SQL text of SQLite as tokens: what its own tokenizer sees, without white space and comments.
// In: text. Out: Token[]. Must not know what the text says.

/** A piece of SQL. `value` is what it means: the name without quotes, the string without quotes. */
export interface Token {
  readonly kind: 'word' | 'quoted' | 'string' | 'blob' | 'number' | 'symbol';
  readonly text: string;
  readonly value: string;
  readonly start: number;
  readonly end: number;
}

const pattern = new RegExp(
  [
    String.raw`(?<space>[\s\uFEFF]+|--[^\n]*|/\*[\s\S]*?(?:\*/|$))`,
    `(?<blob>[xX]'[0-9A-Fa-f]*')`,
    `(?<string>'(?:[^']|'')*')`,
    String.raw`(?<quoted>"(?:[^"]|"")*"|\u0060(?:[^\u0060]|\u0060\u0060)*\u0060|\[[^\]]*\])`,
    String.raw`(?<number>0[xX][0-9A-Fa-f_]+|(?:[0-9][0-9_]*\.?[0-9_]*|\.[0-9][0-9_]*)(?:[eE][+-]?[0-9_]+)?)`,
    String.raw`(?<word>[A-Za-z_\u0080-\uffff][A-Za-z0-9_$\u0080-\uffff]*)`,
    String.raw`(?<symbol>->>|->|\|\||<<|>>|<=|>=|==|!=|<>|[?:@$#][A-Za-z0-9_$]+|[\s\S])`,
  ].join('|'),
  'y',
);

type Groups = Readonly<Partial<Record<Token['kind'] | 'space', string>>>;

const kinds = ['word', 'symbol', 'quoted', 'string', 'number', 'blob'] as const;

function unquote(text: string): string {
  const body = text.slice(1, -1);
  const mark = text[0] ?? '';
  return mark === '[' ? body : body.replaceAll(mark + mark, mark);
}

function toToken(groups: Groups, start: number): Token | null {
  for (const kind of kinds) {
    const text = groups[kind];
    if (text === undefined) continue;
    const value = kind === 'quoted' || kind === 'string' ? unquote(text) : text;
    return { kind, text, value, start, end: start + text.length };
  }
  return null;
}

/** Cuts SQL into tokens. Never fails: what is no SQL comes out as single symbols. */
export function tokenize(sql: string): readonly Token[] {
  const tokens: Token[] = [];
  const scanner = new RegExp(pattern);
  for (let match = scanner.exec(sql); match !== null; match = scanner.exec(sql)) {
    const token = toToken((match.groups ?? {}) as Groups, match.index);
    if (token !== null) tokens.push(token);
    if (scanner.lastIndex >= sql.length) break;
  }
  return tokens;
}

/** True for a bare word of that spelling, in any case. */
export function isWord(token: Token | undefined, word: string): boolean {
  return token?.kind === 'word' && token.text.toUpperCase() === word;
}

export function isSymbol(token: Token | undefined, symbol: string): boolean {
  return token?.kind === 'symbol' && token.text === symbol;
}

/** True for a token that can stand for a name. */
export function isName(token: Token | undefined): token is Token {
  return token?.kind === 'word' || token?.kind === 'quoted';
}

/** The text without white space, comments and semicolons at its end and white space before it. */
export function trimStatement(sql: string): string {
  const tokens = tokenize(sql);
  let last = tokens.length - 1;
  while (last >= 0 && isSymbol(tokens[last], ';')) last -= 1;
  const [first, end] = [tokens[0], tokens[last]];
  return first === undefined || end === undefined ? '' : sql.slice(first.start, end.end);
}
