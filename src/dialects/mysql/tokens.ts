/** A piece of SQL text. Space and comments are left out. */
export interface Token {
  /** `name`: in backticks. `word`: a keyword, a function, a bare name. */
  readonly kind: 'word' | 'name' | 'string' | 'number' | 'symbol';
  readonly text: string;
  /** Where it stands in the text. */
  readonly start: number;
}

const pattern = new RegExp(
  [
    String.raw`(?<blank>\s+|--(?=\s|$)[^\n]*|#[^\n]*|/\*(?!!|M!)[\s\S]*?\*/|/\*M?!\d*|\*/)`,
    String.raw`(?<string>'(?:[^'\\]|\\[\s\S]|'')*'|"(?:[^"\\]|\\[\s\S]|"")*")`,
    '(?<name>`(?:[^`]|``)*`)',
    String.raw`(?<number>0x[0-9a-fA-F]+\b|(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?(?![\p{L}_$]))`,
    String.raw`(?<word>[\p{L}\p{N}_$@]+)`,
    String.raw`<=>|->>|<=|>=|<>|!=|:=|->|&&|\|\||<<|>>|[\s\S]`,
  ].join('|'),
  'gu',
);

type TokenGroup = 'string' | 'name' | 'number' | 'word';
const groups: readonly TokenGroup[] = ['string', 'name', 'number', 'word'];

/** Cuts SQL into tokens. The contents of executable comments count as text. */
export function tokenize(sql: string): readonly Token[] {
  const tokens: Token[] = [];
  for (const match of sql.matchAll(pattern)) {
    const found = match.groups ?? {};
    if (found['blank'] !== undefined) continue;
    const kind = groups.find((group) => found[group] !== undefined) ?? 'symbol';
    tokens.push({ kind, text: match[0], start: match.index });
  }
  return tokens;
}

/** The name inside backticks. */
export function unquoteName(text: string): string {
  return text.startsWith('`') ? text.slice(1, -1).replaceAll('``', '`') : text;
}

const escapes: Readonly<Record<string, string>> = {
  '0': '\0',
  b: '\b',
  n: '\n',
  r: '\r',
  t: '\t',
  Z: '\u001a',
  // Inside LIKE these keep their backslash, so that the string does too.
  '%': '\\%',
  _: '\\_',
};

/** The value of a string literal in either kind of quotes. */
export function unquoteString(text: string): string {
  const mark = text.charAt(0);
  return text.slice(1, -1).replace(/\\([\s\S])|''|""/g, (whole, escaped?: string) => {
    if (escaped !== undefined) return escapes[escaped] ?? escaped;
    return whole === mark + mark ? mark : whole;
  });
}
