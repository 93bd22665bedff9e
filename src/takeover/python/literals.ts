// Texts of literals as values. In: a literal as it is written. Out: its value.

const escapes: Readonly<Record<string, string>> = {
  n: '\n',
  t: '\t',
  r: '\r',
  '\\': '\\',
  "'": "'",
  '"': '"',
  '\n': '',
  a: '\u0007',
  b: '\b',
  f: '\f',
  v: '\u000b',
};

function unescapeOne(written: string): string {
  const rest = written.slice(1);
  if (/^[uUx][0-9a-fA-F]+$/.test(rest)) {
    return String.fromCodePoint(Math.min(Number.parseInt(rest.slice(1), 16), 0x10ffff));
  }
  if (/^[0-7]+$/.test(rest)) return String.fromCharCode(Number.parseInt(rest, 8));
  return Object.hasOwn(escapes, rest) ? (escapes[rest] ?? written) : written;
}

/** The text without its escapes. */
export function unescapeText(text: string): string {
  return text.replace(
    /\\(?:u[0-9a-fA-F]{4}|U[0-9a-fA-F]{8}|x[0-9a-fA-F]{2}|[0-7]{1,3}|[\s\S])/g,
    unescapeOne,
  );
}

export interface Quoted {
  /** Letters before the quotes, in lower case. */
  readonly prefix: string;
  /** What stands between the quotes, as written. */
  readonly inner: string;
  /** Offset of `inner` in the literal. */
  readonly start: number;
}

/** A string literal taken apart. */
export function takeQuotes(literal: string): Quoted {
  const [, prefix = '', quotes = ''] = /^([a-zA-Z]*)("""|'''|"|')/.exec(literal) ?? [];
  const start = prefix.length + quotes.length;
  const isClosed = literal.length >= start + quotes.length && literal.endsWith(quotes);
  const end = isClosed ? literal.length - quotes.length : literal.length;
  return { prefix: prefix.toLowerCase(), inner: literal.slice(start, end), start };
}

/** The value of a string literal; `null`: it is bytes. */
export function stringValue(literal: string): string | null {
  const { prefix, inner } = takeQuotes(literal);
  if (prefix.includes('b')) return null;
  return prefix.includes('r') ? inner : unescapeText(inner);
}

/** The value of a number; `null`: none that JSON can hold. */
export function numberValue(literal: string): number | null {
  const text = literal
    .replaceAll('_', '')
    .toLowerCase()
    .replace(/^0+(?=\d)/, '');
  const value = Number(text);
  return Number.isFinite(value) && (!Number.isInteger(value) || Number.isSafeInteger(value)) ? value : null;
}
