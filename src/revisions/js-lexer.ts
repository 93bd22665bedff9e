// Cuts JavaScript or TypeScript into tokens, as far as finding literals needs it.
// In: text. Out: tokens, one by one. Must not know what is looked for.

/**
 * `template` is one without substitutions; one with them is `open`, code, `close`, so that nesting shows. `open` and
 * `close` are brackets of any kind. `other` is a single character of an operator.
 */
export type JsTokenKind = 'word' | 'string' | 'template' | 'open' | 'close' | 'number' | 'regex' | 'other';

export interface JsToken {
  readonly kind: JsTokenKind;
  readonly text: string;
  readonly start: number;
}

const blank = /\s+/y;
/** Everything but spaces and ASCII punctuation: more than the language allows, and that does no harm here. */
const word = /[^\s!"%-/:-@[-^`{-~0-9][^\s!-#%-/:-@[-^`{-~]*/y;
const number = /\.?\d[\w.]*/y;
/** Words that a value follows, so that a slash behind them starts a regular expression. */
const beforeValue = new Set(
  'return typeof case in of delete void throw new do else instanceof await yield'.split(' '),
);

function endAt(expression: RegExp, text: string, offset: number): number {
  expression.lastIndex = offset;
  return expression.test(text) ? expression.lastIndex : -1;
}

/** The offset of a text from an offset on, or the end. */
function findOrEnd(text: string, wanted: string, offset: number): number {
  const at = text.indexOf(wanted, offset);
  return at < 0 ? text.length : at;
}

/** The offset behind spaces and comments. */
function skipBlank(text: string, offset: number): number {
  for (let at = offset; ; ) {
    const code = text.charCodeAt(at);
    // Most tokens begin with a character that is neither a space nor a slash.
    if (code > 47 && code < 128) return at;
    const end = endAt(blank, text, at);
    if (end > 0) at = end;
    else if (text.startsWith('//', at)) at = findOrEnd(text, '\n', at);
    else if (text.startsWith('/*', at)) at = findOrEnd(text, '*/', at + 2) + 2;
    else return at;
  }
}

/** The end of a regular expression, which is on its line; -1: the slash is a division. */
function endOfRegex(text: string, offset: number): number {
  let inClass = false;
  for (let at = offset + 1; at < text.length && text[at] !== '\n'; at++) {
    const char = text[at];
    if (char === '\\') at++;
    else if (char === '[') inClass = true;
    else if (char === ']') inClass = false;
    else if (char === '/' && !inClass) return at + 1;
  }
  return -1;
}

/** The end of a string, or of its line where it is not closed. */
function endOfString(text: string, offset: number): number {
  const quote = text[offset];
  for (let at = offset + 1; at < text.length; at++) {
    const char = text[at];
    if (char === '\\') at++;
    else if (char === quote) return at + 1;
    else if (char === '\n') return at;
  }
  return text.length;
}

/** The end of a stretch of template text: behind the backquote, or behind `${`. */
function endOfTemplateText(text: string, offset: number): number {
  for (let at = offset; at < text.length; at++) {
    const char = text[at];
    if (char === '\\') at++;
    else if (char === '`') return at + 1;
    else if (char === '$' && text[at + 1] === '{') return at + 2;
  }
  return text.length;
}

function mayStartRegex(previous: JsToken | null): boolean {
  if (previous === null) return true;
  if (previous.kind === 'word') return beforeValue.has(previous.text);
  if (previous.kind === 'close') return previous.text === '}';
  return previous.kind === 'open' || previous.kind === 'other';
}

function readPlain(text: string, at: number): readonly [JsTokenKind, number] | null {
  const wordEnd = endAt(word, text, at);
  if (wordEnd > 0) return ['word', wordEnd];
  const numberEnd = endAt(number, text, at);
  return numberEnd > 0 ? ['number', numberEnd] : null;
}

/** Opens a text for reading. `next` gives `null` at the end. */
export function openLexer(text: string): { next(): JsToken | null } {
  let at = text.startsWith('#!') ? findOrEnd(text, '\n', 0) : 0;
  let previous: JsToken | null = null;
  let depth = 0;
  /** The bracket depths at which a substitution's `}` brings template text back. */
  const substitutions: number[] = [];

  const readTemplate = (start: number): readonly [JsTokenKind, number] => {
    const end = endOfTemplateText(text, start + 1);
    const continues = text[start] === '}';
    const opens = text[end - 1] === '{';
    if (!opens) return continues ? ['close', end] : ['template', end];
    depth++;
    substitutions.push(depth);
    return continues ? ['other', end] : ['open', end];
  };
  const readBracket = (char: string): readonly [JsTokenKind, number] => {
    if ('([{'.includes(char)) {
      depth++;
      return ['open', at + 1];
    }
    const endsSubstitution = char === '}' && substitutions.at(-1) === depth;
    depth--;
    if (!endsSubstitution) return ['close', at + 1];
    substitutions.pop();
    return readTemplate(at);
  };
  const read = (): readonly [JsTokenKind, number] => {
    const char = text[at] ?? '';
    if ('"\'`'.includes(char)) return char === '`' ? readTemplate(at) : ['string', endOfString(text, at)];
    if ('([{)]}'.includes(char)) return readBracket(char);
    const plain = readPlain(text, at);
    if (plain) return plain;
    const regexEnd = char === '/' && mayStartRegex(previous) ? endOfRegex(text, at) : -1;
    return regexEnd > 0 ? ['regex', regexEnd] : ['other', at + 1];
  };
  return {
    next() {
      at = skipBlank(text, at);
      if (at >= text.length) return null;
      const start = at;
      const [kind, end] = read();
      at = end;
      previous = { kind, text: text.slice(start, end), start };
      return previous;
    },
  };
}

const simpleEscapes: Readonly<Record<string, string>> = {
  n: '\n',
  t: '\t',
  r: '\r',
  b: '\b',
  f: '\f',
  v: '\v',
  '0': '\0',
};
const escapeSequence = /\\(?:u\{([0-9a-fA-F]{1,6})\}|u([0-9a-fA-F]{4})|x([0-9a-fA-F]{2})|(\r\n|[\s\S]))/g;

function unescaped(whole: string, ...groups: readonly unknown[]): string {
  const [long, short, byte, char] = groups;
  const code = long ?? short ?? byte;
  if (typeof code === 'string') {
    const point = Number.parseInt(code, 16);
    return point > 0x10ffff ? whole : String.fromCodePoint(point);
  }
  if (typeof char !== 'string' || /[\r\n\u2028\u2029]/.test(char)) return '';
  return Object.hasOwn(simpleEscapes, char) ? (simpleEscapes[char] ?? char) : char;
}

/** The value of a string, or of a template without substitutions. */
export function stringValue(token: JsToken): string {
  return token.text.slice(1, -1).replace(escapeSequence, unescaped);
}
